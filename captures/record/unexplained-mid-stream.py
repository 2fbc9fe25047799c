"""The capture begins long after the handshake and holds little more than the server's RST,ACK."""
from lab import pause

reason, late = 'TCP_STATE', True


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    lab.capture()
    pause(0.5)
    server.abort()
    pause(0.1)
    client.read()
    lab.because(client, 'unexplained-mid-stream', 'live-socket')
