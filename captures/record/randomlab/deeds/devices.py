"""Boxes on the path: NATs and firewalls that forget, reject, leak."""
from lab import name_of
from . import deed
from .waiting import cut


def service_rules(scene, port):
    """A service address on the router, translated to the server."""
    world = scene.world
    world.sysctl('router', 'net.netfilter.nf_conntrack_tcp_loose=0')
    world.add_rules(f'table ip svc{port}', f"chain pre {{ type nat hook prerouting priority -100; ip daddr {world.four['router']} tcp dport {port} dnat to {world.four['server']}; }}")


def through_service(scene, listener):
    client = scene.world.connect(listener.getsockname()[1], to=scene.world.four['router'])
    server = scene.world.accept(listener, of=client)
    for end in (client, server):
        end.sock.settimeout(4)
    scene.exchange(client, server, scene.draw.randint(1, 3))
    return client, server


@deed('apart', 'four', 'plain', 'alone', story='state-forgotten', weight=3)
def nat_forgets(scene):
    """A NAT forgets an idle connection and answers the next request itself; another connection through it may live on."""
    draw, world = scene.draw, scene.world
    listener = scene.listen()
    port = listener.getsockname()[1]
    service_rules(scene, port)
    client, server = through_service(scene, listener)
    busy = through_service(scene, listener) if draw.random() < 0.5 else None
    idle = draw.choice([1.5, 3, 5])
    scene.pause(idle)
    if busy:
        scene.exchange(*busy)
    world.inside('router', f'conntrack -D -p tcp --sport {client.sock.getsockname()[1]}', check=False)
    client.write(scene.talk.request())
    scene.settle()
    scene.look(client)
    if busy:
        scene.exchange(*busy)
    if draw.random() < 0.5:
        server.write(scene.talk.response(20))
        scene.settle()
        server.read()
    # what the server sends now leaves the router untranslated, and the client's kernel answers the stranger
    stranger = world.connection(client.truth['client'], f"{world.four['server']}:{port}")
    scene.because(client, 'nat-state-expired', 'third-party', also=['forged-reset', 'unexplained-reply'])
    scene.because(stranger, 'nat-state-expired', 'kernel-reply', maybe=True, also=['conntrack-invalid-leak', 'unexplained-reply', 'unexplained-mid-stream', 'stray-ack-to-listener'])


@deed('apart', 'plain', story='state-forgotten', weight=2)
def firewall_forgets(scene):
    """A stateful firewall forgets an idle connection and rejects the next packet with a reset in the other end's name."""
    world = scene.world
    client, server = scene.used_pair()
    port = server.sock.getsockname()[1]
    scene.pause(scene.draw.choice([1.5, 3, 5]))
    world.add_rules(f'table inet fw{port}', f'chain forward {{ type filter hook forward priority 0; tcp dport {port} reject with tcp reset; tcp sport {port} reject with tcp reset; }}')
    speaker, other = (client, server) if scene.draw.random() < 0.7 else (server, client)
    speaker.write(scene.talk.request())
    scene.settle()
    scene.look(speaker)
    if scene.draw.random() < 0.5:
        other.write(scene.talk.response(30))
        scene.settle()
        other.read()
    scene.because(client, 'nat-state-expired', 'third-party', maybe=True, also=['forged-reset', 'blocked-by-policy', 'unexplained-reply'])


@deed('apart', 'plain')
def firewall_cuts(scene):
    """A firewall's new rule rejects the packets of a connection in use, in both directions, with resets in the other end's name."""
    world = scene.world
    client, server = scene.used_pair()
    port = server.sock.getsockname()[1]
    for _ in range(3):
        scene.exchange(client, server)
        scene.pause(0.02, 0.1)
    world.add_rules(f'table inet fw{port}', f'chain forward {{ type filter hook forward priority 0; tcp dport {port} reject with tcp reset; tcp sport {port} reject with tcp reset; }}')
    client.write(scene.talk.request())
    scene.settle()
    scene.look(client)
    server.write(scene.talk.response(30))
    scene.settle()
    server.read()
    scene.because(client, 'blocked-by-policy', 'third-party', also=['forged-reset', 'nat-state-expired', 'asymmetric-routing', 'unexplained-reply'])


