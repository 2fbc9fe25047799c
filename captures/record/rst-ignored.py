"""Forged resets with wrong numbers: one inside the window draws a challenge ACK, one outside it nothing; the conversation goes on."""
from lab import pause

reason = None


def record(lab):
    wire = lab.wire()
    client, server = lab.pair()
    client.exchange(server)
    pause(0.1)
    last = wire.last('10.0.2.2')
    lab.forge(last['source'], last['destination'], 'R', last['end'] + 1000, ttl=57, identification=0x1234, dont_fragment=False)
    pause(0.2)
    client.exchange(server)
    lab.forge(last['source'], last['destination'], 'R', last['end'] - 500000, ttl=57, identification=0x1235, dont_fragment=False)
    pause(0.2)
    client.exchange(server)
    client.close()
    server.read()
    server.close()
    pause(0.1)
    lab.because(client, 'rst-ignored', 'third-party', not_at=['server'])
