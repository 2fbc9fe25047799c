"""The keep-alive race, captured at the router on all interfaces: every packet twice."""
from lab import script

reason, golden, middle = 'TCP_ABORT_ON_DATA', 'middle', 'any'
record = script('keepalive-race-after-fin').record
