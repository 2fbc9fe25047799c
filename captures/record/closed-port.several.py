"""A client tries three ports of its own service that are closed, then the right one, and talks there: no scan."""
reason = 'NO_SOCKET'


def record(lab):
    listener = lab.listen(5004)
    for port in (5001, 5002, 5003):
        lab.because(lab.dial(port), 'closed-port', 'kernel-reply')
    client, server = lab.pair(listener=listener)
    client.exchange(server)
    client.close()
    server.close()
