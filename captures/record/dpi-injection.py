"""An observer of the path injects three RST,ACKs each way (at X, X + 1460, X + 4380; times to live and windows that wander) when a request holds a forbidden word."""
from lab import pause

reason, delay = ('NO_SOCKET', 'TCP_FLAGS'), 0.02


def inject(lab, wire, count):
    while count:
        for one in wire.segments(0.5):
            if b'forbidden' in one['payload']:
                for number, step in enumerate((0, 1460, 4380)):
                    lab.forge(one['destination'], one['source'], 'RA', one['ack'] + step, one['end'], 1000 + 37 * number, 84 + number, 0x5000 + 13 * number, dont_fragment=False)
                    lab.forge(one['source'], one['destination'], 'RA', one['end'] + step, one['ack'], 2000 + 37 * number, 95 + number, 0x6000 + 13 * number, dont_fragment=False)
                count -= 1


def record(lab):
    lab.background(inject, lab, lab.wire(), 2)
    listener = lab.listen()
    client, server = lab.pair(listener=listener)
    client.exchange(server)
    client.close()
    server.close()
    for _ in range(2):
        client, server = lab.pair(listener=listener)
        client.write(b'GET /search?q=forbidden HTTP/1.1\r\nHost: server\r\n\r\n')
        pause(0.021)
        server.sock.settimeout(0.3)
        server.read()
        server.write(b'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlist')
        pause(0.2)
        client.read()
        client.write()
        lab.because(client, 'dpi-injection', 'third-party')
        pause(0.3)
