"""nginx answers a request for a forbidden place with nothing at all and a reset (return 444, reset_timedout_connection on), having read it."""
from pathlib import Path

reason, needs = 'TCP_STATE', ('nginx',)
CONFIGURATION = """daemon off; master_process off; pid /tmp/whyrst-nginx.pid; error_log stderr notice; events {}
http { access_log off; reset_timedout_connection on; server { listen 10.0.2.2:8080; location / { return 200 "ok"; } location /secret { return 444; } } }"""


def record(lab):
    path = Path('/tmp/whyrst-nginx.conf')
    path.write_text(CONFIGURATION)
    nginx = lab.run('server', 'nginx', '-c', path)
    lab.wait_for_port(8080)
    client = lab.connect(8080)
    client.send(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
    client.sock.recv(4096)
    client.close()
    for _ in range(2):
        client = lab.connect(8080)
        client.write(b'GET /secret HTTP/1.1\r\nHost: server\r\n\r\n')
        client.read()
        client.write()
        lab.because(client, 'closed-right-after-accept', 'live-socket')
