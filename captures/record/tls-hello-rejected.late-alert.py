"""A server 20 ms away closes on a TLS hello and resets: the client, which has read EOF by then, sends a fatal alert before the reset arrives."""
from lab import pause, script

reason, delay = 'TCP_STATE', 0.02


def refuse(server):
    server.sock.recv(4096)
    server.half_close()
    pause(0.01)
    server.abort()


def record(lab):
    script('tls-hello-rejected').record(lab, 443, refuse)
    pause(0.1)
