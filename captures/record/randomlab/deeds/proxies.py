"""Proxies between the ends: nginx, haproxy, Node."""
import socket
from pathlib import Path
from lab import PROGRAMS, name_of, require
from . import AFTER_CLOSE, UNREAD, deed


def file(scene, name, text):
    path = Path(f'/tmp/{scene.world.prefix}-{name}')
    path.write_text(text)
    scene.world.files.append(path)
    return path


def proxy_client(scene, port):
    """A client of a proxy on its own host, past the captures."""
    sock = scene.world.socket('client')
    sock.settimeout(4)
    sock.connect((scene.world.address['client'], port))
    return sock


def nginx(scene, port, upstream):
    require(['nginx'])
    own = name_of((scene.world.address['client'], port))
    path = file(scene, 'nginx.conf', f'''daemon off; master_process off; pid /tmp/{scene.world.prefix}-nginx.pid; error_log stderr notice; events {{}}
http {{ access_log off; client_body_temp_path /tmp/{scene.world.prefix}-b; proxy_temp_path /tmp/{scene.world.prefix}-p; fastcgi_temp_path /tmp/{scene.world.prefix}-f; uwsgi_temp_path /tmp/{scene.world.prefix}-u; scgi_temp_path /tmp/{scene.world.prefix}-s;
upstream app {{ server {upstream}; keepalive 8; }}
server {{ listen {own}; location / {{ proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; }} }} }}''')
    scene.world.run('client', 'nginx', '-c', path)
    scene.world.wait_for_port(port, 'client')


def haproxy(scene, port, upstream, mode='http', more=''):
    require(['haproxy'])
    path = file(scene, 'haproxy.cfg', f'''defaults
  mode {mode}
  timeout connect 2s
  timeout client 20s
  timeout server 20s
{more}
listen web
  bind {name_of((scene.world.address['client'], port))}
  {'http-reuse always' if mode == 'http' else ''}
  server one {upstream}
''')
    scene.world.run('client', 'haproxy', '-db', '-f', path)
    scene.world.wait_for_port(port, 'client')


@deed('apart', 'plain', delay=(0.004, 0.06), story='keepalive-race', weight=3)
def proxy_reuses_closed_upstream(scene):
    """A proxy (nginx, haproxy) sends a request on a pooled upstream connection in the moment in which the upstream closes it: 502."""
    draw = scene.draw
    listener, port = scene.listen(), scene.port()
    upstream = name_of((scene.service, listener.getsockname()[1]))
    draw.choice([nginx, haproxy])(scene, port, upstream)
    client = proxy_client(scene, port)
    request = b'GET /page HTTP/1.1\r\nHost: app\r\n\r\n'
    client.sendall(request)
    server = scene.accept(listener)
    for _ in range(draw.randint(1, 3)):
        server.sock.recv(65536)
        server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        client.recv(65536)
        if draw.random() < 0.5:
            break
        scene.pause(0.05, 0.3)
        client.sendall(request)
    else:
        server.sock.recv(65536)
        server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        client.recv(65536)
    scene.pause(draw.choice([0.7, 1.3, 2.2]))
    if draw.random() < 0.6:
        server.close()
        client.sendall(request)
        scene.because(server, 'keepalive-race-after-fin', 'kernel-reply', reasons=AFTER_CLOSE, also=['stale-connection-reuse', 'data-after-close'])
    else:
        client.sendall(request)
        scene.pause(scene.far + 0.003, scene.far + 0.02)
        server.close()
        scene.because(server, 'keepalive-race-unread', 'live-socket', reasons=UNREAD, also=['close-with-unread-data'])
    client.settimeout(1 + 6 * scene.far)
    try:
        client.recv(65536)
    except TimeoutError:
        pass  # haproxy may try again, on a new connection that nobody serves


