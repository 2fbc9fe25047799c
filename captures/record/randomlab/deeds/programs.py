"""Real programs: redis, Node, Python, curl."""
import sys
from lab import name_of, require
from . import AFTER_CLOSE, UNREAD, deed


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
    # with nothing unread in order (a hole before the rest), its close is a FIN, and the server goes on
    scene.because(server, 'cancelled-download', 'live-socket', also=['close-with-unread-data', 'abortive-close', 'data-after-close'])


@deed()
def redis_at_its_limit(scene):
    """redis has reached maxclients: the next client is told so in a line and closed, with its command unread or not yet sent."""
    require(['redis-server'])
    draw, world, port = scene.draw, scene.world, scene.port()
    limit = draw.randint(1, 3)
    world.run('server', 'redis-server', '--port', port, '--bind', world.address['server'], '--save', '', '--maxclients', limit, '--protected-mode', 'no', '--dir', '/tmp')
    world.wait_for_port(port)
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
        scene.because(late, 'closed-right-after-accept', None, also=['data-after-close', 'close-with-unread-data'])


@deed()
def redis_drops_idle_client(scene):
    """redis closes a client after `timeout` seconds of silence (FIN); the client sends its next command later, without looking."""
    require(['redis-server'])
    world, port = scene.world, scene.port()
    world.run('server', 'redis-server', '--port', port, '--bind', world.address['server'], '--save', '', '--timeout', '1', '--protected-mode', 'no', '--dir', '/tmp')
    world.wait_for_port(port)
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
    scene.because(client, 'stale-connection-reuse', 'kernel-reply', reasons=AFTER_CLOSE, also=['keepalive-race-after-fin', 'data-after-close'])


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
    scene.because(fatal, 'process-exit', 'live-socket', reasons=UNREAD, also=['closed-right-after-accept', 'close-with-unread-data'])
