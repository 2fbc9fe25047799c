"""How one end closes: unread bytes, aborts, halves, kills."""
from . import AFTER_CLOSE, UNREAD, deed


def sides(scene, client, server):
    """Who acts and whom it befalls."""
    return (server, client) if scene.draw.random() < 0.6 else (client, server)


@deed(story='unread-at-close', weight=3)
def close_with_unread(scene):
    """One end closes its socket while bytes that its kernel has acknowledged are unread."""
    draw = scene.draw
    used = draw.random() < 0.75
    client, server = scene.used_pair() if used else scene.pair()
    idle = draw.choice([0, 0, 0.02, 0.3, 0.8])
    scene.pause(idle)
    closer, other = (server, client) if not used else sides(scene, client, server)
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        other.send(scene.talk.request() if other is client else scene.talk.response(draw.choice([30, 3000])))
        scene.pause(0.001, 0.05)
    if draw.random() < 0.3:
        scene.settle()
        closer.receive(1)
    waited = draw.uniform(0.1, 0.9)
    scene.settle()
    scene.pause(waited)
    closer.close()
    scene.settle()
    scene.look(other)
    also = ['abortive-close']
    if closer is server:
        also += ['closed-right-after-accept'] * (not used) + ['keepalive-race-unread'] * (used and idle > 0.05)
    else:
        # whether the last answer was read cannot be seen
        also += ['cancelled-download', 'routine-close-by-reset']
    scene.because(client, 'close-with-unread-data', 'live-socket', reasons=UNREAD, also=also)


@deed(story='unread-at-close')
def close_with_full_buffer(scene):
    """One end sends far more than the other reads, whose window shrinks; then the one that did not read closes."""
    draw = scene.draw
    client, server = scene.used_pair()
    closer, other = sides(scene, client, server)
    amount = draw.randint(30_000, 60_000)
    other.send(b'POST /upload HTTP/1.1\r\nHost: server\r\nContent-Length: %d\r\n\r\n' % amount if other is client else b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % amount)
    other.send(amount)
    scene.settle()
    scene.pause(0.2, 0.6)
    closer.close()
    scene.settle()
    scene.look(other)
    also = ['unread-request-body'] if closer is server else ['cancelled-download']
    scene.because(client, 'close-with-unread-data', 'live-socket', reasons=UNREAD, also=also)


@deed(weight=2)
def abort_when_done(scene):
    """Every request was answered; then one end drops the connection with SO_LINGER 0 instead of closing it."""
    client, server = scene.used_pair()
    actor, other = sides(scene, client, server)
    idle = scene.draw.choice([0.05, 0.3, 1.0, 1.5, 2.5])
    scene.pause(idle)
    actor.abort()
    scene.settle()
    scene.look(other)
    scene.because(client, 'routine-close-by-reset', 'live-socket', also=['abortive-close'] + ['server-idle-timeout'] * (idle >= 1))


@deed()
def killed_from_outside(scene):
    """An administrator kills an idle connection with ss -K."""
    client, server = scene.used_pair()
    actor, other = sides(scene, client, server)
    idle = scene.draw.choice([0.1, 1.2])
    scene.pause(idle)
    port = server.sock.getsockname()[1]
    key = 'dport' if actor is client else 'sport'
    own = client.sock.getsockname()[1]
    scene.world.inside(scene.world.home(actor.side), f"ss -K '{key} = :{port} and {'sport' if actor is client else 'dport'} = :{peer_port(actor, own)}'")
    scene.settle()
    scene.look(other)
    scene.because(client, 'abortive-close', 'live-socket', also=['routine-close-by-reset'] + ['server-idle-timeout'] * (idle >= 1))


def peer_port(actor, own):
    """The client's port as the actor's host knows it (masquerading may change it)."""
    return own if actor.side == 'client' else actor.sock.getpeername()[1]


@deed(weight=2)
def abort_after_fin(scene):
    """One end closes; the other, which has nothing more to say, answers the FIN with an abort instead of a FIN of its own."""
    client, server = scene.used_pair()
    actor, other = sides(scene, client, server)
    other.half_close()
    actor.sock.recv(1)
    scene.pause(*scene.draw.choice([(0.0001, 0.002), (0.02, 0.2), (0.5, 1.5)]))
    actor.abort()
    scene.settle()
    other.read()
    scene.because(client, 'routine-close-by-reset', 'live-socket', also=['abortive-close'])


