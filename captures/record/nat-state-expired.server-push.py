"""The client sits behind a NAT that forgot the idle connection; what the server pushes then is reset by the NAT router."""
from lab import pause

reason, golden, middle, needs = 'NO_SOCKET', 'server', 'r1', ('conntrack',)


def record(lab):
    listener = lab.listen(5001)
    lab.nft("""table ip nat { chain post { type nat hook postrouting priority 100
        ip saddr 10.0.1.2 masquerade
    } }""")
    lab.sysctl('router', 'net.netfilter.nf_conntrack_tcp_loose=0', 'net.netfilter.nf_conntrack_tcp_timeout_established=30')
    client = lab.connect()
    server = lab.accept(listener, of=client)
    client.exchange(server)
    pause(35)
    server.write(b'news for you\n')
    pause(0.1)
    server.read()
    server.write()
    client.sock.settimeout(0.3)
    client.read()
    lab.because(client, 'nat-state-expired', 'third-party', not_at=['client'])
