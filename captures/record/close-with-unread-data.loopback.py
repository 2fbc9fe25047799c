"""The server closes with 500 bytes unread; both programs on one host, captured on lo."""
from lab import script

reason, loopback = 'TCP_ABORT_ON_CLOSE', True
record = script('close-with-unread-data').record
