"""A box on the path resets the client when its TLS hello names blocked.example; another name on the same server passes."""
import ssl
from lab import pause

reason, delay, needs = 'NO_SOCKET', 0.02, ('go',)


def watch(lab, wire, count):
    while count:
        for one in wire.segments(0.5):
            if b'blocked.example' in one['payload']:
                for _ in range(2):
                    lab.forge(one['destination'], one['source'], 'RA', one['ack'], one['end'], 0, 60, dont_fragment=False)
                count -= 1


def record(lab):
    server = lab.run('server', lab.go('tls-server'), '10.0.2.2:8443')
    server.wait_for('ready')
    lab.background(watch, lab, lab.wire(), 2)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for name in ('allowed.example', 'blocked.example', 'blocked.example'):
        client = lab.connect(8443)
        client.note('read', lambda: [lab.sockets.append(context.wrap_socket(client.sock, server_hostname=name))])
        if name.startswith('blocked'):
            lab.insist(client.notes[-1]['result'] == 'ECONNRESET', 'the hello passed')
            lab.because(client, 'blocked-by-policy', 'third-party', not_at=['server'])
        else:
            client.notes.clear()
            lab.sockets[-1].unwrap().close()
        pause(0.3)
