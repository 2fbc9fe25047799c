"""Three requests and responses over IPv6, then both ends close in order."""
from lab import script

ipv6 = True
record = script('no-reset.healthy').record
