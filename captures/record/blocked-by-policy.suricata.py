"""An intrusion detection system that only listens resets both ends when it sees a request for /blocked (Suricata's form of reject); the server's answer comes too late."""
import threading
from lab import pause

reason = ('NO_SOCKET', None)


def watch(lab, wire, count):
    while count:
        for one in wire.segments(0.5):
            if one['payload'].startswith(b'GET /blocked'):
                lab.forge(one['destination'], one['source'], 'RA', one['ack'], one['end'], one['window'], 64, dont_fragment=False)
                lab.forge(one['source'], one['destination'], 'RA', one['seq'], one['ack'], one['window'], 64, dont_fragment=False)
                count -= 1


def record(lab):
    watcher = threading.Thread(target=watch, args=(lab, lab.wire(), 2), daemon=True)
    watcher.start()
    listener = lab.listen()
    client, server = lab.pair(listener=listener)
    client.exchange(server, b'GET /allowed HTTP/1.1\r\nHost: server\r\n\r\n')
    client.close()
    server.close()
    for _ in range(2):
        client, server = lab.pair(listener=listener)
        client.write(b'GET /blocked HTTP/1.1\r\nHost: server\r\n\r\n')
        pause(0.01)
        server.read()
        server.write(b'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret')
        pause(0.1)
        client.read()
        client.write()
        server.read()
        lab.because(client, 'blocked-by-policy', 'third-party')
        pause(0.3)
    watcher.join(2)
