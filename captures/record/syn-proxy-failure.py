"""The router answers SYNs for the server (nftables synproxy); the handshake with the client is complete, but the server's port is closed: its refusal reaches the client as a reset."""
from lab import pause

reason, needs = 'NO_SOCKET', ('conntrack',)


def record(lab):
    lab.sysctl('router', 'net.netfilter.nf_conntrack_tcp_loose=0', 'net.ipv4.tcp_syncookies=1', 'net.ipv4.tcp_timestamps=1')
    lab.nft("""table ip proxy {
        chain raw { type filter hook prerouting priority -300
            tcp dport 5001 tcp flags syn notrack
        }
        chain forward { type filter hook forward priority 0
            tcp dport 5001 ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm
        } }""")
    for _ in range(2):
        client = lab.dial()
        pause(0.2)
        client.read()
        client.write()
        lab.because(client, 'syn-proxy-failure', 'kernel-reply', also=['closed-port'])
