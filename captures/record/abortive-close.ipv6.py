"""After a complete exchange over IPv6 the server closes with SO_LINGER 0."""
from lab import script

reason, ipv6 = 'TCP_STATE', True
record = script('abortive-close').record
