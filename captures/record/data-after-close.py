"""The server reads the client's byte and closes; the client writes twice more: the first write draws the reset, the second fails."""
from lab import pause

reason = 'TCP_TIMEWAIT_SOCKET'


def record(lab):
    client, server = lab.pair()
    client.send(b'a')
    server.receive(1)
    server.close()
    pause(0.01)
    client.write(b'b')
    pause(0.1)
    client.write(b'c')
    client.read()
    lab.because(client, 'data-after-close', 'kernel-reply')
