"""The client of a mail server says QUIT, reads "221" and drops the connection with SO_LINGER 0: nothing was outstanding."""
from lab import pause

reason = 'TCP_STATE'


def record(lab):
    client, server = lab.pair(25)
    server.send(b'220 server.example ESMTP\r\n')
    client.receive(26)
    client.exchange(server, b'NOOP\r\n', b'250 2.0.0 Ok\r\n')
    pause(0.1)
    client.exchange(server, b'QUIT\r\n', b'221 2.0.0 Bye\r\n')
    pause(0.05)
    client.abort()
    pause(0.1)
    server.read()
    lab.because(client, 'routine-close-by-reset', 'live-socket')
