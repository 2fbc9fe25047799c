"""haproxy passes TLS hellos for one name only; a hello with another name is read and the connection reset (option nolinger)."""
import ssl
from pathlib import Path
from lab import pause

reason, needs = 'TCP_STATE', ('haproxy', 'go')
CONFIGURATION = """defaults
  mode tcp
  timeout connect 2s
  timeout client 5s
  timeout server 5s
frontend tls
  bind 10.0.2.2:443
  option nolinger
  tcp-request inspect-delay 2s
  tcp-request content accept if { req_ssl_sni -i good.example }
  tcp-request content reject
  default_backend web
backend web
  server one 10.0.2.2:8443
"""


def record(lab):
    path = Path('/tmp/whyrst-haproxy.cfg')
    path.write_text(CONFIGURATION)
    server = lab.run('server', lab.go('tls-server'), '10.0.2.2:8443')
    server.wait_for('ready')
    lab.run('server', 'haproxy', '-db', '-f', path)
    lab.wait_for_port(443)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for name in ('good.example', 'other.example', 'other.example'):
        client = lab.connect(443)
        client.note('read', lambda: [lab.sockets.append(context.wrap_socket(client.sock, server_hostname=name))])
        if name.startswith('good'):
            lab.insist(client.notes[-1]['result'] == 'ok', 'the good name was refused')
            client.notes.clear()  # served, and stays open
        else:
            lab.because(client, 'tls-hello-rejected', 'live-socket')
        pause(0.3)
