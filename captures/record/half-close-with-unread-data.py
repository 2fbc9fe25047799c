"""The server says goodbye and half-closes (FIN); the client sends 300 bytes more; the server closes without reading them."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    client, server = lab.pair()
    server.send(b'220 closing for maintenance\r\n')
    client.receive(29)
    server.half_close()
    pause(0.06)
    client.send(300)
    pause(0.1)
    server.close()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'half-close-with-unread-data', 'live-socket')
