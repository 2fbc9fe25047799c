"""The client has read all that came of a download so far and closes (FIN); the server's next block draws a reset."""
from lab import pause

reason, snaplen = ('TCP_ABORT_ON_DATA', 'TCP_TIMEWAIT_SOCKET'), 128


def record(lab):
    client, server = lab.pair()
    client.send(b'GET /film HTTP/1.1\r\nHost: server\r\n\r\n')
    server.receive(36)
    server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n')
    for _ in range(5):
        server.send(4000)
        pause(0.05)
    client.receive(45 + 20000)
    client.close()
    pause(0.05)
    server.write(4000)
    pause(0.05)
    server.write(4000)
    server.read()
    lab.because(client, 'data-after-close', 'kernel-reply')
