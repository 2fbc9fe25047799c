"""Resets that no end sent: raw sockets on the path."""
from lab import Failure
from . import deed


def flowing(scene, wire, client, server):
    """One exchange more, and the last segment that the server sent."""
    scene.exchange(client, server)
    scene.settle()
    segments = wire.segments()
    port = server.sock.getsockname()[1]
    return {side: [one for one in segments if (one['source'][1] == port) == (side == 'server') and port in (one['source'][1], one['destination'][1])][-1] for side in ('server', 'client')}


def manner(draw):
    return {'ttl': draw.choice([44, 57, 120, 128, 255]), 'identification': draw.choice([0, 0x1234, draw.randint(1, 65535)]), 'dont_fragment': draw.random() < 0.5, 'window': draw.choice([0, 0, 502, 8192])}


@deed('apart', 'plain', story='forged', weight=4)
def forged_reset(scene):
    """Somebody on the path resets one end, or both, in the other's name, with the right number; an end that was not told goes on."""
    draw, world = scene.draw, scene.world
    wire = world.wire('r0')
    client, server = scene.used_pair()
    scene.pause(0.05, 0.6)
    last = flowing(scene, wire, client, server)
    style = manner(draw)
    targets = draw.choice([['client'], ['client'], ['server'], ['client', 'server']])
    for target in targets:
        one = last['server' if target == 'client' else 'client']
        flags = draw.choice(['R', 'R', 'RA'])
        world.forge(one['source'], one['destination'], flags, one['end'], one['ack'] if 'A' in flags else 0, **style)
    scene.pause(0.05, 0.2)
    scene.settle()
    if 'client' in targets:
        client.read()
        server.write(scene.talk.response(50))
        scene.settle()
        if 'server' not in targets:
            server.write(scene.talk.response(50))
        server.read()
    else:
        server.read()
        client.write(scene.talk.request())
        scene.settle()
        client.read()
    for end in (client, server):
        if end.side in targets and not any(one['result'] == 'ECONNRESET' for one in end.notes):
            raise Failure(f'the forged reset did not take effect at the {end.side}')
    near = {'client': 'server', 'server': 'client'}
    blind = [near[targets[0]]] if len(targets) == 1 else []
    # the answer of the end that was killed passes everywhere; where the forged one did not pass, only that answer is seen
    scene.because(client, 'forged-reset', 'third-party', also=['unexplained-reply', 'reply-after-timeout', 'host-lost-state'] if blind else ['dpi-injection', 'blocked-by-policy'])


@deed('apart', 'plain')
def forged_with_wrong_numbers(scene):
    """Forged resets with wrong numbers, inside or outside the window: the connection goes on."""
    draw, world = scene.draw, scene.world
    wire = world.wire('r0')
    client, server = scene.used_pair()
    style = manner(draw)
    for off in draw.sample([1000, 5000, -500000, -1, 20000], draw.randint(1, 2)):
        last = flowing(scene, wire, client, server)['server']
        world.forge(last['source'], last['destination'], 'R', last['end'] + off, **style)
        scene.pause(0.1, 0.3)
        scene.settle()
    scene.exchange(client, server, 2)
    client.close()
    server.read()
    server.close()
    scene.because(client, 'rst-ignored', 'third-party', not_at=['server'] + ['middle'] * (world.options['middle'] == 'r1'))


@deed('apart', 'plain', 'four')
def syn_acks_from_strangers(scene):
    """SYN-ACKs arrive from hosts that the client never called; its kernel resets each."""
    draw, world = scene.draw, scene.world
    world.inside('router', 'ip route add blackhole 198.51.100.0/24', check=False)
    scene.used_pair()
    scene.pause(2.2)
    for number in range(draw.randint(1, 5)):
        source, destination = (f'198.51.100.{draw.randint(1, 254)}', draw.choice([80, 443, 22])), (world.four['client'], 1024 + 77 * number + draw.randint(0, 70))
        world.forge(source, destination, 'SA', draw.getrandbits(32), draw.getrandbits(32), 65535, ttl=50, options=b'\2\4\5\xb4')
        scene.because(world.connection(f'{destination[0]}:{destination[1]}', f'{source[0]}:{source[1]}'), 'unsolicited-syn-ack', 'kernel-reply',
                      not_at=['server'] + ['middle'] * (world.options['middle'] == 'r1'))
        scene.pause(0.1, 0.3)
