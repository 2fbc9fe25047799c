"""The server refuses an upload with 413 but reads it to its end before it closes."""
from lab import pause


def record(lab):
    client, server = lab.pair()
    head = b'POST /upload HTTP/1.1\r\nHost: server\r\nContent-Length: 16000\r\n\r\n'
    client.send(head)
    client.send(8000)
    server.receive(len(head))
    server.send(b'HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    server.half_close()
    client.write(8000)
    server.receive(16000)
    client.read_all()
    client.close()
    server.read()
    server.close()
