"""An administrator kills an idle connection on the server, after a complete exchange, with ss -K."""
from lab import pause

reason, needs = 'TCP_STATE', ('ss',)


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(0.5)
    lab.inside('server', 'ss -K state established "( sport = :5001 )"')
    pause(0.1)
    client.read()
    client.write()
    server.read()
    server.write()
    lab.because(client, 'abortive-close', 'live-socket')
