"""The client sends 500 bytes; the server never reads them and closes its socket."""
from lab import pause

reason = 'TCP_ABORT_ON_CLOSE'


def record(lab):
    leave_unread(lab, *lab.pair())


def leave_unread(lab, client, server):
    client.send(500)
    pause(0.1)
    server.close()
    pause(0.1)
    client.read()
    client.read()
    client.write()
    lab.because(client, 'close-with-unread-data', 'live-socket')
