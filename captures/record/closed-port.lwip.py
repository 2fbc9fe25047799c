"""A small device whose TCP is lwIP (Debian's liblwip0) meets a closed port, an abort, a close with a request unread, a close behind which the client sends, and a connection left idle with keep-alive probes."""
import sys
from lab import PROGRAMS, pause, script

slirp = script('closed-port.slirp4netns')
needs = ()
STACK, LINK = '10.0.3.2', '10.0.3.1'


def record(lab):
    behind(lab, 'tap')
    meets(lab, lab.run('server', 'env', 'PRECONFIGURED_TAPIF=own0', sys.executable, '-u', PROGRAMS / 'lwip-server.py', STACK, LINK))


def behind(lab, kind):
    """A link own0 on the server, which forwards, for a TCP of a program's own at 10.0.3.2."""
    for line in (f'ip tuntap add dev own0 mode {kind}', f'ip addr add {LINK}/24 dev own0', 'ip link set own0 up', 'sysctl -qw net.ipv4.ip_forward=1'):
        lab.inside('server', line)
    lab.inside('router', f'ip route add 10.0.3.0/24 via {lab.four["server"]}')


def meets(lab, program):
    """The five deeds, all by the stack of the server: `program` does one at each port."""
    program.wait_for('ready')
    refused = lab.dial(4444, to=STACK)
    lab.because(refused, 'closed-port', 'kernel-reply')
    client = asked(lab, 5001)
    client.read()
    lab.because(client, 'abortive-close', 'live-socket')
    client = asked(lab, 5002)
    client.send(500)
    pause(0.4)
    client.read()
    lab.because(client, 'close-with-unread-data', 'live-socket')
    client = asked(lab, 5003)
    pause(0.2)
    client.write(50)
    pause(0.2)
    client.read()
    client.write()
    # both answer from the connection that they have closed: RST,ACK, as they abort
    lab.because(client, 'data-after-close', 'live-socket')
    client = asked(lab, 5004)
    slirp.probe(client)
    pause(3.5)
    ask(client)
    client.close()
    pause(0.3)


def asked(lab, port):
    client = lab.connect(port, to=STACK)
    ask(client)
    return client


def ask(client):
    client.send(b'GET / HTTP/1.1\r\nHost: server\r\n\r\n')
    client.receive(40)
