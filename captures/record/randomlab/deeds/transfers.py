"""Transfers that are not carried to their end."""
from . import AFTER_CLOSE, UNREAD, deed


@deed(story='client-closes', weight=3)
def download_stopped(scene):
    """The client closes its socket while the server is sending: with received bytes unread, by abort, or because its process is killed."""
    draw = scene.draw
    client, server = scene.used_pair()
    client.send(scene.talk.request())
    server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n')
    sending = server.pour(block=draw.choice([1000, 4000, 16384]), pause=draw.choice([0.002, 0.01, 0.03]))
    client.receive(draw.randint(100, 8000))
    way = draw.choice(['close', 'close', 'abort', 'kill'])
    if way == 'kill':
        process = scene.world.holder(client)
        scene.pause(0.1, 0.5)
        scene.world.kill(process)
    else:
        scene.pause(0.05, 0.5)
        client.abort() if way == 'abort' else client.close()
    sending.join(3)
    scene.settle()
    server.read()
    also = ['close-with-unread-data', 'abortive-close', 'data-after-close']
    scene.because(client, 'cancelled-download', 'live-socket', also=also)


@deed(story='client-closes')
def download_left_between_blocks(scene):
    """The client has read all that came of a stream and closes (FIN); the server's next block finds no socket."""
    client, server = scene.used_pair()
    for _ in range(scene.draw.randint(1, 5)):
        block = scene.draw.randint(200, 3000)
        server.send(block)
        client.receive(block)
        scene.pause(0.02, 0.1)
    client.close()
    scene.pause(*scene.draw.choice([(0.005, 0.04), (0.2, 0.8)]))
    server.write(scene.draw.randint(200, 3000))
    scene.settle()
    server.write(scene.draw.randint(200, 3000))
    server.read()
    scene.because(client, 'data-after-close', 'kernel-reply', reasons=AFTER_CLOSE, also=['cancelled-download'])


@deed()
def upload_refused(scene):
    """The server answers 413 after the head of an upload and closes; the rest of the body stays unread or comes too late."""
    client, server = scene.pair()
    draw = scene.draw
    size = draw.choice([20_000, 60_000])
    head = b'POST /upload HTTP/1.1\r\nHost: server\r\nContent-Length: %d\r\n\r\n' % size
    client.send(head)
    client.send(draw.randint(2000, 9000))
    server.receive(len(head))
    scene.pause(0.01, 0.1)
    server.send(b'HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    server.close()
    scene.pause(0.001, 0.05)
    client.write(draw.randint(2000, 9000))
    scene.settle()
    client.write(4000)
    client.read()
    scene.because(client, 'unread-request-body', 'live-socket', reasons=UNREAD, also=['close-with-unread-data'])
