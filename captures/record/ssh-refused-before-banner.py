"""sshd with MaxStartups 1 holds one connection that has not logged in; it drops the next three ssh clients with one line, and their banners meet a closed socket."""
from pathlib import Path
from lab import pause, shell

reason, needs = ('TCP_ABORT_ON_DATA', 'TCP_TIMEWAIT_SOCKET'), ('sshd', 'ssh')


def start(lab):
    key, path = Path('/tmp/whyrst-ssh-key'), Path('/tmp/whyrst-sshd.conf')
    for old in (key, Path(f'{key}.pub')):
        old.unlink(missing_ok=True)
    shell(f'ssh-keygen -q -t ed25519 -N "" -f {key}', 'mkdir -p /run/sshd')
    path.write_text(f'Port 22\nListenAddress 10.0.2.2\nHostKey {key}\nMaxStartups 1:100:1\nPidFile none\nUsePAM no\n')
    daemon = lab.run('server', '/usr/sbin/sshd', '-D', '-e', '-f', path)
    lab.wait_for_port(22)
    lab.connect(22).sock.recv(100)
    return daemon


def ssh(lab):
    return lab.run('client', 'ssh', '-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'BatchMode=yes', 'nobody@10.0.2.2')


def record(lab):
    start(lab)
    truth = lab.connection('10.0.1.2:*', '10.0.2.2:22')
    for _ in range(3):
        pause(0.3)
        text = ssh(lab).wait()
        lab.insist('closed by remote host' in text, f'ssh says: {text[-120:]}')
    truth['applications']['client'] = [{'op': 'read', 'result': 'ok', 'bytes': 22}, {'op': 'read', 'result': 'EOF'}]
    lab.because(truth, 'ssh-refused-before-banner', 'kernel-reply')
