"""A path-MTU black hole without a reset: an upload hangs, the server waits 5 s and closes with FIN, the client reads that and closes as well."""
from lab import pause, script

golden, snaplen = 'client', 160


def record(lab):
    script('path-mtu-black-hole').narrow(lab)
    client, server = lab.pair()
    head = b'POST /upload HTTP/1.1\r\nHost: server\r\nContent-Length: 60000\r\n\r\n'
    client.send(head)
    server.receive(len(head))
    client.send(60000)
    server.sock.settimeout(5)
    server.read()
    server.half_close()
    pause(0.1)
    client.read()
    pause(2)
