"""The server reads the client's byte and closes, over IPv6; the client writes twice more."""
from lab import script

reason, ipv6 = 'TCP_TIMEWAIT_SOCKET', True
record = script('data-after-close').record
