"""A busy sshd with MaxStartups 1 finds the next client's banner there already when it drops it: RST,ACK in place of a FIN."""
import os, signal
from lab import pause, script

reason, needs = 'TCP_ABORT_ON_CLOSE', ('sshd', 'ssh')


def record(lab):
    others = script('ssh-refused-before-banner')
    daemon = others.start(lab)
    truth = lab.connection('10.0.1.2:*', '10.0.2.2:22')
    for _ in range(2):
        pause(0.3)
        os.killpg(daemon.process.pid, signal.SIGSTOP)
        client = others.ssh(lab)
        pause(0.5)
        os.killpg(daemon.process.pid, signal.SIGCONT)
        text = client.wait()
        lab.insist('reset by peer' in text or 'closed by remote host' in text, text)
    truth['applications']['client'] = [{'op': 'read', 'result': 'ok', 'bytes': 22}, {'op': 'read', 'result': 'ECONNRESET'}]
    lab.because(truth, 'ssh-refused-before-banner', 'live-socket')
