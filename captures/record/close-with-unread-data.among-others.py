"""The server closes one of four connections with a request unread; the other three go on being served."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(4)]
    for client, server in pairs:
        client.exchange(server)
    client, server = pairs.pop(1)
    client.send(b'GET /unread HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.3)
    server.close()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'close-with-unread-data', 'live-socket')
    for client, server in pairs:
        client.exchange(server)
        client.close()
        server.close()
