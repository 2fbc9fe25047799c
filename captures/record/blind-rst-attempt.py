"""Somebody who knows the ports but not the numbers tries eight RSTs across the window; the client answers those inside with challenge ACKs and the conversation goes on."""
from lab import pause

reason = None


def record(lab):
    wire = lab.wire()
    client, server = lab.pair()
    client.exchange(server)
    pause(0.1)
    last = wire.last('10.0.2.2')
    for step in range(8):
        lab.forge(last['source'], last['destination'], 'R', last['end'] + 7000 + 29000 * (step - 3), ttl=52, identification=0x100 + step, dont_fragment=False)
        pause(0.02)
    pause(0.2)
    client.exchange(server)
    client.close()
    server.read()
    server.close()
    lab.because(client, 'blind-rst-attempt', 'third-party', not_at=['server'])
