"""A client connects over IPv6 and, a moment later, over IPv4; IPv6 wins and the IPv4 attempt is abandoned: its SYN-ACK is answered with a reset."""
import select
from lab import pause

reason, delay = 'NO_SOCKET', 0.02


def record(lab):
    listener = lab.listen(address='fd00:2::2')
    lab.listen()
    winner, loser = lab.open(to='fd00:2::2'), lab.open()
    winner.sock.setblocking(False)
    loser.sock.setblocking(False)
    winner.sock.connect_ex(winner.target)
    pause(0.015)
    loser.sock.connect_ex(loser.target)
    select.select([], [winner.sock], [], 2)
    loser.close()
    winner.sock.settimeout(2)
    server = lab.accept(listener)
    winner.exchange(server)
    pause(0.1)
    winner.close()
    server.close()
    lab.because(loser, 'parallel-connect-loser', 'kernel-reply')
