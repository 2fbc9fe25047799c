"""The server reads 100 of 500 bytes and closes."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    client, server = lab.pair()
    client.send(500)
    server.receive(100)
    pause(0.1)
    server.close()
    pause(0.1)
    client.read()
    client.read()
    client.write()
    lab.because(client, 'close-with-unread-data', 'live-socket')
