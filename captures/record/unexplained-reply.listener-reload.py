"""A server reloads with SO_REUSEPORT: the old listener is closed while handshakes are under way; some of eight clients are reset, new ones are served."""
from lab import pause

reason, delay = 'TCP_FLAGS', 0.02


def record(lab):
    old, new = lab.listen(reuse_port=True), lab.listen(reuse_port=True)
    clients = [lab.open() for _ in range(8)]
    for client in clients:
        client.sock.setblocking(False)
        client.sock.connect_ex(client.target)
    pause(0.035)
    old.close()
    pause(0.1)
    cut = 0
    for client in clients:
        client.sock.settimeout(0.05)
        if client.read()['result'] == 'ECONNRESET':
            lab.because(client, 'listener-closed-mid-handshake', 'kernel-reply')
            cut += 1
        else:
            client.notes.clear()
            server = lab.accept(new)
            client.sock.settimeout(2)
            client.exchange(server)
            client.close()
            server.close()
    lab.insist(0 < cut < 8, f'{cut} of 8 reset')
