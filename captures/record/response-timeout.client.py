"""Two clients, each with a read timeout of one second and SO_LINGER 0, give up waiting for the answer to their requests."""
from lab import pause

reason = 'TCP_STATE'


def record(lab):
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(2)]
    for client, server in pairs:
        client.send(b'GET /report HTTP/1.1\r\nHost: server\r\n\r\n')
        server.receive(38)
        client.sock.settimeout(1)
        client.read()
        client.abort()
        pause(0.05)
        server.read()
        server.write()
        lab.because(client, 'response-timeout', 'live-socket')
