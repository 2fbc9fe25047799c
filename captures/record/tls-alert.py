"""A Go server wants a client certificate; the client has none and sends its request at once: a fatal alert, then a reset because the request is unread."""
import socket, ssl
from lab import pause

reason, needs = 'TCP_ABORT_ON_CLOSE', ('go',)


def record(lab):
    server = lab.run('server', lab.go('mutual-tls-server'), '10.0.2.2:8443')
    server.wait_for('ready')
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(2):
        client = lab.connect(8443)
        stream = context.wrap_socket(client.sock, server_hostname='server')
        lab.sockets.append(stream)
        for _ in range(2):
            stream.send(b'POST / HTTP/1.1\r\nHost: server\r\nContent-Length: 40000\r\n\r\n' + b'b' * 500)
        pause(0.1)
        for _ in range(2):
            client.note('read', lambda: socket.socket.recv(stream, 4096))  # the bytes of the alert, undeciphered
        lab.because(client, 'tls-alert', 'live-socket')
        pause(0.2)
