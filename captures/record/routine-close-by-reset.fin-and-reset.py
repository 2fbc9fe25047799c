"""Every request was answered; after a pause the server half-closes and drops the socket with SO_LINGER 0 in the same moment: FIN and RST from one end."""
from lab import pause

reason = 'TCP_STATE'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(1.2)
    server.half_close()
    server.abort()
    pause(0.1)
    client.read()
    client.read()
    lab.because(client, 'routine-close-by-reset', 'live-socket', also=['abortive-close'])
