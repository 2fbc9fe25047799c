"""SYN-ACKs arrive from four hosts that the client never called (backscatter of a flood that forges its address); its kernel resets each."""
from lab import pause

reason = 'NO_SOCKET'


def record(lab):
    lab.inside('router', 'ip route add blackhole 198.51.100.0/24')
    client, server = lab.pair()
    client.exchange(server)
    pause(2.2)
    for number in range(4):
        source, destination = (f'198.51.100.{10 + number}', 80), ('10.0.1.2', 1024 + 77 * number)
        lab.forge(source, destination, 'SA', 0x10000000 * (number + 3) + 1, 0x20000001, 65535, ttl=50, options=b'\2\4\5\xb4')
        lab.because(lab.connection(f'10.0.1.2:{destination[1]}', f'{source[0]}:80'), 'unsolicited-syn-ack', 'kernel-reply', not_at=['server'])
        pause(0.2)
    client.close()
    server.close()
