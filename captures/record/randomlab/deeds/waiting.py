"""Timers: who waits too long, and what his kernel does then."""
import socket
from . import AFTER_CLOSE, deed

TCP_USER_TIMEOUT, TCP_LINGER2 = 18, 8


def cut(scene, port, ways=('dport', 'sport')):
    """The path goes dark for one port; returns the name of the rules' table."""
    table = f'inet cut{port}'
    scene.world.add_rules(f'table {table}', f"chain forward {{ type filter hook forward priority -20; {'; '.join(f'tcp {way} {port} drop' for way in ways)}; }}")
    return f'table {table}'


@deed('apart', 'plain')
def keepalive_unanswered(scene):
    """The path goes dark under an idle connection; one end's keep-alive probes stay unanswered and its kernel gives up with a reset. Later the path is mended and the other end speaks."""
    draw = scene.draw
    client, server = scene.used_pair()
    prober, other = (server, client) if draw.random() < 0.6 else (client, server)
    for option, value in ((socket.TCP_KEEPIDLE, 2), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, draw.choice([2, 3]))):
        prober.sock.setsockopt(socket.IPPROTO_TCP, option, value)
    prober.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    table = cut(scene, server.sock.getsockname()[1])
    scene.pause(6)
    prober.read()
    mended = draw.random() < 0.5
    # the prober's RST passes its own capture and, on the near side, the router's
    blind = [] if mended else ['client' if prober is server else 'server', 'middle']
    if mended:
        scene.world.drop_rules(table)
        other.write(scene.talk.request())
        scene.settle()
        scene.look(other)
    also = ['unexplained-reply', 'reply-after-timeout', 'host-lost-state'] if mended else []
    scene.because(client, 'tcp-keepalive-timeout', 'live-socket', reasons=('TCP_KEEPALIVE_TIMEOUT',), not_at=blind, also=also)


@deed('apart', 'plain')
def given_up_in_silence(scene):
    """One end's data is lost again and again until TCP_USER_TIMEOUT ends its socket without a word; the other end speaks later and is told that nobody is there."""
    draw = scene.draw
    client, server = scene.used_pair()
    loser, other = (server, client) if draw.random() < 0.6 else (client, server)
    loser.sock.setsockopt(socket.IPPROTO_TCP, TCP_USER_TIMEOUT, draw.choice([1000, 1500]))
    table = cut(scene, server.sock.getsockname()[1], ways=('sport',) if loser is server else ('dport',))
    loser.send(scene.talk.request())
    scene.pause(6.5)
    loser.read()
    scene.world.drop_rules(table)
    other.write(scene.talk.request())
    scene.settle()
    scene.look(other)
    scene.because(client, 'reply-after-timeout', 'kernel-reply', reasons=AFTER_CLOSE, also=['unexplained-reply', 'host-lost-state'])


@deed('plain')
def reader_stalls(scene):
    """The receiver stops reading; the sender, after a second or more of zero window, drops the connection with SO_LINGER 0."""
    draw = scene.draw
    client, server = scene.used_pair()
    sender, reader = (server, client) if draw.random() < 0.7 else (client, server)
    sender.fill()
    scene.pause(1.5, 3)
    sender.abort()
    scene.settle()
    reader.read_all()
    scene.because(client, 'stalled-reader', 'live-socket', also=['abortive-close'])


@deed()
def no_patience_in_fin_wait_2(scene):
    """The server closes with TCP_LINGER2 -1: it has no patience for the client's side, whose acknowledgment of the FIN draws a reset."""
    client, server = scene.used_pair()
    server.sock.setsockopt(socket.IPPROTO_TCP, TCP_LINGER2, -1)
    server.close()
    scene.settle()
    client.read()
    scene.settle()
    scene.because(client, 'fin-wait-2-timeout', 'kernel-reply', reasons=('TCP_ABORT_ON_DATA', 'TCP_ABORT_ON_LINGER', 'NO_SOCKET', 'TCP_FLAGS'))


@deed('apart', 'plain')
def last_ack_lost(scene):
    """Both ends have closed; the last ACK is lost and its host, which keeps no TIME_WAIT, answers the repeated FIN with a reset."""
    scene.world.sysctl('client', 'net.ipv4.tcp_max_tw_buckets=0')
    client, server = scene.used_pair()
    port = server.sock.getsockname()[1]
    client.half_close()
    scene.settle()
    server.read()
    table = cut(scene, port, ways=('dport',))
    server.close()
    scene.pause(0.03 + scene.far)
    scene.world.drop_rules(table)
    client.read()
    client.close()
    scene.pause(0.8)
    scene.because(client, 'late-segment-after-close', 'kernel-reply', reasons=AFTER_CLOSE)
