"""A service stops with four connections waiting in its accept queue, three of them with a request."""
from lab import pause

reason = 'TCP_STATE'


def record(lab):
    listener = lab.listen()
    clients = [lab.connect() for _ in range(4)]
    for client in clients[:3]:
        client.send(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(1)
    listener.close()
    pause(0.1)
    for client in clients:
        client.read()
        client.write()
        lab.because(client, 'listener-closed-unaccepted', 'live-socket')
