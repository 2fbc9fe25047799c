"""A stack that says why it aborts: RST,ACK with a line of text (RFC 1122 §4.2.2.12), sent by a raw socket of the server."""
from lab import pause

reason = None


def record(lab):
    wire = lab.wire('r1')
    client, server = lab.pair()
    client.exchange(server)
    pause(0.3)
    last = wire.last('10.0.2.2')
    server.vanish()
    lab.forge(last['source'], last['destination'], 'RA', last['end'], last['ack'], last['window'], 64, last['identification'] + 1,
              payload=b'connection closed by the operator\n', options=last['options'], host='server')
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'abortive-close', 'live-socket')
