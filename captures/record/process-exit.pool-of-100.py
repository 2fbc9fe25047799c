"""A client process with a pool of 100 idle connections is killed: the Go server's reads return EOF 99 times and once "connection reset by peer", where a message lay unread."""
from lab import pause

reason, golden, snaplen, needs = 'TCP_ABORT_ON_CLOSE', 'server', 80, ('go',)


def record(lab):
    programs = lab.go('pool-server'), lab.go('pool-client')
    server = lab.run('server', programs[0], '10.0.2.2:5001')
    server.wait_for('ready')
    client = lab.run('client', programs[1], '10.0.2.2:5001')
    client.wait_for('idle')
    pause(0.5)
    client.kill()
    server.wait()
    ends = server.operations()
    cut = [end for end in ends if end['result'] == 'ECONNRESET']
    lab.insist(len(ends) == 100 and len(cut) == 1, f'{len(ends)} ends, {len(cut)} resets')
    truth = lab.connection(cut[0].pop('peer'), '10.0.2.2:5001')
    truth['applications']['server'] = cut
    lab.because(truth, 'process-exit', 'live-socket')
    lab.connection('10.0.1.2:*', '10.0.2.2:5001')['applications']['server'] = [{'op': 'read', 'result': 'EOF'}]
