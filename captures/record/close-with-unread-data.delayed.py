"""The server closes with 500 bytes unread, 20 ms away in each direction."""
from lab import script

reason, delay = 'TCP_ABORT_ON_CLOSE', 0.02
record = script('close-with-unread-data').record
