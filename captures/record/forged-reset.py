"""Somebody on the path sends the client one RST in the server's name, with the right number; the server knows nothing of it and keeps talking."""
from lab import pause

reason = 'NO_SOCKET'


def record(lab):
    wire = lab.wire()
    client, server = lab.pair()
    client.exchange(server)
    pause(0.1)
    server.send(b'event: one\n')
    client.receive(11)
    pause(0.05)
    last = wire.last('10.0.2.2')
    lab.forge(last['source'], last['destination'], 'R', last['end'], ttl=57, identification=0x1234, dont_fragment=False)
    pause(0.05)
    client.read()
    server.write(b'event: two\n')
    pause(0.05)
    server.write(b'event: three\n')
    server.read()
    lab.because(client, 'forged-reset', 'third-party', not_at=['server'])