@deed('apart', 'plain')
def filter_on_content(scene):
    """A filter on the path rejects requests that begin with certain octets; other requests on the same server pass."""
    world = scene.world
    listener = scene.listen()
    world.add_rules(f'table inet dpi{listener.getsockname()[1]}', f'chain forward {{ type filter hook forward priority 0; tcp dport {listener.getsockname()[1]} @ih,0,96 0x474554202f626c6f636b6564 reject with tcp reset; }}')
    client, server = scene.pair(listener)
    client.exchange(server, b'GET /allowed HTTP/1.1\r\nHost: server\r\n\r\n')
    client.close()
    server.close()
    for _ in range(scene.draw.randint(1, 3)):
        client, server = scene.pair(listener)
        client.write(b'GET /blocked HTTP/1.1\r\nHost: server\r\n\r\n')
        scene.settle()
        scene.look(client)
        scene.because(client, 'blocked-by-policy', 'third-party', not_at=['server'] + ['middle'] * (world.options['middle'] == 'r1'), also=['forged-reset'])
        scene.pause(0.1, 0.4)


@deed('apart', 'plain', 'alone', 'empty', 'other', 'four', story='address-moves', weight=3)
def address_moves(scene):
    """The server's address moves to another machine without its state: that kernel resets the connections as their clients speak."""
    draw, world = scene.draw, scene.world
    if draw.random() < 0.6:
        world.sysctl('other', f'net.ipv4.ip_default_ttl={draw.choice([128, 255, 63])}')
    listener = scene.listen()
    pairs = [scene.used_pair(listener, 3) for _ in range(draw.randint(2, 6))]
    scene.pause(0.2, 1)
    server, port = world.four['server'], listener.getsockname()[1]
    world.inside('server', f'ip addr del {server}/24 dev eth0')
    world.inside('other', f'ip addr add {server}/24 dev eth0')
    world.inside('router', 'ip neigh flush dev bridge')
    world.hosts[server] = 'other'
    if draw.random() < 0.7:
        world.listen(port, host='other', address=server)
    for client, _ in pairs:
        client.write(scene.talk.request())
        scene.settle()
        scene.look(client)
        scene.because(client, 'vip-failover', 'kernel-reply', not_at=['server'], also=['host-lost-state', 'nat-state-expired', 'unexplained-reply'])
        scene.pause(0.02, 0.3)


@deed('apart', 'plain')
def path_dies(scene):
    """In the middle of a connection the path goes dark; the client repeats its request and gets no answer."""
    client, server = scene.used_pair()
    cut(scene, server.sock.getsockname()[1])
    client.send(scene.talk.request())
    scene.pause(2, 4)
    scene.ends(client, 'went-silent', not_at=['server'] + ['middle'] * (scene.world.options['middle'] == 'r1'))


@deed('apart', 'four', 'plain', 'alone')
def packet_escapes_translation(scene):
    """A packet of a connection through a NAT lies outside the window and leaves untranslated (conntrack: INVALID); the client's kernel resets the stranger, and that reset kills the server's end."""
    draw, world = scene.draw, scene.world
    listener = scene.listen()
    port = listener.getsockname()[1]
    service_rules(scene, port)
    wire = world.wire('r1')
    client, server = through_service(scene, listener)
    scene.pause(0.2, 1)
    segments = [one for one in wire.segments() if port in (one['source'][1], one['destination'][1])]
    ours, theirs = wire.last(world.four['client'], segments), wire.last(world.four['server'], segments)
    world.add_rules(f'table ip leak{port}', f"chain out {{ type filter hook output priority -300; ip saddr {world.four['server']} notrack; }}")
    far = draw.choice([0, 900_000_000])
    world.forge(theirs['source'], ours['source'], 'PA', theirs['end'] + far, ours['end'], 64, ttl=63, identification=0x7777, payload=b'out of window')
    scene.settle()
    server.read()
    client.write(scene.talk.request())
    scene.settle()
    scene.look(client)
    stranger = world.connection(client.truth['client'], name_of((world.four['server'], port)))
    scene.because(stranger, 'conntrack-invalid-leak', 'kernel-reply', also=['unexplained-reply', 'unexplained-mid-stream', 'stray-ack-to-listener'])
    scene.because(client, 'conntrack-invalid-leak', 'kernel-reply', maybe=True, also=['unexplained-reply'])
