"""A service restarts: its port is served, refuses for a second, and is served again."""
from lab import pause

reason = 'NO_SOCKET'


def record(lab):
    listener = lab.listen()
    client, server = lab.pair(listener=listener)
    client.exchange(server)
    listener.close()
    client.close()
    server.read()
    server.close()
    for _ in range(2):
        pause(0.4)
        lab.because(lab.dial(), 'listener-restarting', 'kernel-reply')
    pause(0.4)
    client, server = lab.pair()
    client.exchange(server)
    client.close()
    server.close()
