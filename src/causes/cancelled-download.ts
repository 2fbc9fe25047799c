import type { Limits } from '../limits.js';
import { bytes, cited, fact, flagsOf, plural, span } from '../reset/evidence.js';
import type { Aftermath, Evidence, Mark, Reset, SiblingReset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { sentAfterFin } from '../reset/vocabulary/dialogue.js';
import { isServer } from '../reset/vocabulary/side.js';
import { fallenWindow } from '../reset/vocabulary/thrown-away.js';
import { stoppedSoon } from '../reset/vocabulary/transfer.js';
import { DEFAULT_MSS, ETHERNET_MSS } from '../tcp/control.js';
import { distance } from '../tcp/sequence.js';

/** The receiving side closed in mid-transfer, with data unread and more on the way. */
export const cancelledDownload = defineCause({
  id: 'cancelled-download',
  title: 'The client stopped a transfer that was still running',
  counted: '{transfer was|transfers were} stopped by the client half-way',
  explanation: `The server was sending and the client closed its socket (or ended) before the end. Unread data lay in the
client's receive buffer, so its kernel sent RST instead of FIN; every segment that was still on its way drew another
RST. Someone pressed stop, left the page, seeked in a video, asked only for the head of a file, or a program gave up.`,
  fix: 'Nothing on the server. If it is frequent and not wanted: find out why clients give up (too slow? a time limit? a range that could be asked for?).',
  confirm: 'in the server log: the transfer ended early (nginx: status 499 or a short body; HAProxy: CD--)',
  references: ['RFC 9293 §3.6.1', 'linux: __tcp_close', 'linux: SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  since: '0.1.0',
  severity: 'note',
  shapes: ['active', 'active-shrunk', 'active-after-fin'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, unread, aftermath, mechanism, siblings } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (isServer(sender)) return undefined;
    const transfer = receiver.lastMessage;
    const mss = segmentOf(reset);
    // Segments still on their way when the client was gone each draw a bare RST.
    const volley = siblings.filter((s) => s.fromSender && s.frame > rst.frame && !s.hasAck);
    // One of them answers the server's FIN, where that was not acknowledged.
    const closes = receiver.fin !== null && receiver.fin.acked === null ? 1 : 0;
    // What had been acknowledged and comes again says that the acknowledgment was lost.
    const running = volley.length > closes || sentOn(aftermath) !== null;
    // What goes on behind a first segment is a transfer, too.
    if (transfer === null || transfer.length < (running ? DEFAULT_MSS : 2 * mss))
      return { no: 'no transfer of more than two segments was running' };
    if (sender.lastData !== null && sender.lastData.frame > transfer.last.frame)
      return { no: `the client had asked for more (${cited(sender.lastData)})` };
    const over = wasOver(reset, limits);
    if (over !== null) return { no: over };
    if (sender.fin !== null && !running && sentAfterFin(reset) < mss)
      return { no: `the client had closed with FIN (${cited(sender.fin)}) when it had all but the last words` };
    const gap = rst.time - transfer.last.time;
    const shut = sender.zeroWindow !== null;
    if (!running && !shut && unread === null && gap > 2 * (reset.rtt ?? 0) + limits.exchangeIdle)
      return { no: `the last data was ${span(gap)} old: nothing was running` };
    const proven = running || unread !== null;
    const fallen = proven ? null : fallenWindow(reset, limits);
    const early = shut || fallen !== null || stoppedSoon(reset, gap, mss, limits);
    return {
      confidence: proven ? 'certain' : early ? 'likely' : 'possible',
      responsible: 'client-app',
      lost: running || shut ? 'transfer cut short' : undefined,
      evidence: [
        fact(transfer.first, 'the server began to send'),
        fact(transfer.last, `it had sent ${bytes(transfer.length)}${proven ? ' and was still sending' : ' by then'}`),
        ...(unread
          ? [
              fact(unread.since ?? rst, `the client had stopped reading: at least ${bytes(unread.octets)} lay unread`, {
                unread: unread.octets,
              }),
            ]
          : []),
        ...(fallen === null
          ? []
          : [
              fact(
                fallen,
                `from here on the client's window fell with what came, and was larger again in the RST: it had stopped reading`,
              ),
            ]),
        fact(rst, `${span(gap)} after the last data the client closed its socket or ended: ${flagsOf(rst)}`, {
          window: rst.window,
        }),
        ...stillSending(reset, volley),
      ],
      doubt: proven
        ? []
        : [
            'Whether the transfer was complete: its length is not known. SO_LINGER 0 at the end of a complete transfer gives the same packets.',
          ],
    };
  },
});

/**
 * Octets of a full segment of the server. Where its MSS is larger than an Ethernet's, as on loopback, what it sends at
 * once shows how much that is.
 */
function segmentOf({ sender, receiver, tail }: Reset): number {
  const mss = receiver.mss ?? sender.mss ?? DEFAULT_MSS;
  const longest = Math.max(ETHERNET_MSS, ...tail.filter((s) => s.from === 'receiver').map((s) => s.length));
  return Math.min(mss, longest);
}

/** Why the transfer was over when the client ended it; null: it may have been running. */
function wasOver({ rst, sender, receiver, unread, freshlyAcked }: Reset, limits: Limits): string | null {
  const whole = unread === null && !(freshlyAcked ?? 0) && rst.window <= sender.rawWindow;
  if (sender.fin !== null && rst.time - sender.fin.time <= limits.disorder && whole)
    return `the client had closed with FIN (${cited(sender.fin)}), which takes no data back`;
  if (receiver.fin === null) return null;
  const closed = `the server had sent all it had and closed (${cited(receiver.fin)})`;
  if (receiver.bytesUnacked === 0 && whole) return `${closed}, and all of it was acknowledged`;
  // The RST acknowledges the server's FIN: there was no more to come, and only what lay unread was lost.
  return rst.hasAck && distance(rst.ack, receiver.fin.seq) > 0 ? closed : null;
}

/** What came of the transfer after the RST. */
function stillSending({ aftermath }: Reset, volley: readonly SiblingReset[]): Evidence[] {
  if (volley.length > 0)
    return [
      fact(
        volley[0],
        `${plural(volley.length, 'segment')} still on the way drew ${volley.length === 1 ? 'another RST' : 'an RST each'}: the transfer was not over`,
      ),
    ];
  const more = sentOn(aftermath);
  return more === null ? [] : [fact(more, 'the server was still sending')];
}

/** What the server sent behind the RST and had not sent before. */
function sentOn({ receiverWentOn }: Aftermath): Mark | null {
  return receiverWentOn !== null && receiverWentOn.length > 0 ? receiverWentOn : null;
}
