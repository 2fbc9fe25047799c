"""A firewall on the path rejects SYNs to one port with a TCP reset in the server's name; another port of the server is served."""
reason = None


def record(lab):
    lab.forward('tcp dport 5001 reject with tcp reset')
    client, server = lab.pair(5002)
    client.exchange(server)
    client.exchange(server)
    for _ in range(2):
        lab.because(lab.dial(5001), 'firewall-reject-syn', 'third-party', not_at=['server'])
    client.close()
    server.close()
