"""The keep-alive race without a FIN, 20 ms away: the reset is the first and only acknowledgement of the request."""
from lab import pause

reason, delay = 'TCP_ABORT_ON_CLOSE', 0.02


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(1)
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    server.sock.recv(1, 2)  # MSG_PEEK: wait until it is there
    server.close()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'keepalive-race-unread', 'live-socket')
