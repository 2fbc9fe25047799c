"""The server's host loses all its connections without a word (power cut) and comes back; each client is reset when it speaks next."""
from lab import pause

reason = 'TCP_FLAGS'


def record(lab):
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(3)]
    for client, server in pairs:
        client.exchange(server)
    pause(1)
    for _, server in pairs:
        server.vanish()
    listener.close()
    listener = lab.listen()
    pause(2)
    for client, _ in pairs:
        client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
        pause(0.3)
        client.read()
        client.write()
        lab.because(client, 'host-lost-state', 'kernel-reply')
    client, server = lab.pair(listener=listener)
    client.exchange(server)
    client.close()
    server.close()
