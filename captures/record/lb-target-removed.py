"""haproxy, with one address for both sides, balances four TCP connections, and one of another service that goes on; the operator takes their server out and shuts its sessions down: their servers' legs are reset in the same millisecond, the clients' end with FIN and, 20 to 50 µs behind it, an RST."""
import socket
from pathlib import Path
from lab import pause

reason, golden, middle, needs = ('TCP_STATE', 'TCP_ABORT_ON_CLOSE'), 'middle', 'any', ('haproxy',)
CONFIGURATION = """global
  stats socket /tmp/whyrst-haproxy.sock level admin
defaults
  mode tcp
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  option nolinger
listen web
  bind 10.0.1.1:8080
  server one 10.0.2.2:5001 source 10.0.1.1
listen other
  bind 10.0.1.1:8081
  server two 10.0.2.2:5002 source 10.0.1.1
"""


def tell(words):
    with socket.socket(socket.AF_UNIX) as control:
        control.connect('/tmp/whyrst-haproxy.sock')
        control.sendall(words.encode() + b'\n')
        return control.recv(4096)


def record(lab):
    path = Path('/tmp/whyrst-haproxy.cfg')
    path.write_text(CONFIGURATION)
    lab.run('router', 'haproxy', '-db', '-f', path)
    lab.wait_for_port(8080, 'router')
    listener, second = lab.listen(), lab.listen(5002)
    steady = lab.connect(8081, to='10.0.1.1')
    steady_server = lab.accept(second)
    steady.exchange(steady_server)
    pairs = []
    for _ in range(4):
        client = lab.connect(8080, to='10.0.1.1')
        server = lab.accept(listener)
        client.exchange(server)
        pairs.append((client, server))
    pause(0.5)
    tell('set server web/one state maint')
    tell('shutdown sessions server web/one')
    pause(0.2)
    steady.exchange(steady_server)
    for client, server in pairs:
        server.read()
        client.read()
        lab.because(server, 'lb-target-removed', 'live-socket', not_at=['client'])
        lab.because(client, 'abortive-close', 'live-socket', not_at=['server'])
