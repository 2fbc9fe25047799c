"""A server 5 ms away answers and closes its connections one after the other within 150 ms, one with a request unread: no exit of its process."""
from lab import script

golden, reason, delay = 'server', 'TCP_ABORT_ON_CLOSE', 0.005
record = script('close-with-unread-data.among-others').record
