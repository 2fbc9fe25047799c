"""A SYN-ACK with a wrong acknowledgment number (as from an old connection) comes before the right one; the client resets it and then connects."""
from lab import pause

reason, delay = 'TCP_INVALID_ACK_SEQUENCE', 0.02


def answer(lab, wire):
    for one in wire.segments(2):
        if one['bits'] == 2:
            lab.forge(one['destination'], one['source'], 'SA', 0x31415926, one['end'] - 50000, 28960, ttl=63, options=b'\2\4\5\xb4')


def record(lab):
    listener = lab.listen()
    lab.background(answer, lab, lab.wire())
    client, server = lab.pair(listener=listener)
    client.exchange(server)
    client.close()
    server.close()
    pause(0.1)
    lab.because(client, 'unacceptable-syn-ack', 'kernel-reply', also=['rst-ignored'])
