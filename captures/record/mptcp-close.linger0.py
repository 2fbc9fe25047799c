"""An MPTCP server closes with SO_LINGER 0 after a complete exchange: RST,ACK with FASTCLOSE and TCPRST options."""
import socket
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    for host in ('client', 'server'):
        lab.sysctl(host, 'net.mptcp.enabled=1')
    client, server = lab.pair(protocol=262)
    client.exchange(server)
    pause(0.1)
    server.abort()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'mptcp-close', 'live-socket')
