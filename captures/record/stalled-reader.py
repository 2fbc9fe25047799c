"""nginx sends a file to a client that stops reading: two seconds of zero window, then nginx resets (send_timeout, reset_timedout_connection)."""
from pathlib import Path
from lab import pause

reason, snaplen, needs = 'TCP_STATE', 96, ('nginx',)
CONFIGURATION = """daemon off; master_process off; pid /tmp/whyrst-nginx.pid; error_log stderr notice; events {}
http { access_log off; reset_timedout_connection on; send_timeout 2s; server { listen 10.0.2.2:8080 sndbuf=64k; root /tmp/whyrst-www; } }"""


def record(lab):
    path, root = Path('/tmp/whyrst-nginx.conf'), Path('/tmp/whyrst-www')
    path.write_text(CONFIGURATION)
    root.mkdir(exist_ok=True)
    (root / 'film').write_bytes(b'f' * 3000000)
    lab.sysctl('client', 'net.ipv4.tcp_rmem="4096 65536 65536"')
    lab.run('server', 'nginx', '-c', path)
    lab.wait_for_port(8080)
    client = lab.connect(8080)
    client.send(b'GET /film HTTP/1.1\r\nHost: server\r\n\r\n')
    client.receive(20000)
    pause(3.5)
    client.read_all()
    client.write()
    lab.because(client, 'stalled-reader', 'live-socket')
