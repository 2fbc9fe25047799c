"""A load balancer resets three connections toward the client, each after 61 s without a packet, and says why: F5 BIG-IP's words in the reset."""
import time
from lab import pause

reason = None


def record(lab):
    wire = lab.wire()
    listener = lab.listen()
    deaths = []
    for _ in range(3):
        client, server = lab.pair(listener=listener)
        client.exchange(server)
        pause(0.05)
        deaths.append((client, wire.last('10.0.2.2'), time.time() + 60.95))
        pause(0.65)
    for client, last, due in deaths:
        pause(due - time.time())
        lab.forge(last['source'], last['destination'], 'RA', last['end'], last['ack'], payload=b'BIG-IP: [0x2a83cf5:1147] Flow expired (sweeper)', ttl=255, identification=0x4d2)
        pause(0.05)
        client.read()
        client.write()
        lab.because(client, 'device-idle-timeout', 'third-party', not_at=['server'])
