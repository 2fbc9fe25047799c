"""A server process with four connections is killed: two end with FIN, the two with unread requests with RST; the port is closed afterwards."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


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
            client.write()
            lab.because(client, 'process-exit', 'live-socket')
        client.close()
    lab.because(lab.dial(5001), 'closed-port', 'kernel-reply')