@deed()
def fin_and_reset_together(scene):
    """One end half-closes and drops the socket in the same moment: FIN and RST within a millisecond."""
    client, server = scene.used_pair()
    actor, other = sides(scene, client, server)
    scene.pause(0.02, 1)
    actor.half_close()
    actor.abort()
    scene.settle()
    scene.look(other, writes=False)
    scene.because(client, 'routine-close-by-reset', 'live-socket', also=['abortive-close'])


@deed(weight=2)
def abort_owing_an_answer(scene):
    """The server reads a request and drops the connection with SO_LINGER 0 instead of answering."""
    used = scene.draw.random() < 0.7
    client, server = scene.used_pair() if used else scene.pair()
    idle = scene.draw.choice([0, 0.3])
    scene.pause(idle)
    request = scene.talk.request()
    client.send(request)
    server.receive(len(request))
    scene.pause(*scene.draw.choice([(0.001, 0.01), (0.1, 0.8)]))
    server.abort()
    scene.settle()
    scene.look(client)
    also = ['close-with-unread-data', 'unexplained-abort'] + ['keepalive-race-unread'] * (idle > 0.05) + ['closed-right-after-accept'] * (not used)
    scene.because(client, 'abortive-close', 'live-socket', also=also)


@deed()
def client_gives_up_waiting(scene):
    """The client waits for an answer, gives up and drops the connection with SO_LINGER 0."""
    client, server = scene.used_pair()
    request = scene.talk.request()
    client.send(request)
    server.receive(len(request))
    waited = scene.draw.choice([0.3, 0.6, 1.05, 1.5, 2.0])
    scene.pause(waited)
    client.abort()
    scene.settle()
    scene.look(server)
    if waited > 1:
        scene.because(client, 'response-timeout', 'live-socket', also=['abortive-close'])
    else:
        scene.because(client, 'abortive-close', 'live-socket', also=['response-timeout', 'cancelled-download', 'unexplained-abort'])


@deed()
def half_close_then_unread(scene):
    """The server says goodbye and half-closes; the client goes on sending; the server closes without reading."""
    client, server = scene.used_pair()
    server.send(b'BYE\r\n')
    server.half_close()
    client.receive(5)
    client.send(scene.talk.request())
    scene.settle()
    scene.pause(0.02, 0.4)
    server.close()
    scene.settle()
    scene.look(client)
    scene.because(client, 'half-close-with-unread-data', 'live-socket', reasons=UNREAD, also=['close-with-unread-data'])


@deed(story='one-byte-read', weight=3)
def reads_one_byte_and_closes(scene):
    """The server reads one byte and closes; the client's next write draws a reset, the one after it fails with EPIPE."""
    draw = scene.draw
    client, server = scene.pair()
    first = draw.choice([b'x', b'x', scene.talk.request()])
    client.send(first)
    server.receive(len(first))
    scene.pause(*draw.choice([(0.0001, 0.01), (0.1, 1.2)]))
    server.close()
    scene.pause(*draw.choice([(0.001, 0.02), (0.1, 1.5)]))
    client.write(draw.choice([b'y', scene.talk.request()]))
    scene.settle()
    client.write(b'z')
    scene.pause(0.02, 0.1)
    client.write(b'z')
    also = ['closed-right-after-accept', 'keepalive-race-after-fin', 'stale-connection-reuse']
    scene.because(client, 'data-after-close', 'kernel-reply', reasons=AFTER_CLOSE, also=also)


@deed()
def goodbye_unread(scene):
    """The client says QUIT and closes at once; the server's goodbye comes to a socket that is gone."""
    client, server = scene.used_pair()
    client.send(b'QUIT\r\n')
    client.close()
    server.receive(6)
    scene.pause(0.001, 0.05)
    server.write(scene.draw.choice([b'221 Bye\r\n', b'221 2.0.0 mail closing connection\r\n', b'+OK bye\r\n', b'205 closing connection\r\n']))
    server.close()
    scene.settle()
    scene.because(client, 'unread-close-notify', 'kernel-reply', reasons=AFTER_CLOSE, also=['routine-close-by-reset', 'unread-goodbye'])
