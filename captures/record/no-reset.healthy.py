"""Three requests and responses, then both ends close in order."""
from lab import pause


def record(lab):
    client, server = lab.pair()
    for _ in range(3):
        client.exchange(server)
        pause(0.05)
    client.close()
    server.read()
    server.close()
