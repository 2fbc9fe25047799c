"""A program behind pasta (passt of 2023, as in rootless Podman) meets an abort, a close with a request unread, and a close behind which it sends; before that a closed port, which passt tells with an RST that acknowledges nothing: the kernel drops it and asks until its timeout."""
from lab import pause, script

slirp = script('closed-port.slirp4netns')
reason, golden, needs = 'NO_SOCKET', 'guest', ('pasta',)
NETWORK = ('pasta', '--foreground', '--config-net', '--no-dhcp', '--no-dhcpv6', '--no-ndp', '--no-ra', '--ipv4-only', '--ns-ifname', 'tap0', '--address', '10.9.0.100', '--netmask', '24',
           '--gateway', '10.9.0.2', '--mtu', '1500', '--runas', '0', '--netns')


def record(lab):
    lab.guest(*NETWORK)
    closed = lab.dial(4444, host='guest')
    closed.close()
    lab.because(closed, 'rst-ignored', 'kernel-reply', not_at=slirp.BEYOND)
    lab.because(lab.connection(f"{lab.four['client']}:*", f"{lab.four['server']}:4444"), 'closed-port', 'kernel-reply', not_at=['guest'])
    slirp.closes(lab)
