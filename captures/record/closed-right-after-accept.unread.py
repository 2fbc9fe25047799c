"""A server with a limit of two connections accepts the third and closes it at once, with the client's request unread."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    listener = lab.listen()
    served = [lab.pair(listener=listener) for _ in range(2)]
    for client, server in served:
        client.exchange(server)
    client = lab.connect()
    client.send(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.002)
    lab.accept(listener).close()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'closed-right-after-accept', 'live-socket')
    for client, server in served:
        client.exchange(server)
        client.close()
        server.close()
