"""Real programs: proxies, databases, runtimes, curl."""
import sys
from pathlib import Path
from lab import name_of, require
from . import deed


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
        scene.because(server, 'keepalive-race-after-fin', 'kernel-reply', also=['stale-connection-reuse', 'data-after-close'])
    else:
        client.sendall(request)
        scene.pause(scene.far + 0.003, scene.far + 0.02)
        server.close()
        scene.because(server, 'keepalive-race-unread', 'live-socket', also=['close-with-unread-data'])
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


@deed('apart')
def curl_gives_up(scene):
    """curl stops a slow download at its time limit (--max-time)."""
    require(['curl'])
    listener = scene.listen()
    curl = scene.world.run('client', 'curl', '-gsS', '-o', '/dev/null', '--limit-rate', '10k', '--max-time', scene.draw.choice(['0.7', '1', '1.6']), f'http://{name_of((scene.service, listener.getsockname()[1]))}/film')
    server = scene.accept(listener)
    server.sock.recv(4096)
    server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n')
    sending = server.pour(pause=0.002)
    curl.wait()
    sending.join(3)
    server.read()
    scene.because(server, 'cancelled-download', 'live-socket', also=['close-with-unread-data', 'abortive-close'])


@deed()
def redis_at_its_limit(scene):
    """redis has reached maxclients: the next client is told so in a line and closed, with its command unread or not yet sent."""
    require(['redis-server'])
    draw, world, port = scene.draw, scene.world, scene.port()
    limit = draw.randint(1, 3)
    world.run('server', 'redis-server', '--port', port, '--bind', world.address['server'], '--save', '', '--maxclients', limit, '--protected-mode', 'no', '--dir', '/tmp')
    world.wait_for_port(port, 'client' if world.options['loopback'] else 'server')
    ping = b'*1\r\n$4\r\nPING\r\n'
    for _ in range(limit):
        client = world.connect(port, to=scene.service)
        client.send(ping)
        client.receive(7)
    for _ in range(draw.randint(1, 3)):
        late = world.connect(port, to=scene.service)
        if draw.random() < 0.5:
            late.write(ping)
        scene.settle()
        late.write(ping)
        scene.settle()
        late.read()
        late.write(ping)
        scene.because(late, 'closed-right-after-accept', 'kernel-reply', also=['data-after-close', 'close-with-unread-data'])


@deed()
def redis_drops_idle_client(scene):
    """redis closes a client after `timeout` seconds of silence (FIN); the client sends its next command later, without looking."""
    require(['redis-server'])
    world, port = scene.world, scene.port()
    world.run('server', 'redis-server', '--port', port, '--bind', world.address['server'], '--save', '', '--timeout', '1', '--protected-mode', 'no', '--dir', '/tmp')
    world.wait_for_port(port, 'client' if world.options['loopback'] else 'server')
    ping = b'*1\r\n$4\r\nPING\r\n'
    client = world.connect(port, to=scene.service)
    for _ in range(2):
        client.send(ping)
        client.receive(7)
    scene.pause(3.2, 4.5)
    client.write(ping)
    scene.settle()
    client.read()
    client.write(ping)
    scene.because(client, 'stale-connection-reuse', 'kernel-reply', also=['keepalive-race-after-fin', 'data-after-close'])


NODE_SERVER = '''
const net = require("net"), [address, port, way] = process.argv.slice(1);
net.createServer(socket => { socket.on("error", () => {}); let count = 0;
  socket.on("data", () => { socket.write("HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok");
    if (++count === 2) setTimeout(() => way === "reset" ? socket.resetAndDestroy() : socket.destroy(), 120); });
}).listen(Number(port), address, () => console.log("ready"));
'''


@deed()
def node_resets_after_answer(scene):
    """A Node server answers two requests and then drops the connection with resetAndDestroy()."""
    require(['node'])
    world, port = scene.world, scene.port()
    world.run('server', 'node', '-e', NODE_SERVER, world.address['server'], port, 'reset').wait_for('ready')
    client = world.connect(port, to=scene.service)
    for _ in range(2):
        client.send(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
        client.receive(40)
    scene.pause(0.3)
    scene.settle()
    scene.look(client)
    scene.because(client, 'routine-close-by-reset', 'live-socket', also=['abortive-close'])


PYTHON_CRASH = '''
import socket, sys, os
server = socket.create_server((sys.argv[1], int(sys.argv[2])), family=socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, backlog=64)
print("ready", flush=True)
held = []
while True:
    one, _ = server.accept(); held.append(one)
    data = one.recv(10)
    if b"crash" in data: os.abort()
    one.sendall(b"ok")
'''


@deed(story='crash')
def server_crashes(scene):
    """A Python server crashes (abort) while it handles one request: its half-read request draws a reset, its other connections end with FIN."""
    world, port, draw = scene.world, scene.port(), scene.draw
    world.run('server', sys.executable, '-u', '-c', PYTHON_CRASH, world.address['server'], port).wait_for('ready')
    others = []
    for _ in range(draw.randint(2, 6)):
        client = world.connect(port, to=scene.service)
        client.send(b'short')
        client.receive(2)
        others.append(client)
    scene.pause(0.05, 0.5)
    fatal = world.connect(port, to=scene.service)
    fatal.write(b'crash, and more than ten octets')
    scene.settle()
    scene.pause(0.3)
    scene.look(fatal)
    for client in others:
        client.read()
    scene.because(fatal, 'process-exit', 'live-socket', also=['closed-right-after-accept', 'close-with-unread-data'])
