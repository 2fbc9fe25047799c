"""Six clients connect at once to a listener with room for two; tcp_abort_on_overflow is 0, so nobody is reset: the rest wait and are served later."""
from lab import pause

delay = 0.02


def record(lab):
    listener = lab.listen(backlog=1)
    clients = [lab.open() for _ in range(6)]
    for client in clients:
        client.sock.setblocking(False)
        client.sock.connect_ex(client.target)
    pause(0.3)
    for client in clients:
        client.sock.settimeout(5)
        client.send(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
    listener.settimeout(6)
    servers = []
    for _ in clients:
        server = lab.accept(listener)
        server.sock.settimeout(6)
        server.receive(32)
        server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
        servers.append(server)
    for client in clients:
        client.read()
        client.close()
    pause(0.1)
    for server in servers:
        server.close()
