"""In the middle of a connection the path goes dark; the client repeats its request and gets no answer."""
from lab import pause


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(0.2)
    lab.forward('drop')
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    client.sock.settimeout(4)
    client.read()
