"""A server on gVisor's netstack (the TCP of sandboxed containers) meets a closed port, an abort, a close with a request unread, a close behind which the client sends, and a connection left idle with keep-alive probes."""
from lab import script

lwip = script('closed-port.lwip')
needs = ('go',)


def record(lab):
    lwip.behind(lab, 'tun')
    lwip.meets(lab, lab.run('server', lab.go('gvisor-server'), 'own0', lwip.STACK))
