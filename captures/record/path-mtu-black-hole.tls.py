"""A TLS handshake over such a path: the server's certificates are larger than the link takes, so that the client hangs behind its Client Hello until curl's time is over; what the server sends next is reset."""
from lab import pause, script
import subprocess, tempfile
from pathlib import Path

reason, golden, snaplen, needs = 'TCP_ABORT_ON_DATA', 'client', 160, ('openssl', 'curl')


def record(lab):
    script('path-mtu-black-hole').narrow(lab)
    folder = Path(tempfile.mkdtemp())
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:4096', '-nodes', '-keyout', folder / 'key', '-out', folder / 'cert', '-days', '2', '-subj', '/CN=server.example'],
                   check=True, stderr=subprocess.DEVNULL)
    (folder / 'chain').write_text((folder / 'cert').read_text() * 3)
    lab.run('server', 'openssl', 's_server', '-accept', '8443', '-cert', folder / 'cert', '-key', folder / 'key', '-cert_chain', folder / 'chain', '-www')
    lab.wait_for_port(8443)
    lab.run('client', 'curl', '-sk', '--max-time', '4', 'https://10.0.2.2:8443/').wait()
    pause(2)
    lab.because(lab.connection('10.0.1.2:*', '10.0.2.2:8443'), 'path-mtu-black-hole', 'kernel-reply')
