"""The client streams records that are never answered; the server reads them all and an administrator kills the connection (ss -K). Unread bytes would look the same."""
from lab import pause

reason, needs = 'TCP_STATE', ('ss',)


def record(lab):
    client, server = lab.pair()
    for _ in range(10):
        client.send(80)
        server.receive(80)
        pause(0.1)
    lab.inside('server', 'ss -K state established "( sport = :5001 )"')
    pause(0.1)
    client.read()
    client.write()
    server.read()
    server.write()
    lab.because(client, 'unexplained-abort', 'live-socket')
