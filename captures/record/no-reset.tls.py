"""A page over TLS: the server sends close_notify and FIN, the client reads both and then closes."""
import ssl
from lab import pause

format, needs = 'pcapng', ('go',)


def record(lab):
    server = lab.run('server', lab.go('tls-server'), '10.0.2.2:8443')
    server.wait_for('ready')
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    client = lab.connect(8443)
    stream = context.wrap_socket(client.sock, server_hostname='server')
    stream.sendall(b'GET / HTTP/1.1\r\nHost: server\r\nConnection: close\r\n\r\n')
    while stream.recv(4096):
        pass
    lab.sockets.append(stream)
    stream.close()
    pause(0.1)
