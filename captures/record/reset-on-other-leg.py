"""A server behind a Node TCP proxy ends its leg (FIN); the proxy resets the client's leg in the same millisecond. Captured on the proxy, both legs."""
from lab import pause

reason, golden, middle, needs = 'TCP_STATE', 'middle', 'any', ('node',)


def record(lab):
    lab.node('router', 'proxy', '10.0.1.1', 8080, '10.0.2.2', 5001).wait_for('ready')
    listener = lab.listen()
    client = lab.connect(8080, to='10.0.1.1')
    server = lab.accept(listener)
    client.exchange(server)
    pause(0.3)
    server.close()
    pause(0.2)
    client.read()
    client.write()
    lab.because(client, 'reset-on-other-leg', 'live-socket', not_at=['server'], also=['abortive-close'])
