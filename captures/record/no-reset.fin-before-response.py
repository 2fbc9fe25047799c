"""The server reads the request and closes without an answer: EOF, not a reset."""
from lab import pause


def record(lab):
    client, server = lab.pair()
    client.send(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
    server.receive(32)
    pause(0.1)
    server.close()
    client.read()
    client.close()
