import type { Context } from '../context/types.js';
import { bytes, fact, plural, span } from '../reset/evidence.js';
import { isOriginOpen } from '../reset/facts/mechanism.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isKeptWaiting } from '../reset/vocabulary/kept-waiting.js';
import { decider } from '../reset/vocabulary/on-the-host.js';
import type { SignatureResult } from '../reset/vocabulary/verdict.js';

const DROPPED =
  'SYNs to the same listener had to be repeated in the same seconds: a full queue drops them in silence, a closed port would refuse them';

/** The listen backlog was full: the completed handshake was thrown away, with an RST (tcp_abort_on_overflow = 1) or in silence (0). */
export const acceptQueueOverflow = defineCause({
  id: 'accept-queue-overflow',
  title: 'The server was too busy to accept: its listen backlog was full',
  counted: '{connection|connections} found {server} too busy to accept',
  explanation: `The kernel completes handshakes on its own and queues them until the program calls accept(). When that
queue (the listen backlog) is full and, on Linux, net.ipv4.tcp_abort_on_overflow is 1, the client's last handshake packet or its
first data is answered with RST. connect() has succeeded by then, so the client sees "connection reset by peer" on its
first read or write. With the default 0 the server forgets the client's acknowledgment: it sends its SYN-ACK again and
again, acknowledges no data and drops further SYNs in silence, until either side gives up.`,
  fix: 'Accept faster (is the event loop blocked?), raise the listen backlog and net.core.somaxconn, set net.ipv4.tcp_abort_on_overflow back to 0.',
  confirm: `on {server.address}: nstat -az TcpExtListenOverflows; ss -ltn 'sport = :{server.port}' (Recv-Q over Send-Q); sysctl net.ipv4.tcp_abort_on_overflow`,
  references: ['linux: tcp_check_req', 'linux: SK_RST_REASON_INVALID_SYN', 'listen(2)'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply', 'active', 'active-shrunk', 'mirror'],
  needs: [],
  signature: (reset, context) => {
    if (reset.shape !== 'reply' || isKeptWaiting(reset)) return neverAccepted(reset, context);
    const { rst, sender, receiver, handshake, trigger, drawn, mechanism } = reset;
    if (sender.role !== 'server' || sender.syn === null || drawn === null) return undefined;
    if (mechanism.kind === 'third-party') return { no: 'another machine answered' };
    const taken =
      sender.bytes + sender.dataSegments > 0 || sender.fin !== null || reset.aftermath.senderWentOn !== null;
    if (taken || sender.sndNxt === null) return { no: 'the server had taken the connection' };
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
    const dropped = context.unansweredAround(sender, rst.time);
    // A listener that closes resets all that wait in its queue, not only the newest.
    const burst = context.burst(sender, sender, rst.time);
    const together = burst?.frames.filter((frame) => frame > rst.frame).length ?? 0;
    const spared = (queue?.waiting ?? 0) - together;
    const stillThere = again !== null || served > 0 || (listener !== null && listener.live > 0);
    return {
      // Whether later handshakes overtook it (a reload, no full queue) only the client's direction tells.
      confidence:
        trigger !== null &&
        overtaken === 0 &&
        !isOriginOpen(reset) &&
        ((lively && stillThere && queue !== null) || dropped > 0 || spared > 0)
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
        ...(dropped > 0 ? [fact(null, DROPPED)] : []),
        ...(spared > 0
          ? [
              fact(
                null,
                `${plural(spared, 'other connection')} that had come before and had not been served either lived on: the listener was still there`,
              ),
            ]
          : []),
        ...(lively ? [fact(null, `the same listener took ${plural(others, 'other connection')}`)] : []),
      ],
      doubt: [
        `A listener that was closed and opened again in that moment (a reload) gives the same packets; ${decider(reset.sender, 'TcpExtListenOverflows')}.`,
      ],
    };
  },
});

/** The connection stayed in the queue's waiting room until somebody gave it up. */
function neverAccepted(reset: Reset, context: Context): SignatureResult {
  const { rst, sender, receiver, handshake, mechanism } = reset;
  const [client, server] = sender.role === 'client' ? [sender, receiver] : [receiver, sender];
  if (mechanism.kind === 'third-party') return { no: 'another machine answered' };
  if (!isKeptWaiting(reset)) return { no: 'the server did not repeat a SYN-ACK that had been acknowledged' };
  const dropped = context.unansweredAround(server, rst.time);
  return {
    confidence: 'likely',
    responsible: 'server-app',
    lost: client.bytes > 0 ? 'request lost' : undefined,
    evidence: [
      fact(handshake?.ack ?? null, 'the client completed the handshake: connect() succeeded'),
      ...(client.firstData
        ? [
            fact(
              client.firstData,
              `its first ${bytes(client.bytes)} were never acknowledged, however often they were sent`,
            ),
          ]
        : []),
      fact(
        server.lastSegment,
        `the server sent its SYN-ACK again (${plural(server.retransmissions, 'time')}), though it had been acknowledged: its kernel had no room in the queue and forgot the acknowledgment`,
      ),
      ...(dropped > 0 ? [fact(null, DROPPED)] : []),
      fact(
        rst,
        sender === client
          ? 'at last the client gave up: its socket reset the connection'
          : "at last the server's kernel had forgotten the half-open connection: what the client sent drew an RST",
        { seq: rst.seq },
      ),
    ],
    doubt: [
      "A path on which the client's packets no longer reach the server looks the same at the client; nstat TcpExtListenOverflows on the server decides.",
    ],
  };
}
