"""A Node server answers a request and then resets the connection with resetAndDestroy()."""
reason, needs = 'TCP_STATE', ('node',)


def record(lab):
    server = lab.node('server', 'reset-server', lab.address['server'], 5001)
    server.wait_for('ready')
    client = lab.node('client', 'idle-client', lab.address['server'], 5001)
    client.wait()
    truth = lab.connection('10.0.1.2:*', '10.0.2.2:5001')
    truth['applications']['client'] = client.operations()
    lab.because(truth, 'abortive-close', 'live-socket')
