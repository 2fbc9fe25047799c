"""A stack that resets when it gives up retransmitting (BSD, macOS, Windows; Linux does not): five retransmissions without an answer, then RST,ACK, sent by a raw socket of the server."""
from lab import pause

reason, golden = None, 'server'


def record(lab):
    wire = lab.wire('r1')
    client, server = lab.pair()
    client.exchange(server)
    pause(0.1)
    last = wire.last('10.0.2.2')
    lab.forward('ip daddr 10.0.1.2 drop')
    server.send(b'event: lost\n')
    pause(6.6)
    server.vanish()
    lab.forge(last['source'], last['destination'], 'RA', last['end'] + 12, last['ack'], 64, host='server')
    pause(0.1)
    lab.because(client, 'retransmission-timeout', 'live-socket', not_at=['client', 'middle'])
