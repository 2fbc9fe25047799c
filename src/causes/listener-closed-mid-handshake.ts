import { fact, span } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { decider, fullBacklog } from '../reset/vocabulary/on-the-host.js';

/** The listener was closed between SYN-ACK and ACK. */
export const listenerClosedMidHandshake = defineCause({
  id: 'listener-closed-mid-handshake',
  title: 'The service stopped listening while the handshake was under way',
  counted: '{handshake was|handshakes were} under way when {server} stopped listening',
  explanation: `The kernel had answered the SYN for a listening program; before the handshake's last packet arrived the
program closed its listening socket (stop, reload, crash). The half-open connection went with it, and the packet that
should have completed it was answered with RST. A reload with SO_REUSEPORT does this to some of the handshakes in
flight, on Linux unless net.ipv4.tcp_migrate_req is 1.`,
  fix: 'Drain before closing the listener; hand the listening socket over instead of opening a second one; with SO_REUSEPORT set net.ipv4.tcp_migrate_req = 1.',
  confirm: 'on {server.address}: the log of the service shows a stop or reload at that moment',
  references: ['linux: inet_csk_listen_stop', 'linux: tcp_migrate_req', 'linux: SK_RST_REASON_NO_SOCKET'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply'],
  needs: ['drawn'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, trigger, drawn, mechanism } = reset;
    if (sender.role !== 'server' || sender.syn === null) return undefined;
    if (mechanism.kind === 'third-party') return { no: 'another machine answered' };
    if (sender.bytes > 0 || sender.fin !== null || sender.segments > sender.retransmissions + 1)
      return { no: 'the server had taken the connection' };
    const listener = context.listener(sender.address, sender.port);
    const refused = listener?.refusedAfter(sender.syn.time) ?? null;
    const again = listener?.acceptedAfter(rst.time) ?? null;
    const gone = refused !== null && (again === null || refused < again) && refused - rst.time <= limits.restartWindow;
    const queue = context.queue(rst.frame);
    return {
      confidence: gone ? 'likely' : 'possible',
      responsible: 'server-app',
      lost: receiver.bytes > 0 ? 'request lost' : undefined,
      evidence: [
        fact(sender.syn, 'the kernel accepted the SYN for a listening program'),
        fact(
          drawn,
          trigger === null
            ? 'what the client sent next is not in this capture'
            : trigger.length > 0
              ? 'the client sent its first data'
              : 'the client completed the handshake',
        ),
        fact(rst, 'the answer was an RST as from a host without that connection: the listener had gone in between', {
          seq: rst.seq,
          window: rst.window,
        }),
        ...(gone && refused !== null
          ? [fact(null, `${span(refused - rst.time)} later the port refused connections`)]
          : []),
        ...(queue !== null && queue.overtaken > 0
          ? [
              fact(
                null,
                `${queue.overtaken} handshakes that were complete after this one were served: no queue was full`,
              ),
            ]
          : []),
      ],
      doubt: [
        `${fullBacklog(sender)} gives the same packets; ${decider(sender, 'TcpExtListenOverflows on the server')}.`,
      ],
    };
  },
});
