"""A NAT forgets a connection that was idle for 35 s (its limit: 30 s) and answers the next request itself; a busier neighbour on the same address survives."""
from lab import pause

reason, needs = 'NO_SOCKET', ('conntrack',)


def record(lab):
    listener = lab.listen(5001)
    lab.nft("""table ip nat { chain pre { type nat hook prerouting priority -100
        ip daddr 10.0.1.1 tcp dport 8080 dnat to 10.0.2.2:5001
    } }""")
    lab.sysctl('router', 'net.netfilter.nf_conntrack_tcp_loose=0', 'net.netfilter.nf_conntrack_tcp_timeout_established=30')
    idle = lab.connect(8080, to='10.0.1.1')
    idle_server = lab.accept(listener, of=idle)
    busy = lab.connect(8080, to='10.0.1.1')
    busy_server = lab.accept(listener, of=busy)
    idle.exchange(idle_server)
    for _ in range(4):
        busy.exchange(busy_server)
        pause(35 / 4)
    idle.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    idle.read()
    idle.write()
    idle_server.sock.settimeout(0.3)
    idle_server.read()
    busy.exchange(busy_server)
    lab.because(idle, 'nat-state-expired', 'third-party', not_at=['server'])
