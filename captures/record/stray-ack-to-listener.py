"""A client restored from a snapshot goes on with a connection that the server's listener has never seen."""
import socket, struct
from lab import pause

reason = 'TCP_FLAGS'


def record(lab):
    listener = lab.listen()
    client, server = lab.pair(listener=listener)
    client.exchange(server)
    pause(2.2)
    ghost = lab.open()
    for option, value in ((19, 1), (20, 2), (21, 0x11111111), (20, 1), (21, 0x22222222)):  # TCP_REPAIR on; send and receive queue, TCP_QUEUE_SEQ
        ghost.sock.setsockopt(socket.IPPROTO_TCP, option, value)
    ghost.sock.connect(ghost.target)  # in repair mode: established, without a packet
    ghost.sock.setsockopt(socket.IPPROTO_TCP, 29, struct.pack('5I', 0x22222222, 65535, 65535, 65535, 0x22222222))  # TCP_REPAIR_WINDOW
    ghost.sock.setsockopt(socket.IPPROTO_TCP, 19, -1)
    ghost.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    ghost.read()
    ghost.write()
    lab.because(ghost, 'stray-ack-to-listener', 'kernel-reply')
    client.exchange(server)
    client.close()
    server.close()
