"""A link on the path takes 1,400 octets only and the router's ICMP says so to nobody: the server's small answer arrives, its large one never does; the client gives up after 5 s and aborts."""
from lab import pause

reason, golden, snaplen = 'TCP_STATE', 'server', 160


def narrow(lab, mtu=1400, icmp='icmp type destination-unreachable drop; icmpv6 type packet-too-big drop'):
    """The router's link to the server takes `mtu` octets: what is larger is lost, in either direction, and the router's ICMP as well."""
    lab.inside('router', f'ip link set r1 mtu {mtu}')
    lab.nft(f'table inet lab {{ chain output {{ type filter hook output priority 0\n{icmp}\n}} }}')


def record(lab):
    narrow(lab)
    client, server = lab.pair()
    client.exchange(server)
    pause(0.1)
    request = b'GET /list HTTP/1.1\r\nHost: server\r\n\r\n'
    client.send(request)
    server.receive(len(request))
    server.send(b'HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n' + b'r' * 9000)
    client.sock.settimeout(5)
    client.read()
    client.abort()
    pause(0.2)
    server.read()
    server.write()
    # Behind the link there is a hole, and then nothing: a path that went dark would look the same.
    lab.because(client, 'path-mtu-black-hole', 'live-socket', also=['unexplained-abort', 'response-timeout'])
