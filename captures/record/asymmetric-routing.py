"""A stateful firewall sees one direction only (the SYN-ACK takes another way); it rejects the third segment of every handshake."""
from lab import pause

reason, delay, needs = 'NO_SOCKET', 0.02, ('conntrack',)


def record(lab):
    lab.nft("""table inet firewall {
        chain raw { type filter hook prerouting priority -300
            ip saddr 10.0.2.2 notrack
        }
        chain forward { type filter hook forward priority 0
            ip saddr 10.0.2.2 accept
            ct state new tcp flags & (syn | ack) == syn accept
            ct state established accept
            meta l4proto tcp reject with tcp reset
        } }""")
    lab.sysctl('router', 'net.netfilter.nf_conntrack_tcp_loose=0')
    listener = lab.listen()
    for _ in range(3):
        client = lab.connect()
        pause(0.1)
        client.read()
        client.write()
        lab.because(client, 'asymmetric-routing', 'third-party', not_at=['server'])
        pause(0.2)
