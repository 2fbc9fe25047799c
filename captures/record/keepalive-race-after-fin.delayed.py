"""The server closes an idle connection; the client's next request crosses the FIN, 20 ms away in each direction."""
from lab import pause

reason, delay = 'TCP_ABORT_ON_DATA', 0.02


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(1)
    server.close()
    pause(0.005)
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.2)
    client.read()
    client.write()
    lab.because(client, 'keepalive-race-after-fin', 'kernel-reply')
