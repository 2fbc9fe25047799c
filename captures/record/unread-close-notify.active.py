"""A TLS server says close_notify and FIN after its last answer; the client closes without reading them: RST,ACK over FIN."""
import ssl
from lab import pause

reason, needs = 'TCP_ABORT_ON_CLOSE', ('go',)


def record(lab):
    server = lab.run('server', lab.go('tls-server'), '10.0.2.2:8443')
    server.wait_for('ready')
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client = lab.connect(8443)
    stream = context.wrap_socket(client.sock, server_hostname='server')
    lab.sockets.append(stream)
    stream.sendall(b'GET / HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n')
    text = b''
    while b'hello' not in text:
        text += stream.recv(4096)
    pause(0.1)
    stream.close()
    pause(0.1)
    lab.because(client, 'unread-close-notify', 'live-socket')
