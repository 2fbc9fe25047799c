"""A client of a haproxy TCP proxy resets its leg; the proxy then resets the server's leg. Captured on the proxy, both legs."""
from pathlib import Path
from lab import pause

reason, golden, middle, needs = 'TCP_STATE', 'middle', 'any', ('haproxy',)
CONFIGURATION = """defaults
  mode tcp
  timeout connect 2s
  timeout client 20s
  timeout server 20s
listen web
  bind 10.0.1.1:8080
  option nolinger
  server one 10.0.2.2:5001 source 10.0.1.1
"""


def start(lab):
    path = Path('/tmp/whyrst-haproxy.cfg')
    path.write_text(CONFIGURATION)
    lab.run('router', 'haproxy', '-db', '-f', path)
    lab.wait_for_port(8080, 'router')
    listener = lab.listen()
    client = lab.connect(8080, to='10.0.1.1')
    server = lab.accept(listener)
    client.exchange(server)
    return client, server


def record(lab):
    client, server = start(lab)
    pause(0.3)
    client.abort()
    pause(0.2)
    server.read()
    server.write()
    lab.because(client, 'abortive-close', 'live-socket', not_at=['server'])
    lab.because(server, 'reset-on-other-leg', 'live-socket', not_at=['client'])
