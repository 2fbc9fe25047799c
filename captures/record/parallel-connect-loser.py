"""A client connects to ports 445 and 139 at the same time and drops the slower connection: its SYN-ACK is answered with a reset."""
import select
from lab import pause

reason, delay = 'NO_SOCKET', 0.02


def record(lab):
    listener = lab.listen(445)
    lab.listen(139)
    winner, loser = lab.open(445), lab.open(139)
    loser.sock.setblocking(False)
    winner.sock.setblocking(False)
    winner.sock.connect_ex(winner.target)
    pause(0.015)
    loser.sock.connect_ex(loser.target)
    select.select([], [winner.sock], [], 2)
    loser.close()
    winner.sock.settimeout(2)
    server = lab.accept(listener)
    winner.exchange(server, b'negotiate', b'dialect 3.1.1')
    pause(0.1)
    winner.close()
    server.close()
    lab.because(loser, 'parallel-connect-loser', 'kernel-reply')
