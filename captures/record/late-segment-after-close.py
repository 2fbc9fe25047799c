"""Both ends have closed; the client's last ACK is lost, and its host, which keeps no TIME_WAIT, answers the repeated FIN with a reset."""
from lab import pause

reason = 'NO_SOCKET'


def record(lab):
    lab.sysctl('client', 'net.ipv4.tcp_max_tw_buckets=0')
    client, server = lab.pair()
    client.exchange(server)
    client.half_close()
    pause(0.1)
    server.read()
    lab.forward('ip saddr 10.0.1.2 drop')
    server.close()
    pause(0.02)
    lab.forward()
    client.read()
    client.close()
    pause(0.6)
    lab.because(client, 'late-segment-after-close', 'kernel-reply')
