"""In the middle of a conversation somebody on the path resets both ends, each in the other's name."""
from lab import pause

reason = None


def record(lab):
    wire = lab.wire()
    client, server = lab.pair()
    client.exchange(server)
    for _ in range(3):
        server.send(b'event: tick\n')
        client.receive(12)
        pause(0.1)
    segments = wire.segments()
    ours, theirs = wire.last('10.0.1.2', segments), wire.last('10.0.2.2', segments)
    lab.forge(theirs['source'], ours['source'], 'RA', theirs['end'], ours['end'], ttl=49, identification=0x1234, dont_fragment=False, window=8192)
    lab.forge(ours['source'], theirs['source'], 'RA', ours['end'], theirs['end'], ttl=49, identification=0x1235, dont_fragment=False, window=8192)
    pause(0.05)
    client.read()
    client.write()
    server.read()
    server.write()
    lab.because(client, 'forged-reset', 'third-party')
