"""The server closes an idle connection; the client's kernel acknowledges the FIN, and 60 ms after it the client sends its next request."""
from lab import pause

reason = 'TCP_TIMEWAIT_SOCKET'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(1)
    server.close()
    pause(0.06)
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'keepalive-race-after-fin', 'kernel-reply')
