"""The server answers 413 after the head of an upload and closes; the body, half sent, stays unread."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    client, server = lab.pair()
    head = b'POST /upload HTTP/1.1\r\nHost: server\r\nContent-Length: 20000\r\n\r\n'
    client.send(head)
    client.send(8000)
    server.receive(len(head))
    pause(0.02)
    server.send(b'HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    server.close()
    pause(0.05)
    client.write(8000)
    client.write(4000)
    client.read()
    client.read()
    lab.because(client, 'unread-request-body', 'live-socket')
