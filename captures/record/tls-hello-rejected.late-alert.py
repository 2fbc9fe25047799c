"""A server 20 ms away closes on a TLS hello and resets: the client, which has read EOF by then, sends a fatal alert before the reset arrives."""
import ssl, threading
from lab import pause

reason, delay = 'TCP_STATE', 0.02


def record(lab):
    listener = lab.listen(443)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(2):
        client = lab.connect(443)
        server = lab.accept(listener)

        def serve():
            server.sock.recv(4096)
            server.half_close()
            pause(0.01)
            server.abort()
        thread = threading.Thread(target=serve)
        thread.start()
        client.note('read', lambda: context.wrap_socket(client.sock, server_hostname='server'))
        thread.join()
        pause(0.1)
        lab.because(client, 'tls-hello-rejected', 'live-socket')
