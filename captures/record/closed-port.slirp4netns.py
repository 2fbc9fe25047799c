"""A program behind slirp4netns (libslirp, as in rootless containers and QEMU's user network) meets a closed port, an abort, a close with a request unread, and a close behind which it sends; libslirp's TCP tells it so in the servers' names. Keep-alive probes it answers itself."""
import socket
from lab import pause

reason, golden, needs = 'NO_SOCKET', 'guest', ('slirp4netns',)
BEYOND = ['client', 'middle', 'server']
NETWORK = ('slirp4netns', '--configure', '--mtu=1500', '--cidr=10.9.0.0/24', '--disable-dns', '--netns-type=path')


def record(lab):
    lab.guest(*NETWORK)
    closed = lab.dial(4444, host='guest')
    lab.because(closed, 'closed-port', 'kernel-reply', not_at=BEYOND)
    lab.because(lab.connection(f"{lab.four['client']}:*", f"{lab.four['server']}:4444"), 'closed-port', 'kernel-reply', not_at=['guest'])
    closes(lab)
    # keep-alive probes are answered here, and an idle connection is kept
    client, server = through(lab, 5004)
    client.exchange(server)
    probe(client)
    pause(3.5)
    client.exchange(server)


def closes(lab):
    """Three ends of connections by their server, for any network between. What the user-space TCP does is a deed of its own, on another connection."""
    client, server = through(lab, 5001)
    client.exchange(server)
    pause(0.1)
    server.abort()
    pause(0.2)
    client.read()
    because(lab, client, server, 'abortive-close')
    client, server = through(lab, 5002)
    client.exchange(server)
    client.send(500)
    pause(0.1)
    server.close()
    pause(0.2)
    client.read()
    because(lab, client, server, 'close-with-unread-data')
    client, server = through(lab, 5003)
    client.exchange(server)
    server.close()
    pause(0.2)
    client.write(50)
    pause(0.1)
    client.read()
    client.write()
    pause(0.2)
    # the user-space TCP takes and acknowledges the octets before it learns that nobody wants them
    because(lab, client, server, 'data-after-close', beyond='kernel-reply', also=['half-close-with-unread-data'])


def probe(end):
    for option, value in ((socket.TCP_KEEPIDLE, 1), (socket.TCP_KEEPINTVL, 1), (socket.TCP_KEEPCNT, 2)):
        end.sock.setsockopt(socket.IPPROTO_TCP, option, value)
    end.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def through(lab, port):
    """A guest's connection and the one that the user-space network opens for it."""
    listener = lab.listen(port)
    client = lab.connect(port, host='guest')
    return client, lab.accept(listener)


def because(lab, client, server, cause, beyond='live-socket', also=()):
    lab.because(client, cause, 'live-socket', not_at=BEYOND, also=also)
    lab.because(server, cause, beyond, not_at=['guest'])
