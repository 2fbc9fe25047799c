"""The client's pool reuses a connection two seconds after the server's FIN had arrived on it."""
from lab import pause

reason = 'TCP_TIMEWAIT_SOCKET'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(1)
    server.close()
    pause(2)
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'stale-connection-reuse', 'kernel-reply')
