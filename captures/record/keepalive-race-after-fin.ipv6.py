"""The keep-alive race over IPv6: the request leaves milliseconds after the server's FIN."""
from lab import script

reason, ipv6 = 'TCP_ABORT_ON_DATA', True
record = script('keepalive-race-after-fin').record
