"""The server closes with 500 bytes unread; the capture began after the handshake and a first exchange."""
from lab import pause

reason, late = 'TCP_ABORT_ON_CLOSE', True


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    lab.capture()
    client.exchange(server)
    client.send(500)
    pause(0.1)
    server.close()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'close-with-unread-data', 'live-socket')
