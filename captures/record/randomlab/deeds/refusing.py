"""Connections that do not come about: closed ports, full backlogs, filters, clients that give up."""
import fcntl, select, socket, struct, termios, time
from lab import name_of
from . import deed


@deed(story='closed-port', weight=3)
def closed_port(scene):
    """A client connects to a port on which nothing listens, once or several times."""
    port = scene.port()
    for _ in range(scene.draw.choice([1, 1, 2, 3, 5])):
        client = scene.world.dial(port, to=scene.service)
        client.close()
        scene.because(client, 'closed-port', 'kernel-reply')
        scene.pause(0.01, 0.4)


@deed(story='closed-port')
def refused_then_served(scene):
    """A service is not up yet: it refuses for a moment, then serves the same client."""
    port = scene.port()
    for _ in range(scene.draw.randint(1, 3)):
        client = scene.world.dial(port, to=scene.service)
        client.close()
        scene.because(client, 'listener-restarting', 'kernel-reply', also=['closed-port'])
        scene.pause(0.1, 0.5)
    client, server = scene.pair(scene.listen(port))
    scene.exchange(client, server, 2)


@deed('apart', 'plain', story='closed-port')
def rejected_by_firewall(scene):
    """The router rejects SYNs to one port with a TCP reset in the server's name; another port of the server is served."""
    port, served = scene.port(), scene.listen()
    pair = scene.used_pair(served, 3)
    scene.world.add_rules(f'table inet fw{port}', f'chain forward {{ type filter hook forward priority 0; tcp dport {port} reject with tcp reset; }}')
    for _ in range(scene.draw.randint(1, 3)):
        client = scene.world.dial(port, to=scene.service)
        client.close()
        scene.because(client, 'firewall-reject-syn', 'third-party', not_at=['server'] + ['middle'] * (scene.world.options['middle'] == 'r1'))
        scene.pause(0.1, 0.4)
    scene.exchange(*pair)


@deed('apart', 'plain', story='no-answer')
def dropped_by_firewall(scene):
    """A filter drops the client's SYNs: no answer at all."""
    port = scene.port()
    scene.world.add_rules(f'table inet drop{port}', f'chain forward {{ type filter hook forward priority 0; tcp dport {port} drop; }}')
    client = scene.world.dial(port, to=scene.service, timeout=scene.draw.choice([1.5, 3.5]))
    client.close()
    scene.ends(client, 'no-answer-to-syn', not_at=['server'] + ['middle'] * (scene.world.options['middle'] == 'r1'))


@deed('apart', delay=(0.004, 0.04), story='overloaded', weight=2)
def backlog_full_abort(scene):
    """More clients than the listen backlog has room for, at once, with tcp_abort_on_overflow=1: some handshakes are reset, some SYNs stay unanswered."""
    overload(scene, abort=1)


@deed(story='overloaded', weight=2)
def backlog_full_silent(scene):
    """More clients than the listen backlog has room for, with Linux' default (tcp_abort_on_overflow=0): their handshakes seem complete, their data is never acknowledged, and at the end they give up."""
    overload(scene, abort=0)


def overload(scene, abort):
    draw, world = scene.draw, scene.world
    world.sysctl(world.home('server'), f'net.ipv4.tcp_abort_on_overflow={abort}', 'net.ipv4.tcp_synack_retries=2')
    # room for backlog + 1 that are complete and as many half-open ones: those who come at once pass as SYNs and find no room as ACKs
    backlog = draw.choice([1, 2, 4, 8])
    listener = scene.listen(backlog=backlog)
    port = listener.getsockname()[1]
    clients = [world.open(port, to=scene.service) for _ in range(2 * backlog + draw.randint(1, 6))]
    for number, client in enumerate(clients):
        client.sock.setblocking(False)
        client.sock.connect_ex(client.target)
        if number < backlog:
            scene.settle()
    scene.settle()
    scene.pause(0.3)
    for client in clients:
        if writable(client.sock):
            client.write(scene.talk.request())
    # beyond 7 s the server's kernel has forgotten the half-open ones and resets what their clients repeat
    scene.pause(draw.choice([0.5, 2]) if abort else draw.choice([3.2, 5, 10]))
    for client in clients:
        connected, unacknowledged = writable(client.sock), struct.unpack('i', fcntl.ioctl(client.sock, termios.TIOCOUTQ, bytes(4)))[0]
        client.sock.settimeout(0.05)
        client.read()
        if client.notes[-1]['result'] != 'timeout' or unacknowledged or not connected:
            scene.because(client, 'accept-queue-overflow', 'kernel-reply', maybe=True)
            # a handshake that only its client believes in, or SYNs that the full queue dropped
            scene.ends(client, 'accept-queue-full', *([] if connected else ['no-answer-to-syn']))
        client.close()
    scene.pause(0.5, 2)


