"""An MPTCP server closes with 100 bytes unread: RST,ACK with FASTCLOSE and TCPRST options."""
import socket
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    for host in ('client', 'server'):
        lab.sysctl(host, 'net.mptcp.enabled=1')
    client, server = lab.pair(protocol=262)
    client.send(100)
    pause(0.1)
    server.close()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'mptcp-close', 'live-socket')
