"""A firewall that rewrites sequence numbers forgets to do so in the resets it sends: on two connections they are off by the same constant and are ignored."""
from lab import pause

reason = None


def record(lab):
    wire = lab.wire()
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(2)]
    for client, server in pairs:
        wire.segments()
        client.exchange(server)
        pause(0.1)
        last = wire.last('10.0.2.2')
        lab.forge(last['source'], last['destination'], 'RA', last['end'] + 0x2468ace0, last['ack'], ttl=255, dont_fragment=False)
        pause(0.1)
        lab.because(client, 'sequence-rewriting', 'third-party', not_at=['server'])
    for client, server in pairs:
        client.exchange(server)
        client.close()
        server.close()
