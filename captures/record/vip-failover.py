"""The server's address moves to another machine (a failover without state): its kernel resets the three connections as their clients speak."""
from lab import pause

reason, other, middle, filter = 'TCP_FLAGS', True, 'bridge', 'tcp or arp'


def record(lab):
    lab.sysctl('other', 'net.ipv4.ip_default_ttl=128')
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(3)]
    for client, server in pairs:
        client.exchange(server)
        client.exchange(server)
    pause(0.3)
    lab.inside('server', 'ip addr del 10.0.2.2/24 dev eth0')
    lab.inside('other', 'ip addr add 10.0.2.2/24 dev eth0')
    lab.inside('router', 'ip neigh flush dev bridge')
    lab.hosts['10.0.2.2'] = 'other'
    lab.listen(host='other', address='10.0.2.2')
    pause(0.1)
    for client, _ in pairs:
        client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
        pause(0.2)
        client.read()
        client.write()
        lab.because(client, 'vip-failover', 'kernel-reply', not_at=['server'])
