"""A Node server closes a pooled connection at its keep-alive timeout while the client's http.Agent reuses it, 20 ms away: request and FIN cross."""
from lab import pause

reason, delay, needs = 'TCP_ABORT_ON_DATA', 0.02, ('node',)


def record(lab):
    server = lab.node('server', 'keepalive-server', lab.address['server'], 5001)
    server.wait_for('ready')
    # the server's clock starts 20 ms before the client has the answer
    client = lab.node('client', 'keepalive-client', lab.address['server'], 5001, 1995)
    client.wait()
    pause(0.1)
    lab.insist(any(one.get('reused') for one in client.operations()), f'no race: {client.text()}')
    truth = lab.connection('10.0.1.2:*', '10.0.2.2:5001')
    truth['applications']['client'] = client.operations()
    lab.because(truth, 'keepalive-race-after-fin', 'kernel-reply')
