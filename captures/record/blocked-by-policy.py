"""A filter on the path rejects every request for /blocked with a TCP reset; requests for other paths pass."""
from lab import pause

reason = None


def record(lab):
    # GET /blocked as the first octets of the payload
    lab.forward('@ih,0,96 0x474554202f626c6f636b6564 reject with tcp reset')
    listener = lab.listen()
    client, server = lab.pair(listener=listener)
    client.exchange(server, b'GET /allowed HTTP/1.1\r\nHost: server\r\n\r\n')
    client.close()
    server.close()
    for _ in range(2):
        client, server = lab.pair(listener=listener)
        client.write(b'GET /blocked HTTP/1.1\r\nHost: server\r\n\r\n')
        pause(0.1)
        client.read()
        client.write()
        server.sock.settimeout(0.2)
        server.read()
        lab.because(client, 'blocked-by-policy', 'third-party', not_at=['server'])
        pause(0.3)
