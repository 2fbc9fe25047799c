"""Conversations over TLS, and TLS where none is spoken."""
import ssl
from lab import name_of, require
from . import UNREAD, deed


@deed()
def fetched_over_tls(scene):
    """A client fetches a page over TLS from a Go server and closes at once; the server's close_notify meets a socket that is gone."""
    require(['go'])
    world, port = scene.world, scene.port()
    world.run('server', world.go('tls-server'), name_of((world.address['server'], port))).wait_for('ready')
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(scene.draw.randint(1, 3)):
        client = world.connect(port, to=scene.service)
        client.sock.settimeout(4)
        stream = context.wrap_socket(client.sock, server_hostname='server')
        stream.sendall(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
        stream.recv(4096)
        if scene.draw.random() < 0.5:
            stream.setblocking(False)
            try:
                stream.unwrap()  # sends close_notify, waits for nothing
            except OSError:
                pass
        stream.close()
        scene.settle()
        scene.because(client, 'unread-close-notify', 'kernel-reply', maybe=True, also=['routine-close-by-reset', 'late-segment-after-close'])


@deed()
def certificate_refused(scene):
    """A client does not trust the server's certificate: it sends an alert and closes, with the rest of the handshake unread or met by the server's next words."""
    require(['go'])
    world, port = scene.world, scene.port()
    world.run('server', world.go('tls-server'), name_of((world.address['server'], port))).wait_for('ready')
    for _ in range(scene.draw.randint(1, 2)):
        client = world.connect(port, to=scene.service)
        client.sock.settimeout(4)
        try:
            ssl.create_default_context().wrap_socket(client.sock, server_hostname='server').close()
        except ssl.SSLError:
            pass
        client.close()
        scene.settle()
        scene.because(client, 'tls-alert', None, maybe=True, also=['unread-close-notify', 'tls-hello-rejected', 'routine-close-by-reset'])


@deed()
def tls_to_a_plain_port(scene):
    """A client speaks TLS to a program that speaks lines of text: it reads some octets, answers that this is no request (or nothing) and closes with the rest unread."""
    client, server = scene.pair()
    hello = ssl.MemoryBIO()
    talk = ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), hello, server_hostname='server.example')
    try:
        talk.do_handshake()
    except ssl.SSLWantReadError:
        pass
    client.write(hello.read())
    server.receive(scene.draw.choice([1, 5, 16, 100]))
    scene.pause(0.001, 0.05)
    if scene.draw.random() < 0.6:
        server.send(scene.draw.choice([b'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html>plain HTTP request expected</html>', b'-ERR Protocol error\r\n', b'500 unrecognised command\r\n']))
    server.close()
    scene.settle()
    client.read()
    client.read()
    scene.because(client, 'tls-hello-rejected', 'live-socket', reasons=UNREAD, also=['wrong-protocol', 'close-with-unread-data', 'closed-right-after-accept', 'unread-request-body', 'stated-reason'])
