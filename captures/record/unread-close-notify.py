"""curl fetches a page over TLS from a Go server and closes; the server's close_notify meets the closed client, as it does on every such connection."""
import re
from lab import pause

reason, delay, needs = ('TCP_ABORT_ON_DATA', 'TCP_TIMEWAIT_SOCKET'), 0.005, ('go', 'curl')


def record(lab):
    server = lab.run('server', lab.go('tls-server'), '10.0.2.2:8443')
    server.wait_for('ready')
    fetched = lab.run('client', 'curl', '-sSk', '--http1.1', '-w', 'from %{local_port}\\n', 'https://10.0.2.2:8443/').wait()
    lab.insist('hello' in fetched, fetched)
    pause(0.2)
    lab.because(lab.connection('10.0.1.2:' + re.search(r'from (\d+)', fetched)[1], '10.0.2.2:8443'), 'unread-close-notify', 'kernel-reply')
