"""A packet of a connection to a service address leaves the NAT untranslated; the client resets the stranger, that kills the server's end, and the server then the client."""
from lab import pause

reason = 'NO_SOCKET'


def record(lab):
    listener = lab.listen()
    rules = 'table ip nat { chain pre { type nat hook prerouting priority -100\n ip daddr 10.0.1.1 tcp dport 8080 dnat to 10.0.2.2:5001\n } }'
    lab.nft(rules)
    wire = lab.wire('r1')
    client = lab.connect(8080, to='10.0.1.1')
    server = lab.accept(listener, of=client)
    client.exchange(server)
    pause(0.2)
    segments = wire.segments()
    ours, theirs = wire.last('10.0.1.2', segments), wire.last('10.0.2.2', segments)
    lab.nft(rules + '\ntable ip leak { chain out { type filter hook output priority -300\n ip saddr 10.0.2.2 notrack\n } }')
    lab.forge(theirs['source'], ours['source'], 'PA', theirs['end'], ours['end'], 64, ttl=63, identification=0x7777, payload=b'out of window')
    pause(0.1)
    server.read()
    client.write(b'GET /next HTTP/1.1\r\nHost: server\r\n\r\n')
    pause(0.2)
    client.read()
    client.write()
    stranger = lab.connection('10.0.1.2:40000', '10.0.2.2:5001')
    lab.because(stranger, 'conntrack-invalid-leak', 'kernel-reply')
    lab.because(client, 'conntrack-invalid-leak', 'kernel-reply')
