"""Two connections idle for 35 s; meanwhile the server's host lost them without a word, and it answers the next requests itself: no box on the path forgot anything."""
from lab import pause

reason = 'TCP_FLAGS'


def record(lab):
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(2)]
    for client, server in pairs:
        client.exchange(server)
    pause(10)
    for _, server in pairs:
        server.vanish()
    listener.close()
    listener = lab.listen()
    pause(25)
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
