"""An upload over a path whose narrow link says nothing of it: the server acknowledges the head of the request and sees nothing of its body; it says so after 4 s, which the client acknowledges, and aborts 2 s later."""
from lab import pause, script

reason, golden, snaplen = 'TCP_STATE', 'client', 160


def record(lab):
    script('path-mtu-black-hole').narrow(lab)
    client, server = lab.pair()
    head = b'put upload, 60000 octets\n'
    client.send(head)
    server.receive(len(head))
    client.send(60000)
    server.sock.settimeout(4)
    server.read()
    server.send(b'timed out\n')
    pause(2)
    server.abort()
    pause(0.2)
    client.read()
    client.write()
    # The server's side sees no more than a body that never comes.
    lab.because(client, 'path-mtu-black-hole', 'live-socket', also=['abortive-close', 'close-with-unread-data', 'response-timeout', 'server-idle-timeout', 'unexplained-abort'])
