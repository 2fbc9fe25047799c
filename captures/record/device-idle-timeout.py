"""A device on the path resets both ends of three connections, each after 61 s without a packet, in the other end's name."""
import time
from lab import pause

reason = None


def record(lab):
    wire = lab.wire()
    listener = lab.listen()
    pairs, deaths = [], []
    for number in range(3):
        pairs.append(lab.pair(listener=listener))
        pairs[-1][0].exchange(pairs[-1][1])
        pause(0.05)
        segments = wire.segments()
        deaths.append((segments[-1]['source'], time.time() + 60.95, segments))
        pause(0.65)
    for (client, server), (_, due, segments) in zip(pairs, deaths):
        ours, theirs = wire.last('10.0.1.2', segments), wire.last('10.0.2.2', segments)
        pause(max(0, due - time.time()))
        lab.forge(theirs['source'], ours['source'], 'RA', theirs['end'], ours['end'], ttl=255, identification=0x4d2)
        lab.forge(ours['source'], theirs['source'], 'RA', ours['end'], theirs['end'], ttl=255, identification=0x4d3)
        pause(0.05)
        client.read()
        client.write()
        server.read()
        server.write()
        lab.because(client, 'device-idle-timeout', 'third-party')
