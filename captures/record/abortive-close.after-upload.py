"""The server reads all of a 120 kB upload as it comes, then closes with SO_LINGER 0: the window never shrank."""
from lab import pause

reason, snaplen = 'TCP_STATE', 96


def record(lab):
    client, server = lab.pair()
    for _ in range(15):
        client.send(8000)
        server.receive(8000)
        pause(0.01)
    server.send(b'HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n')
    client.receive(43)
    pause(0.2)
    server.abort()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'abortive-close', 'live-socket')
