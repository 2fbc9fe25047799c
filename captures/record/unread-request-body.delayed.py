"""The refused upload of unread-request-body, 5 ms away: the reset follows right behind the answer and crosses the client's acknowledgment of it."""
from lab import script

reason, delay = 'TCP_ABORT_ON_CLOSE', 0.005
record = script('unread-request-body').record
