"""The client's host restarts and uses the same port again while the server still holds the old connection: challenge ACK, reset by the client, SYN again, served."""
from lab import pause

reason = 'TCP_INVALID_ACK_SEQUENCE'


def record(lab):
    listener = lab.listen()
    client, server = lab.pair(listener=listener, source_port=40000)
    client.exchange(server)
    pause(0.3)
    client.vanish()
    pause(1)
    again = lab.connect(source_port=40000, timeout=5)
    server.read()
    server.write()
    fresh = lab.accept(listener)
    again.exchange(fresh)
    again.close()
    fresh.close()
    lab.because(client, 'half-open-port-reuse', 'kernel-reply')
