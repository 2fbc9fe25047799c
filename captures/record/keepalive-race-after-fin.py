"""The server closes an idle connection (FIN); a few milliseconds later the client sends its next request on it."""
from lab import pause

reason = 'TCP_ABORT_ON_DATA'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(1)
    server.close()
    pause(0.005)
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'keepalive-race-after-fin', 'kernel-reply')
