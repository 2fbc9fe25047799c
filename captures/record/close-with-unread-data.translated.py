"""Unread bytes behind a service address, captured on all interfaces of the machine that translates it: every packet under two four-tuples."""
from lab import pause

reason, golden, middle = 'TCP_ABORT_ON_CLOSE', 'middle', 'any'


def record(lab):
    listener = lab.listen()
    lab.nft('table ip nat { chain pre { type nat hook prerouting priority -100\n ip daddr 10.0.1.1 tcp dport 8080 dnat to 10.0.2.2:5001\n } }')
    client = lab.connect(8080, to='10.0.1.1')
    server = lab.accept(listener, of=client)
    client.send(500)
    pause(0.1)
    server.close()
    pause(0.1)
    client.read()
    client.read()
    client.write()
    lab.because(client, 'close-with-unread-data', 'live-socket')
