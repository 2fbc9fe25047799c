"""An observer of the path injects three RST,ACKs with rising windows for every SYN and for every SYN-ACK to port 443 (the event of 20 August 2025)."""
from lab import pause

reason, delay = ('NO_SOCKET', 'TCP_FLAGS', 'TCP_INVALID_ACK_SEQUENCE'), 0.02


def inject(lab, wire):
    while True:
        for one in wire.segments(0.5):
            if one['destination'][1] == 443 and one['bits'] == 2:
                for number in range(3):
                    lab.forge(one['destination'], one['source'], 'RA', 0, one['end'], 1980 + number, 200 + number, 0x3000 + number, dont_fragment=False)
            if one['source'][1] == 443 and one['bits'] == 18:
                for number in range(3):
                    lab.forge(one['source'], one['destination'], 'RA', one['seq'] + 1, one['ack'], 3293 + number, 90 + number, 0x4000 + number, dont_fragment=False)


def record(lab):
    lab.background(inject, lab, lab.wire())
    lab.listen(443)
    listener = lab.listen(80)
    client, server = lab.pair(listener=listener)
    client.exchange(server)
    for _ in range(2):
        lab.because(lab.dial(443), 'dpi-injection', 'third-party', not_at=['server'])
        pause(0.3)
    client.close()
    server.close()
