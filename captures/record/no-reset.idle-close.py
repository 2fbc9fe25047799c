"""The server closes an idle connection; the client notices and closes too, without another request."""
from lab import pause


def record(lab):
    client, server = lab.pair()
    client.exchange(server)
    pause(1)
    server.close()
    client.read()
    client.close()
