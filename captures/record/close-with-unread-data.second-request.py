"""Right after a first exchange the client sends a second request; the server leaves it unread for half a second and closes: nothing was idle."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    client.send(b'POST /order HTTP/1.1\r\nHost: server\r\nContent-Length: 0\r\n\r\n')
    pause(0.5)
    server.close()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'close-with-unread-data', 'live-socket')
