import { bytes, fact, plural, span } from '../reset/evidence.js';
import { resetAfterFin } from '../reset/vocabulary/after-close.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { turnedAway } from '../reset/vocabulary/turned-away.js';

/** The server took the connection and closed it at once: a connection limit, an allow-list, a full pool. */
export const closedRightAfterAccept = defineCause({
  id: 'closed-right-after-accept',
  title: 'The server accepted the connection and closed it at once',
  counted: '{connection was|connections were} accepted and closed at once by {server}',
  explanation: `The kernel had completed the handshake, so connect() succeeded; then the server program closed the
connection without an answer while it served others. Servers do that beyond a connection limit, for addresses they do
not allow, or when all workers are busy. When the first request had arrived unread, the kernel sends RST; when it came
later, it meets a closed socket and draws one.`,
  fix: "Raise the server's connection limit or the number of its workers, or shed load with an answer (503, a banner) instead of a close; put a queue in front.",
  confirm: `on {server.address}: the server's log at that moment, its connection limit (maxConnections, max_connections, LimitNOFILE)`,
  references: ['RFC 9293 §3.6.1', 'node: server.maxConnections'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'reply'],
  needs: ['accepted'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, accepted, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (sender.role !== 'server') return undefined;
    const away = turnedAway(reset, context, limits);
    if (away === null)
      return {
        no: sender.bytes > 0 ? `the server had sent ${bytes(sender.bytes)}` : 'the server had not closed at once',
      };
    const { closed, since, served, limit } = away;
    return {
      confidence: away.confidence,
      responsible: 'server-app',
      lost: receiver.bytes > 0 ? 'request unanswered' : undefined,
      evidence: [
        fact(accepted, 'the handshake was complete'),
        ...(receiver.firstData ? [fact(receiver.firstData, `the client sent its first ${bytes(receiver.bytes)}`)] : []),
        ...(limit === null ? [] : [fact(sender.firstData, `the server said why: "${limit}"`)]),
        fact(
          closed,
          limit === null
            ? `${span(since)} after the handshake the server closed without a byte of answer (${sender.fin ? 'FIN' : 'RST'})`
            : `${span(since)} after the handshake the server closed (${sender.fin ? 'FIN' : 'RST'})`,
        ),
        ...(sender.fin ? [fact(rst, resetAfterFin(reset, "the client's request"))] : []),
        ...(served > 0 ? [fact(null, `the same listener served ${plural(served, 'other connection')}`)] : []),
      ],
      doubt:
        away.confidence === 'certain'
          ? []
          : [
              limit !== null
                ? 'That the close follows from what it said is inferred from the order.'
                : served > 0
                  ? 'Inferred: a limit or an allow-list. A worker that crashed on this connection looks the same; the server log decides.'
                  : 'No other connection to this listener was served in this capture: a server that is broken for everyone looks the same.',
            ],
    };
  },
});
