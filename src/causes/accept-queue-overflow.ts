import { fact, plural, span } from '../reset/evidence.js';
import { isOriginOpen } from '../reset/facts/mechanism.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** The listen backlog was full and tcp_abort_on_overflow = 1: the completed handshake was thrown away. */
export const acceptQueueOverflow = defineCause({
  id: 'accept-queue-overflow',
  title: 'The server was too busy to accept: its listen backlog was full',
  explanation: `The kernel completes handshakes on its own and queues them until the program calls accept(). When that
queue (the listen backlog) is full and net.ipv4.tcp_abort_on_overflow is 1, the client's last handshake packet or its
first data is answered with RST. connect() has succeeded by then, so the client sees "connection reset by peer" on its
first read or write. With the default 0 there would be no reset but silence and retries.`,
  fix: 'Accept faster (is the event loop blocked?), raise the listen backlog and net.core.somaxconn, set net.ipv4.tcp_abort_on_overflow back to 0.',
  confirm: `on {server.address}: nstat -az TcpExtListenOverflows; ss -ltn 'sport = :{server.port}' (Recv-Q over Send-Q); sysctl net.ipv4.tcp_abort_on_overflow`,
  references: ['linux: tcp_check_req', 'linux: SK_RST_REASON_INVALID_SYN', 'listen(2)'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply'],
  needs: ['drawn'],
  signature: (reset, context) => {
    const { rst, sender, receiver, handshake, trigger, drawn, mechanism } = reset;
    if (sender.role !== 'server' || sender.syn === null) return undefined;
    if (mechanism.kind === 'third-party') return { no: 'another machine answered' };
    if (
      sender.iss === null ||
      sender.sndNxt === null ||
      sender.bytes > 0 ||
      sender.fin !== null ||
      sender.dataSegments > 0
    )
      return { no: 'the server had taken the connection' };
    // A SYN-ACK, repeated perhaps, is all that a connection without a socket of its own sends.
    if (sender.segments > sender.retransmissions + 1) return { no: 'the server had answered with more than SYN-ACKs' };
    const listener = context.listener(sender.address, sender.port);
    const accepted = listener?.acceptedBefore(rst.time) ?? null;
    const others = (listener?.accepted ?? 1) - 1;
    const served = listener?.served ?? 0;
    const refused = listener?.refusedAfter(rst.time) ?? null;
    const again = listener?.acceptedAfter(rst.time) ?? null;
    if (refused !== null && (again === null || refused < again))
      return { no: 'the port refused connections right after: the listener was gone' };
    const queue = context.queue(rst.frame);
    const overtaken = queue?.overtaken ?? 0;
    const lively = others > 0 && (accepted !== null || again !== null);
    const stillThere = again !== null || served > 0 || (listener !== null && listener.live > 0);
    return {
      // Whether later handshakes overtook it (a reload, no full queue) only the client's direction tells.
      confidence:
        lively && stillThere && queue !== null && overtaken === 0 && trigger !== null && !isOriginOpen(reset)
          ? 'likely'
          : 'possible',
      responsible: 'server-app',
      lost: receiver.bytes > 0 ? 'request lost' : undefined,
      evidence: [
        fact(sender.syn, 'the kernel accepted the SYN'),
        ...(handshake?.ack ? [fact(handshake.ack, 'the client completed the handshake: connect() succeeded')] : []),
        fact(
          rst,
          `${trigger === null ? `${span(drawn.time - sender.syn.time)} later` : `${span(trigger.latency)} after ${trigger.length > 0 ? 'its first data' : 'that'}`} the server's kernel answered as if there were no connection, with the number of its own SYN-ACK + 1`,
          { seq: rst.seq, window: rst.window },
        ),
        ...(lively ? [fact(null, `the same listener took ${plural(others, 'other connection')}`)] : []),
      ],
      doubt: [
        'A listener that was closed and opened again in that moment (a reload) gives the same packets; nstat TcpExtListenOverflows decides.',
      ],
    };
  },
});
