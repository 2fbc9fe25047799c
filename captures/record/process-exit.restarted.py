"""A server process with four connections, two with unread requests, is killed; half a second later a new process serves the port again."""
from lab import pause

reason, format = 'TCP_ABORT_ON_CLOSE', 'pcapng'


def record(lab):
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(4)]
    for client, server in pairs:
        client.exchange(server)
    process = lab.holder(listener, *(server for _, server in pairs))
    for client, _ in pairs[1::2]:
        client.send(b'GET /unread HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.2)
    lab.kill(process)
    pause(0.1)
    for number, (client, _) in enumerate(pairs):
        client.read()
        if number % 2:
            lab.because(client, 'process-exit', 'live-socket')
        client.close()
    pause(0.5)
    listener = lab.listen()
    for _ in range(2):
        client, server = lab.pair(listener=listener)
        client.exchange(server)
        client.close()
        server.close()
