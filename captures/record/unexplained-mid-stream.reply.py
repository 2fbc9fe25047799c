"""The capture begins after the handshake and holds one segment of the client and the bare RST that answers it."""
from lab import pause

reason, late = 'TCP_FLAGS', True


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    server.vanish()
    lab.capture()
    pause(0.5)
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    client.read()
    lab.because(client, 'unexplained-mid-stream', 'kernel-reply')
