"""After a complete exchange on a connection without TCP timestamps the server closes with SO_LINGER 0."""
from lab import script

reason, timestamps = 'TCP_STATE', False
record = script('abortive-close').record
