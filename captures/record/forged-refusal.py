"""Somebody on the path answers the SYN with a refusal before the server's SYN-ACK comes; the server was listening all the time."""
from lab import pause

reason, delay = 'NO_SOCKET', 0.02


def refuse(lab, wire):
    for one in wire.segments(2):
        if one['bits'] == 2:
            lab.forge(one['destination'], one['source'], 'RA', 0, one['end'], ttl=61, dont_fragment=False, identification=0xbeef)


def record(lab):
    lab.listen()
    lab.background(refuse, lab, lab.wire())
    client = lab.dial()
    pause(0.3)
    lab.because(client, 'forged-refusal', 'third-party', not_at=['server'])
