"""A Node server answers an upload with 413 and destroys the socket while the client is still writing the body."""
from lab import pause

reason, snaplen, needs = 'TCP_ABORT_ON_CLOSE', 256, ('node',)


def record(lab):
    server = lab.node('server', 'early-413-server', lab.address['server'], 5001)
    server.wait_for('ready')
    client = lab.connect()
    client.send(b'POST /upload HTTP/1.1\r\nHost: server\r\nContent-Length: 900000\r\n\r\n')
    client.pour(4000, 0.0005).join(3)
    client.write(4000)
    client.read()
    client.read()
    pause(0.1)
    lab.because(client, 'unread-request-body', 'live-socket')
