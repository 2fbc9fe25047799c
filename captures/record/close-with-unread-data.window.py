"""The client uploads 120 kB that the server never reads, so the server's window shrinks; then the server closes."""
from lab import pause

reason, snaplen = 'TCP_ABORT_ON_CLOSE', 96


def record(lab):
    client, server = lab.pair()
    client.sock.setblocking(False)
    sent = 0
    for _ in range(15):
        try:
            sent += client.sock.send(b'u' * 8000)
        except BlockingIOError:
            break
        pause(0.01)
    client.sock.settimeout(2)
    pause(0.3)
    server.close()
    pause(0.1)
    client.read()
    client.write()
    lab.because(client, 'close-with-unread-data', 'live-socket')
