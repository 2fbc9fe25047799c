"""The keep-alive race over IPv6: the request leaves milliseconds after the server's FIN."""
from lab import script

reason, ipv6, format = 'TCP_ABORT_ON_DATA', True, 'pcapng'
record = script('keepalive-race-after-fin').record
