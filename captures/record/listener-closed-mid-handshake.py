"""The listener is closed while the client's last ACK of the handshake is under way; the next connect is refused."""
from lab import pause

reason, delay = 'NO_SOCKET', 0.02


def record(lab):
    listener = lab.listen()
    client = lab.open()
    client.sock.setblocking(False)
    client.sock.connect_ex(client.target)
    pause(0.035)
    listener.close()
    pause(0.1)
    client.sock.settimeout(2)
    client.read()
    client.write()
    lab.because(client, 'listener-closed-mid-handshake', 'kernel-reply')
    late = lab.dial()
    lab.because(late, 'closed-port', 'kernel-reply')
