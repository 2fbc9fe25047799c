"""The same path, but the client's kernel probes for the path MTU (tcp_mtu_probing=1): after some seconds it sends smaller segments and the upload is served."""
from lab import pause, script

golden, snaplen = 'client', 160


def record(lab):
    script('path-mtu-black-hole').narrow(lab)
    lab.sysctl('client', 'net.ipv4.tcp_mtu_probing=1')
    client, server = lab.pair()
    head = b'POST /upload HTTP/1.1\r\nHost: server\r\nContent-Length: 20000\r\n\r\n'
    client.send(head)
    server.receive(len(head))
    client.send(20000)
    server.sock.settimeout(20)
    server.receive(20000)
    server.send(b'HTTP/1.1 204 No Content\r\n\r\n')
    client.receive(27)
    client.close()
    server.close()
    pause(0.2)
