"""A NAT gives one port to two clients in turn; the second one's SYN meets the server's TIME_WAIT of the first: an ACK of the old connection, a reset, SYN again."""
import random
from lab import pause

reason, golden, middle, timestamps, needs = 'TCP_INVALID_ACK_SEQUENCE', 'server', 'r1', False, ('conntrack',)


def record(lab):
    lab.nft('table ip nat { chain post { type nat hook postrouting priority 100\n ip saddr 10.0.1.2 tcp sport 40000-40009 snat to 10.0.2.1:33000\n } }')
    listener = lab.listen()
    first, second = random.sample(range(40000, 40010), 2)  # in half of all pairs the second number lies behind the first
    client = lab.connect(source_port=first)
    server = lab.accept(listener, of=client)
    client.exchange(server)
    server.close()
    client.read()
    client.notes.clear()
    client.close()
    pause(0.3)
    lab.inside('router', 'conntrack -F', check=False)
    again = lab.connect(timeout=4, source_port=second)
    fresh = lab.accept(listener, of=again)
    again.exchange(fresh)
    again.close()
    fresh.close()
    # Where the first connection had another port, only that there was one is to see.
    lab.because(again, 'time-wait-port-reuse', 'kernel-reply', also=('half-open-port-reuse',))
