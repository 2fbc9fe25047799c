"""The client's next request reaches an idle connection in the instant in which the server closes it: no FIN, a reset that acknowledges the request."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(1)
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.001)
    server.close()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'keepalive-race-unread', 'live-socket')
