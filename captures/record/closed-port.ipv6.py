"""The client connects, over IPv6, to a port on which nothing listens."""
from lab import script

reason, ipv6 = 'NO_SOCKET', True
record = script('closed-port').record
