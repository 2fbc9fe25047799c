"""The path goes dark under an idle connection; the server's keep-alive probes stay unanswered and its kernel gives up with a reset."""
import socket
from lab import pause

reason, golden = 'TCP_KEEPALIVE_TIMEOUT', 'server'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(0.2)
    for option, value in ((socket.TCP_KEEPIDLE, 2), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 3)):
        server.sock.setsockopt(socket.IPPROTO_TCP, option, value)
    server.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    lab.forward('drop')
    pause(5.5)
    server.read()
    server.write()
    lab.because(client, 'tcp-keepalive-timeout', 'live-socket', not_at=['client', 'middle'])