@deed('apart', 'plain')
def proxy_times_out(scene):
    """haproxy gives up on a slow server: 504 to its client, a reset to the server, which answers too late."""
    draw = scene.draw
    listener, port = scene.listen(), scene.port()
    limit = draw.choice([1100, 1500, 2000])
    haproxy(scene, port, name_of((scene.service, listener.getsockname()[1])), more=f'  timeout server {limit}')
    client = proxy_client(scene, port)
    for _ in range(draw.randint(1, 2)):
        client.sendall(b'GET /slow HTTP/1.1\r\nHost: app\r\n\r\n')
        server = scene.accept(listener)
        server.sock.settimeout(4)
        server.sock.recv(65536)
        client.settimeout(5)
        client.recv(65536)
        scene.settle()
        server.write(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        server.read()
        scene.because(server, 'response-timeout', 'live-socket', also=['abortive-close'])
        client = proxy_client(scene, port)


@deed('apart', 'plain')
def backend_taken_out(scene):
    """haproxy balances several connections over one backend and goes on with another service; an operator takes the backend out and shuts its sessions down: all are reset at once."""
    require(['haproxy'])
    draw, world = scene.draw, scene.world
    web, other = scene.listen(), scene.listen()
    front, second = scene.port(), scene.port()
    control = f'/tmp/{world.prefix}-haproxy.sock'
    own = world.address['client']
    path = file(scene, 'haproxy.cfg', f'''global
  stats socket {control} level admin
defaults
  mode tcp
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  option nolinger
listen web
  bind {name_of((own, front))}
  server one {name_of((scene.service, web.getsockname()[1]))}
listen other
  bind {name_of((own, second))}
  server two {name_of((scene.service, other.getsockname()[1]))}
''')
    world.run('client', 'haproxy', '-db', '-f', path)
    world.wait_for_port(second, 'client')
    pairs = []
    for listener, port in [(other, second)] + [(web, front)] * draw.randint(3, 6):
        client = proxy_client(scene, port)
        client.sendall(b'hello')
        server = scene.accept(listener)
        server.receive(5)
        server.send(b'welcome')
        client.recv(100)
        pairs.append((client, server))
    scene.pause(0.2, 1)
    for words in ('set server web/one state maint', 'shutdown sessions server web/one'):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(control)
            line.sendall(words.encode() + b'\n')
            line.recv(4096)
    scene.settle()
    scene.pause(0.1)
    pairs[0][0].sendall(b'still here')
    pairs[0][1].receive(10)
    for _, server in pairs[1:]:
        server.read()
        scene.because(server, 'lb-target-removed', 'live-socket', also=['routine-close-by-reset', 'abortive-close', 'process-exit'])


@deed('apart', 'plain', 'direct')
def proxy_passes_the_end_on(scene):
    """A Node TCP proxy on the router resets a leg when the other one ends."""
    require(['node'])
    draw, world = scene.draw, scene.world
    listener, port = scene.listen(), scene.port()
    own = world.address['router']
    world.run('router', 'node', PROGRAMS / 'proxy.js', own, port, world.address['server'], listener.getsockname()[1]).wait_for('ready')
    client = world.connect(port, to=own)
    server = scene.accept(listener)
    server.truth = world.connection(name_of(server.sock.getpeername()[:2]), name_of(server.sock.getsockname()[:2]))
    server.notes = server.truth['applications']['server']
    for _ in range(draw.randint(1, 3)):
        client.exchange(server, scene.talk.request(), scene.talk.response())
    scene.pause(0.1, 1)
    ender, told = (server, client) if draw.random() < 0.5 else (client, server)
    ender.half_close()
    scene.settle()
    scene.pause(0.05)
    scene.look(told)
    beyond = ['server', 'middle'] if told is client else ['client', 'middle']
    if world.options['middle'] == ('r0' if told is client else 'r1'):
        beyond.remove('middle')
    also = ['routine-close-by-reset', 'abortive-close']
    scene.because(told, 'reset-on-other-leg', 'live-socket', not_at=beyond, also=also)
    # the proxy has lost interest in the ended leg too
    scene.because(ender, 'routine-close-by-reset', 'live-socket', maybe=True, also=['abortive-close', 'reset-on-other-leg'])
