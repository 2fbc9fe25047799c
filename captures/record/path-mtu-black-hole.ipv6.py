"""Over IPv6 the router's Packet Too Big is filtered: an upload hangs, is told of a timeout and aborted."""
from lab import script

reason, golden, snaplen, ipv6 = 'TCP_STATE', 'client', 160, True
record = script('path-mtu-black-hole.upload').record
