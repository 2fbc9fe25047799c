"""The client connects to a port on which nothing listens."""

reason = 'NO_SOCKET'


def record(lab):
    client = lab.dial(5001)
    lab.because(client, 'closed-port', 'kernel-reply')
