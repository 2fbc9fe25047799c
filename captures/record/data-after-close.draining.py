"""The server closes while its response waits for the client's full window, so that no FIN is ever seen; then the client sends and is reset."""
from lab import pause

reason, snaplen = 'TCP_ABORT_ON_DATA', 128


def record(lab):
    client, server = lab.pair()
    server.fill()
    pause(0.3)
    server.close()
    pause(0.2)
    client.write(b'more upload')
    pause(0.2)
    client.read_all()
    client.write()
    lab.because(client, 'data-after-close', 'kernel-reply')
