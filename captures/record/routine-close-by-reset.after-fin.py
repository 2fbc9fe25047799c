"""Every request was answered; the client closes, and the server answers its FIN by an abort (SO_LINGER 0) instead of a FIN of its own."""
from lab import pause

reason = 'TCP_STATE'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(0.2)
    client.exchange(server)
    pause(0.2)
    client.close()
    server.sock.recv(1)
    server.abort()
    pause(0.1)
    lab.because(client, 'routine-close-by-reset', 'live-socket')
