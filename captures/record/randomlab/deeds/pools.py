"""Many connections of one program: stopped, killed, restarted, dropped."""
import signal, sys
from lab import PROGRAMS, name_of
from . import UNREAD, deed

# A pool's program in two languages (Node reads whatever comes, so nothing would stay unread).
POOLS = [lambda _: (sys.executable, '-u', PROGRAMS / 'idle-pool.py'), lambda world: (world.go('idle-pool'),)]

@deed(story='pool-stopped', weight=5)
def client_pool_stopped(scene):
    """A program with a pool of connections is stopped (Ctrl-C, a caught signal, kill -9): most end with FIN, those with an unread answer with RST."""
    draw, world = scene.draw, scene.world
    count = draw.choice([2, 3, 4, 6, 6, 8, 12, 20, 40, 100, 200])
    unread = draw.choice([1, 1, 1, max(1, count // 4), max(1, count // 2)])
    together = draw.random() < 0.5
    gap = 0 if together else draw.uniform(0.001, min(0.2, 2 / count))
    listener = scene.listen(backlog=256)
    port = listener.getsockname()[1]
    stop = draw.choice(['plain', 'caught', 'close'])
    program = world.run('client', *draw.choice(POOLS)(world), name_of((scene.service, port)), count, int(together), stop, round(gap * 1000))
    servers = []
    for _ in range(count):
        server = scene.accept(listener)
        servers.append(server)
        if not together:
            server.sock.recv(65536)
            server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    if together:
        for server in servers:
            server.sock.recv(65536)
            server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    program.wait_for('ready', 20)
    scene.pause(scene.draw.choice([0.05, 0.4, 1.2, 2]))
    chosen = draw.sample(servers, unread)
    for server in chosen:
        server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    scene.settle()
    scene.pause(*draw.choice([(0.05, 0.1), (0.3, 1.0)]))
    program.kill(draw.choice([signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGKILL]))
    scene.settle()
    for server in servers:
        server.sock.settimeout(0.5 + scene.round_trip)
        server.read()
        if server in chosen:
            scene.because(server, 'process-exit', 'live-socket', reasons=UNREAD, also=['close-with-unread-data'] if count < 3 else [])


@deed(story='crash', weight=3)
def server_killed(scene):
    """A server process with several connections is killed: those with unread requests are reset, the others end with FIN; its port refuses, and may be served again."""
    draw, world = scene.draw, scene.world
    listener = scene.listen(backlog=64)
    port = listener.getsockname()[1]
    count = draw.choice([2, 3, 5, 8, 20])
    pairs = [scene.used_pair(listener, 2) for _ in range(count)]
    process = world.holder(listener, *(server for _, server in pairs))
    chosen = draw.sample(pairs, draw.randint(1, max(1, count // 2)))
    for client, _ in chosen:
        client.send(scene.talk.request())
    scene.settle()
    scene.pause(0.02, 0.4)
    world.kill(process, draw.choice([signal.SIGKILL, signal.SIGTERM]))
    scene.settle()
    for client, server in pairs:
        client.read()
        if (client, server) in chosen:
            scene.because(client, 'process-exit', 'live-socket', reasons=UNREAD, also=['close-with-unread-data'] if count < 3 else [])
            client.write()
        client.close()
    if draw.random() < 0.6:
        late = world.dial(port, to=scene.service)
        if draw.random() < 0.4:
            world.listen(port)
            scene.pause(0.05)
            again = world.connect(port, to=scene.service)
            scene.because(late, 'listener-restarting', 'kernel-reply', also=['closed-port'])
            again.close()
        else:
            scene.because(late, 'closed-port', 'kernel-reply', also=['listener-restarting'])


@deed('alone', 'plain', story='crash')
def host_forgot(scene):
    """The server's host loses its connections without a word (power cut) and comes back: clients are reset as they speak."""
    draw = scene.draw
    listener = scene.listen()
    pairs = [scene.used_pair(listener) for _ in range(draw.choice([1, 2, 3, 5]))]
    scene.pause(0.1, 1.2)
    for _, server in pairs:
        server.vanish()
    if draw.random() < 0.5:
        listener.close()
    scene.pause(0.3, 1.5)
    for client, _ in pairs:
        client.write(scene.talk.request())
        scene.pause(0.05, 0.3)
        scene.settle()
        scene.look(client)
        also = ['unexplained-reply'] if len(pairs) == 1 else []
        scene.because(client, 'host-lost-state', 'kernel-reply', also=also)


@deed(weight=2)
def some_of_many_dropped(scene):
    """A client program drops some of its connections, with SO_LINGER 0 or unread answers, and goes on with the others."""
    draw = scene.draw
    listener = scene.listen(backlog=64)
    pairs = [scene.used_pair(listener, 2) for _ in range(draw.randint(5, 12))]
    chosen = draw.sample(pairs, draw.randint(1, len(pairs) // 2))
    for client, server in chosen:
        if draw.random() < 0.5:
            server.send(scene.talk.response(200))
            scene.settle()
            scene.pause(0.05)
            client.close()
            scene.because(client, 'close-with-unread-data', 'live-socket', reasons=UNREAD, also=['abortive-close', 'cancelled-download', 'routine-close-by-reset'])
        else:
            scene.pause(0, 0.3)
            client.abort()
            scene.because(client, 'routine-close-by-reset', 'live-socket', also=['abortive-close'])
        scene.pause(0, 0.05)
    scene.settle()
    for pair in pairs:
        if pair not in chosen:
            scene.exchange(*pair)
    for _, server in chosen:
        scene.look(server)


@deed(story='crash')
def backlog_dropped(scene):
    """A service stops with connections waiting in its accept queue, some with a request."""
    draw, world = scene.draw, scene.world
    listener = scene.listen(backlog=32)
    if draw.random() < 0.5:
        scene.used_pair(listener)
    clients = [scene.connect(listener) for _ in range(draw.randint(1, 6))]
    asked = set()
    for client in clients:
        if draw.random() < 0.6:
            client.send(scene.talk.request())
            asked.add(client)
    scene.settle()
    scene.pause(0.05, 1.2)
    listener.close()
    scene.settle()
    for client in clients:
        client.read()
        client.write()
        # a request that nobody accepted lay unread when the connection was closed: true as well, and all that one alone shows
        unread = ['close-with-unread-data'] if client in asked else []
        scene.because(client, 'listener-closed-unaccepted', 'live-socket', also=['process-exit', *unread])
