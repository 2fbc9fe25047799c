"""The client gives up connecting after one second; the SYN-ACK, on a path of 1.2 s there and back, comes too late."""
from lab import pause

reason, delay = 'NO_SOCKET', 0.6


def record(lab):
    lab.listen()
    client = lab.dial(timeout=1)
    client.close()
    pause(1.5)
    lab.because(client, 'client-abandoned-connect', 'kernel-reply')
