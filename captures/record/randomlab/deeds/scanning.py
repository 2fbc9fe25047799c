"""Scans: nmap in its ways."""
from lab import name_of
from . import deed


@deed('apart', 'plain', 'direct', 'alone')
def scanned(scene):
    """nmap scans ports of the server: half-open, connect, ACK, FIN, NULL, Xmas or window scan; some ports may be open."""
    draw, world = scene.draw, scene.world
    kind = draw.choice(['-sS', '-sS', '-sT', '-sA', '-sF', '-sN', '-sX', '-sW', '-sM'])
    ports = draw.sample(range(20, 9000), draw.choice([11, 14, 20]))
    for port in ports[:draw.choice([0, 1, 3])]:
        world.listen(port)
    six = ['-6'] if world.options['ipv6'] else []
    world.run('client', 'nmap', '-n', '-Pn', *six, kind, '--max-retries', '1', '--host-timeout', '20s', '-p', ','.join(map(str, sorted(ports))), world.address['server']).wait(40)
    record = world.connection(name_of((world.address['client'], '*')), name_of((world.address['server'], '*')))
    scene.because(record, 'port-scan', 'kernel-reply', also=['closed-port'] if kind == '-sT' else [])


@deed('direct')
def two_ports_probed(scene):
    """nmap tries one open port and a closed one by connecting (-sT), and drops the open one with SO_LINGER 0."""
    draw, world = scene.draw, scene.world
    listener = scene.listen(backlog=64)
    closed = scene.port()
    world.run('client', 'nmap', '-n', '-Pn', '-sT', *(['-6'] if world.options['ipv6'] else []), '--max-retries', '0', '-p', f'{listener.getsockname()[1]},{closed}', world.address['server']).wait(40)
    record = world.connection(name_of((world.address['client'], '*')), name_of((world.address['server'], listener.getsockname()[1])))
    refused = world.connection(name_of((world.address['client'], '*')), name_of((world.address['server'], closed)))
    scene.because(record, 'port-scan', 'live-socket', also=['abortive-close', 'health-check', 'routine-close-by-reset'])
    scene.because(refused, 'closed-port', 'kernel-reply', also=['port-scan'])
