"""The server reads the client's byte and closes; the client's next bytes, 20 ms away, cross the FIN."""
from lab import script

reason, delay = 'TCP_ABORT_ON_DATA', 0.02
record = script('data-after-close').record
