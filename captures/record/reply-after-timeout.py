"""The server's answer is lost again and again until TCP_USER_TIMEOUT ends its socket in silence; when the client speaks later, the kernel replies with a reset."""
import socket
from lab import pause

reason, golden = 'TCP_FLAGS', 'server'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    server.sock.setsockopt(socket.IPPROTO_TCP, 18, 1500)
    lab.forward('ip saddr 10.0.2.2 drop')
    server.send(b'event: lost\n')
    pause(3.5)
    server.read()
    server.write()
    lab.forward()
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.2)
    client.read()
    client.write()
    lab.because(client, 'reply-after-timeout', 'kernel-reply')
