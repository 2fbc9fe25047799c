"""A server with a limit of two connections accepts the third and closes it at once; the client's request then draws a reset."""
from lab import pause

reason = 'TCP_TIMEWAIT_SOCKET'


def record(lab):
    listener = lab.listen()
    served = [lab.pair(listener=listener) for _ in range(2)]
    for client, server in served:
        client.exchange(server)
    client, server = lab.pair(listener=listener)
    server.close()
    pause(0.005)
    client.write(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'closed-right-after-accept', 'kernel-reply')
    for client, server in served:
        client.exchange(server)
        client.close()
        server.close()
