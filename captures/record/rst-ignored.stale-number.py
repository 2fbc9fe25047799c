"""A device that remembers only the handshake resets an idle connection with the first sequence number plus one; the client ignores it and the conversation goes on."""
from lab import pause

reason = None


def record(lab):
    wire = lab.wire()
    client, server = lab.pair()
    syn_ack = [one for one in wire.segments(0.1) if one['bits'] == 18][0]
    for _ in range(3):
        client.exchange(server)
    pause(2)
    lab.forge(syn_ack['source'], syn_ack['destination'], 'RA', syn_ack['seq'] + 1, syn_ack['ack'], ttl=255, dont_fragment=False)
    pause(0.3)
    client.exchange(server)
    client.close()
    server.close()
    lab.because(client, 'rst-ignored', 'third-party', not_at=['server'])
