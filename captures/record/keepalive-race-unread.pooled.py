"""The server closes a pool's four idle connections at its idle timeout; on one a request has just arrived and is lost, the others end with FIN."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(4)]
    for _ in range(2):
        for client, server in pairs:
            client.exchange(server)
        pause(0.1)
    pause(2)
    busy, _ = pairs[2]
    busy.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    for _, server in pairs:
        server.close()
    pause(0.05)
    for client, _ in pairs:
        client.read()
        client.close()
    lab.because(busy, 'keepalive-race-unread', 'live-socket')
    client, server = lab.pair(listener=listener)
    client.exchange(server)
    client.close()
    server.close()
