import { timerNamed } from '../context/timers.js';
import { bytes, cited, fact, span } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { mayBeHttp } from '../reset/vocabulary/protocols.js';
import { isServer } from '../reset/vocabulary/side.js';

/** A request reached the socket in the instant in which the server closed the idle connection: no FIN was sent. */
export const keepaliveRaceUnread = defineCause({
  id: 'keepalive-race-unread',
  title: 'A request arrived in the instant the server closed the idle connection',
  counted: '{request|requests} arrived in the instant in which {server} closed the connection',
  explanation: `Both programs keep connections open for reuse. The server's time limit ran out just when the next request
arrived: its kernel already had the bytes, its program had not read them, and closing a socket with unread bytes makes
the kernel send RST instead of FIN. The client sees "connection reset by peer" on a request that the server acknowledged
and never processed. No FIN comes first, which is why this form of the race is so hard to see.`,
  fix: 'Let the client or proxy drop idle connections sooner than the server does (1 s sooner is customary), and retry requests that are safe to repeat.',
  confirm: `on {server.address}: the access log has no entry for this request; nstat -az TcpExtTCPAbortOnClose TcpExtTCPAbortOnData counts up`,
  references: [
    'RFC 9112 §9.5',
    'nodejs/node#26166',
    'envoyproxy/envoy#19664',
    'linux: SK_RST_REASON_TCP_ABORT_ON_CLOSE',
  ],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, unanswered, mechanism, exchanges } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (!isServer(sender)) return undefined;
    if (sender.fin !== null) return { no: `a FIN came first (${cited(sender.fin)}); that race has none` };
    if (unanswered === null) return { no: 'no request was waiting for an answer' };
    // One that the capture missed, or holds behind the RST, is not among them.
    const messages = receiver.messages + (unanswered === receiver.lastMessage ? 0 : 1);
    if (exchanges < 1 || messages < 2) return { no: 'no exchange was complete before' };
    const idle = unanswered.idleBefore;
    if (idle === null || idle < Math.max(limits.exchangeIdle, limits.idleRoundTrips * (reset.rtt ?? 0)))
      return { no: 'the connection had not been idle before the request' };
    const since = rst.time - unanswered.first.time;
    if (since > limits.raceUnread) return { no: `the server had the request for ${span(since)} before it closed` };
    // Within the instant: before the kernel had even acknowledged it, or within a round trip and a wake-up.
    const instant = (reset.freshlyAcked ?? 0) > 0 || since <= (reset.rtt ?? 0) + limits.replyLatency;
    const timer = timerNamed(idle + since, limits, mayBeHttp(reset));
    if (!instant && timer === null)
      return { no: `the server had the request for ${span(since)}, and ${span(idle)} of silence is no known timer` };
    return {
      confidence: 'likely',
      responsible: 'configuration',
      lost: `${bytes(unanswered.length)} unanswered`,
      evidence: [
        fact(sender.lastData, 'the last answer had been sent'),
        fact(
          unanswered.first,
          `after ${span(idle)} of silence the client sent its next request (${bytes(unanswered.length)})`,
          { idle: Math.round(idle) },
        ),
        fact(
          rst,
          `${span(since)} later, with no byte of answer and no FIN, the server's live socket sent an RST that acknowledges the request`,
          { ack: rst.ack, window: rst.window },
        ),
      ],
      doubt: [
        `Inferred: that the idle limit and the request met. ${span(idle + since)} ${timer === null ? 'fits no known timer' : `is ${timer}`}. A worker that died on this request gives the same packets; its log decides.`,
      ],
    };
  },
});
