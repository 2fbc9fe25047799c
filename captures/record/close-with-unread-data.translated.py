"""Unread bytes behind a service address, captured on all interfaces of the machine that translates it: every packet under two four-tuples."""
from lab import script

reason, golden, middle = 'TCP_ABORT_ON_CLOSE', 'middle', 'any'


def record(lab):
    listener = lab.listen()
    lab.nft('table ip nat { chain pre { type nat hook prerouting priority -100\n ip daddr 10.0.1.1 tcp dport 8080 dnat to 10.0.2.2:5001\n } }')
    client = lab.connect(8080, to='10.0.1.1')
    script('close-with-unread-data').leave_unread(lab, client, lab.accept(listener, of=client))
