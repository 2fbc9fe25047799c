"""A server drops its three idle connections after 61 s each, not with FIN but with SO_LINGER 0; its own sockets do it, no device."""
import time
from lab import pause

reason = 'TCP_STATE'


def record(lab):
    listener = lab.listen()
    pairs = []
    for _ in range(3):
        client, server = lab.pair(listener=listener)
        client.exchange(server)
        pairs.append((client, server, time.time() + 61))
        pause(0.7)
    for client, server, due in pairs:
        pause(due - time.time())
        server.abort()
        pause(0.05)
        client.read()
        client.write()
        lab.because(client, 'server-idle-timeout', 'live-socket')
