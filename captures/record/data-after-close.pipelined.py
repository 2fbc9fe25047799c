"""The server answers with "Connection: close" and closes; the client, which did not look, sends its next request at once: no idle time, no race."""
from lab import pause

reason = ('TCP_TIMEWAIT_SOCKET', 'TCP_ABORT_ON_DATA')


def record(lab):
    client, server = lab.pair()
    client.send(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
    server.receive(32)
    server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
    server.close()
    pause(0.002)
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    client.read_all()
    client.write()
    lab.because(client, 'data-after-close', 'kernel-reply')
