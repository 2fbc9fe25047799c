"""The server's host loses two connections without a word; the clients' keep-alive probes find that out."""
import socket
from lab import pause

reason = 'NO_SOCKET'


def record(lab):
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(2)]
    for client, server in pairs:
        client.exchange(server)
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 2)
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        pause(0.3)
    pause(2)
    for _, server in pairs:
        server.vanish()
    listener.close()
    pause(2.5)
    for client, _ in pairs:
        client.read()
        client.write()
        lab.because(client, 'host-lost-state', 'kernel-reply')
