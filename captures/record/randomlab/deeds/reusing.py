"""Connections kept for reuse: races with the other end's close, idle limits."""
from . import AFTER_CLOSE, UNREAD, deed


@deed(story='keepalive-race', weight=3)
def request_after_fin(scene):
    """The server closes an idle connection; the client's next request leaves before it looks (crossing the FIN or shortly behind it)."""
    client, server = scene.used_pair()
    scene.pause(scene.draw.choice([0.6, 1.0, 1.7, 2.4]))
    crossing = scene.far and scene.draw.random() < 0.6
    server.close()
    scene.pause(*((0, scene.far * 0.9) if crossing else (0.0005, 0.05)))
    client.write(scene.talk.request())
    scene.settle()
    scene.look(client)
    scene.because(client, 'keepalive-race-after-fin', 'kernel-reply', reasons=AFTER_CLOSE, also=['stale-connection-reuse', 'data-after-close'])


@deed(story='keepalive-race', weight=3)
def request_meets_close(scene):
    """The client's next request reaches an idle connection in the instant in which the server closes it: it stays unread."""
    client, server = scene.used_pair()
    scene.pause(scene.draw.choice([0.6, 1.0, 1.7, 2.4]))
    client.write(scene.talk.request())
    scene.pause(scene.far + scene.world.options['jitter'] + scene.draw.uniform(0.0005, 0.03))
    server.close()
    scene.settle()
    scene.look(client)
    scene.because(client, 'keepalive-race-unread', 'live-socket', reasons=UNREAD, also=['close-with-unread-data'])


@deed(story='keepalive-race')
def stale_reuse(scene):
    """The client sends a request on a connection whose FIN arrived long ago."""
    client, server = scene.used_pair()
    scene.pause(0.6, 1.5)
    server.close()
    scene.pause(0.4, 3)
    client.write(scene.talk.request())
    scene.settle()
    scene.look(client)
    scene.because(client, 'stale-connection-reuse', 'kernel-reply', reasons=AFTER_CLOSE, also=['data-after-close', 'keepalive-race-after-fin'])


@deed(story='keepalive-race')
def limit_of_requests(scene):
    """The server closes after its last allowed request; the client, which pipelines, has sent the next one already."""
    client, server = scene.used_pair()
    first, second = scene.talk.request(), scene.talk.request()
    client.send(first)
    server.receive(len(first))
    client.send(second)
    scene.settle()
    server.send(b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok')
    server.close()
    scene.settle()
    scene.look(client)
    scene.because(client, 'close-with-unread-data', 'live-socket', reasons=UNREAD, also=['keepalive-race-unread', 'unread-request-body'])


@deed()
def idle_limit_by_abort(scene):
    """A server drops each of its idle connections after the same time of silence, with SO_LINGER 0."""
    draw = scene.draw
    listener = scene.listen()
    limit, gap = draw.choice([2, 3, 4]), draw.uniform(0.15, 0.5)
    pairs = []
    for _ in range(draw.randint(3, 5)):
        pairs.append(scene.used_pair(listener, 2))
        scene.pause(gap)
    # each was used `gap` after the one before it, and so ends
    scene.pause(max(0, limit - gap * len(pairs)))
    for client, server in pairs:
        server.abort()
        scene.because(client, 'server-idle-timeout', 'live-socket', also=['routine-close-by-reset', 'abortive-close'])
        scene.pause(gap)
    scene.settle()
    for client, _ in pairs:
        scene.look(client)


@deed(story='overloaded', weight=2)
def limit_reached(scene):
    """A server beyond its limit of connections accepts the next one and closes it at once, with or without a word."""
    draw = scene.draw
    listener = scene.listen()
    for _ in range(draw.randint(1, 3)):
        scene.used_pair(listener)
    client, server = scene.pair(listener)
    text = draw.choice([b'', b'', b'-ERR max number of clients reached\r\n', b'421 Too many connections\r\n', b'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'])
    early = draw.random() < 0.5
    if early:
        client.write(scene.talk.request())
        scene.settle()
    if text:
        server.send(text)
    server.close()
    if not early:
        scene.pause(0.005, 0.1)
        client.write(scene.talk.request())
    scene.settle()
    scene.look(client)
    also = ['close-with-unread-data'] * early + ['data-after-close', 'unread-request-body'] * bool(text)
    scene.because(client, 'closed-right-after-accept', 'live-socket' if early else 'kernel-reply', reasons=UNREAD if early else AFTER_CLOSE, also=also)
