"""The server closes with TCP_LINGER2 -1: no patience in FIN_WAIT_2, so that the client's plain ACK of the FIN draws a reset."""
import socket
from lab import pause

reason = 'TCP_ABORT_ON_DATA'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(0.2)
    server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_LINGER2, -1)
    server.close()
    pause(0.3)
    client.read()
    client.write()
    lab.because(client, 'fin-wait-2-timeout', 'kernel-reply')
