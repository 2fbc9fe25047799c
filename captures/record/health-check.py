"""haproxy checks a server's port twice a second; each check ends in RST,ACK straight after the SYN-ACK. A real client is served in between."""
from pathlib import Path
from lab import pause

reason, needs = ('TCP_STATE', 'TCP_DISCONNECT_WITH_DATA', 'NOT_SPECIFIED'), ('haproxy',)
CONFIGURATION = """defaults
  mode tcp
  timeout connect 2s
  timeout client 5s
  timeout server 5s
listen web
  bind 10.0.1.2:8080
  server one 10.0.2.2:5001 check inter 500
"""


def record(lab):
    path = Path('/tmp/whyrst-haproxy.cfg')
    path.write_text(CONFIGURATION)
    listener = lab.listen()
    proxy = lab.run('client', 'haproxy', '-db', '-f', path)
    pause(1.6)
    client = lab.connect()
    while (server := lab.accept(listener)).sock.getpeername() != client.sock.getsockname():
        server.close()
    client.exchange(server)
    pause(2)
    client.close()
    server.close()
    proxy.kill()
    lab.because(lab.connection('10.0.1.2:*', '10.0.2.2:5001'), 'health-check', 'live-socket')
