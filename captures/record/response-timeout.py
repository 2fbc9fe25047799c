"""haproxy gives up on a slow server after two seconds, three times: 504 to the client, a reset to the server."""
import threading
from pathlib import Path
from lab import pause

reason, needs = 'TCP_STATE', ('haproxy', 'curl')
CONFIGURATION = """defaults
  mode http
  timeout connect 2s
  timeout client 5s
  timeout server 2s
listen web
  bind 10.0.1.2:8080
  server one 10.0.2.2:5001
"""


def record(lab):
    path = Path('/tmp/whyrst-haproxy.cfg')
    path.write_text(CONFIGURATION)
    listener = lab.listen()
    lab.run('client', 'haproxy', '-db', '-f', path)
    lab.wait_for_port(8080, 'client')
    for _ in range(3):
        curl = lab.run('client', 'curl', '-s', '-o', '/dev/null', '-w', '%{http_code}\\n', 'http://10.0.1.2:8080/report')
        server = lab.accept(listener)
        server.sock.settimeout(4)
        server.sock.recv(4096)
        server.read()
        server.write()
        lab.insist('504' in curl.wait(), curl.text())
        lab.because(server, 'response-timeout', 'live-socket')
