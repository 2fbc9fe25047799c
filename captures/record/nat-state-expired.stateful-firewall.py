"""A stateful firewall forgets a connection that was idle for 35 s (its limit: 30 s) and rejects the next request in the server's name; then the server's push too."""
from lab import pause

reason, needs = None, ('conntrack',)


def record(lab):
    listener = lab.listen()
    lab.nft("""table inet firewall { chain forward { type filter hook forward priority 0
        ct state established,related accept
        ct state new tcp flags & (syn | ack) == syn accept
        meta l4proto tcp reject with tcp reset
    } }""")
    lab.sysctl('router', 'net.netfilter.nf_conntrack_tcp_loose=0', 'net.netfilter.nf_conntrack_tcp_timeout_established=30')
    idle, idle_server = lab.pair(listener=listener)
    busy, busy_server = lab.pair(listener=listener)
    idle.exchange(idle_server)
    for _ in range(4):
        busy.exchange(busy_server)
        pause(35 / 4)
    idle.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.1)
    idle.read()
    idle.write()
    idle_server.write(b'news for you\n')
    pause(0.1)
    idle_server.read()
    busy.exchange(busy_server)
    lab.because(idle, 'nat-state-expired', 'third-party')
