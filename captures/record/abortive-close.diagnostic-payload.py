"""A stack that says why it aborts: RST,ACK with the IETF's diagnostic payload (4, ABORT process), sent by a raw socket of the server."""
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
              payload=b'\x33\xaa\0\4\0\0\0\0', options=last['options'], host='server')
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'abortive-close', 'live-socket')
