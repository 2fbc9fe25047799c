"""A program connects to a port of its own host on which nothing listens; captured on lo."""
from lab import script

reason, loopback = 'NO_SOCKET', True
record = script('closed-port').record
