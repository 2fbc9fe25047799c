"""After a complete exchange the server closes with SO_LINGER 0: a reset in place of a FIN."""
from lab import pause

reason = 'TCP_STATE'


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(0.1)
    server.abort()
    pause(0.1)
    client.read()
    client.read()
    client.write()
    lab.because(client, 'abortive-close', 'live-socket')
