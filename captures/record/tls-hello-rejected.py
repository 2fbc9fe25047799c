"""A client speaks TLS to a line-based service; the service reads the first line's worth, gives up and closes with the rest of the hello unread."""
import ssl, threading
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def give_up(server):
    server.receive(32)
    pause(0.01)
    server.close()


def record(lab, port=6379, serve=give_up):
    listener = lab.listen(port)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(2):
        client = lab.connect(port)
        thread = threading.Thread(target=serve, args=[lab.accept(listener)])
        thread.start()
        client.note('read', lambda: context.wrap_socket(client.sock, server_hostname='server'))
        thread.join()
        lab.because(client, 'tls-hello-rejected', 'live-socket')
