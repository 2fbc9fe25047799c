"""The client closes in the middle of a download, 20 ms away: every segment still in flight draws a reset of its own."""
from lab import pause

reason, snaplen, delay = 'TCP_ABORT_ON_CLOSE', 96, 0.02


def record(lab):
    client, server = lab.pair()
    client.send(b'GET /film HTTP/1.1\r\nHost: server\r\n\r\n')
    server.receive(36)
    server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n')
    sending = server.pour(4096)
    client.receive(45000)
    client.close()
    sending.join(3)
    server.write()
    server.read()
    pause(0.1)
    lab.because(client, 'cancelled-download', 'live-socket')
