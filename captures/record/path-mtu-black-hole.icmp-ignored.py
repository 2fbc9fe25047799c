"""The router says "fragmentation needed, 1,400" for each large packet, but the client's own firewall drops ICMP: it goes on sending 1,500 octets, and the server aborts after 6 s."""
from lab import pause, script

reason, golden, snaplen = 'TCP_STATE', 'client', 160


def record(lab):
    lab.nft('table inet lab { chain input { type filter hook input priority 0\nicmp type destination-unreachable drop\n} }', host='client')
    lab.inside('router', 'ip link set r1 mtu 1400')
    client, server = lab.pair()
    head = b'POST /upload HTTP/1.1\r\nHost: server\r\nContent-Length: 60000\r\n\r\n'
    client.send(head)
    server.receive(len(head))
    client.send(60000)
    server.sock.settimeout(6)
    server.read()
    server.abort()
    pause(0.2)
    client.read()
    client.write()
    # The server's side sees no more than a body that never comes.
    lab.because(client, 'path-mtu-black-hole', 'live-socket', also=['abortive-close', 'close-with-unread-data', 'unexplained-abort'])