def writable(sock):
    return bool(select.select([], [sock], [], 0)[1])


@deed('apart', delay=(0.15, 0.4))
def gives_up_connecting(scene):
    """The client gives up connecting before the SYN-ACK comes."""
    listener = scene.listen()
    client = scene.world.dial(listener.getsockname()[1], to=scene.service, timeout=scene.draw.uniform(0.3, 1.6) * scene.far)
    client.close()
    scene.settle()
    scene.because(client, 'client-abandoned-connect', 'kernel-reply')


@deed('direct', story='two-connections', weight=2)
def two_ports_at_once(scene):
    """A client connects to two ports of one server at the same moment (445 and 139), keeps the first that answers and drops the other."""
    draw, world = scene.draw, scene.world
    one, two = (scene.listen(port) for port in ((445, 139) if not world.options['loopback'] else (scene.port(), scene.port())))
    keep, drop = world.open(one.getsockname()[1]), world.open(two.getsockname()[1])
    for client in (keep, drop):
        client.sock.setblocking(False)
        client.sock.connect_ex(client.target)
    way = draw.choice(['before', 'after', 'after']) if scene.far else 'after'
    if way == 'before':
        drop.sock.close()  # its SYN-ACK comes to nobody
    else:
        scene.settle()
        drop.abort()
    scene.settle()
    keep.sock.settimeout(2)
    server = world.accept(one, of=keep)
    server.sock.settimeout(2)
    scene.exchange(keep, server, draw.randint(1, 3))
    scene.because(drop, 'parallel-connect-loser', 'kernel-reply' if way == 'before' else 'live-socket', also=['client-abandoned-connect', 'health-check', 'abortive-close', 'routine-close-by-reset'])


@deed('apart', 'plain')
def old_port_again(scene):
    """The client's host restarts and uses a port again on which the server still holds the old connection."""
    listener = scene.listen()
    client, server = scene.used_pair(listener)
    port = client.sock.getsockname()[1]
    client.vanish()
    scene.pause(0.2, 1.2)
    again = scene.world.open(listener.getsockname()[1], source_port=port, to=scene.service, timeout=5)
    again.sock.connect(again.target)
    server.read()
    fresh = scene.world.accept(listener, of=again)
    scene.exchange(again, fresh)
    scene.because(client, 'half-open-port-reuse', 'kernel-reply', also=['host-lost-state', 'unexplained-reply'])


@deed('direct')
def checked_by_connecting(scene):
    """A checker connects every second or so and drops the connection with SO_LINGER 0 before sending anything."""
    draw, world = scene.draw, scene.world
    listener = scene.listen(backlog=64)
    period = draw.choice([0.5, 1.0, 1.5])
    record = world.connection(f"{world.address['client'] if ':' not in world.address['client'] else '[' + world.address['client'] + ']'}:*", name_of(listener.getsockname()[:2]))
    for _ in range(draw.randint(5, 7)):
        due = time.time() + period
        checker = world.socket('client')
        checker.settimeout(2)
        checker.connect((world.address['server'], listener.getsockname()[1]))
        sock, _ = listener.accept()
        world.sockets.append(sock)
        checker.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
        checker.close()
        time.sleep(max(0, due - time.time()))
    scene.because(record, 'health-check', 'live-socket', also=['routine-close-by-reset'])
