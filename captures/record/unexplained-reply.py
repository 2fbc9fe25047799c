"""One connection, in use, is reset by a bare RST to the client's next bytes; nothing else was captured that would say why (the server had lost its state)."""
from lab import pause

reason = 'TCP_FLAGS'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(0.2)
    server.vanish()
    pause(0.2)
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'unexplained-reply', 'kernel-reply')
