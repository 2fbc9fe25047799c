"""The client closes in the middle of a download, with received bytes unread."""
from lab import pause

reason, snaplen = 'TCP_ABORT_ON_CLOSE', 128


def record(lab):
    client, server = lab.pair()
    client.send(b'GET /film HTTP/1.1\r\nHost: server\r\n\r\n')
    server.receive(36)
    server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n')
    server.fill()
    client.receive(30000)
    pause(0.1)
    client.close()
    pause(0.1)
    server.read()
    server.write()
    lab.because(client, 'cancelled-download', 'live-socket')
