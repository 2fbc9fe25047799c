"""A server process that has read everything is killed: its three connections end with FIN."""
from lab import pause


def record(lab):
    listener = lab.listen()
    pairs = [lab.pair(listener=listener) for _ in range(3)]
    for client, server in pairs:
        client.exchange(server)
    process = lab.holder(listener, *(server for _, server in pairs))
    pause(0.2)
    lab.kill(process)
    pause(0.05)
    for client, _ in pairs:
        client.read()
        client.close()
