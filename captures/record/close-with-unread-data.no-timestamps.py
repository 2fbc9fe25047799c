"""The server closes with 500 bytes unread on a connection without TCP timestamps."""
from lab import script

reason, timestamps = 'TCP_ABORT_ON_CLOSE', False
record = script('close-with-unread-data').record
