"""Seven clients connect to a listener with room for five and tcp_abort_on_overflow=1, the last four at once: two handshakes are reset, the others served."""
from lab import pause

reason, delay = 'INVALID_SYN', 0.02


def record(lab):
    lab.sysctl('server', 'net.ipv4.tcp_abort_on_overflow=1')
    listener = lab.listen(backlog=4)
    clients = [lab.connect() for _ in range(3)] + [lab.open() for _ in range(4)]
    for client in clients[3:]:
        client.sock.setblocking(False)
        client.sock.connect_ex(client.target)
    pause(0.3)
    for client in clients:
        client.sock.settimeout(0.1)
        if client.read()['result'] == 'ECONNRESET':
            client.write()
            lab.because(client, 'accept-queue-overflow', 'kernel-reply')
        else:
            client.notes.clear()
            server = lab.accept(listener)
            client.sock.settimeout(2)
            client.exchange(server)
            client.close()
            server.close()
