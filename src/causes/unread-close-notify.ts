import type { Limits } from '../limits.js';
import { bytes, fact, the } from '../reset/evidence.js';
import { ALERT, APPLICATION_DATA, isFatalAlert, isLoneAlert, isTlsRecord, loneRecord } from '../reset/facts/tls.js';
import type { Reset, TailSegment } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';
import type { Match } from '../reset/vocabulary/verdict.js';
import { after, distance } from '../tcp/sequence.js';

/** The other side's TLS goodbye met a closed socket: all data had been delivered. */
export const unreadCloseNotify = defineCause({
  id: 'unread-close-notify',
  title: 'A TLS goodbye met a socket that was already closed: harmless',
  counted: '{TLS goodbye|TLS goodbyes} met a socket that was already closed',
  explanation: `TLS ends with a small "close notify" alert before the FIN. A client that has all it wants closes its
socket without waiting for it; the server's alert then lies unread, or arrives at a closed socket, and the kernel answers
with RST. No application data is lost. It happens on every connection of some client and server pairs (curl and a Go
server, for one): nothing to mend, and nothing to alarm on.`,
  fix: 'Nothing to fix. Exclude it from alarms.',
  confirm: 'neither program logs an error',
  references: ['RFC 8446 §6.1', 'linux: SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  since: '0.1.0',
  severity: 'note',
  shapes: ['active', 'active-after-fin', 'reply'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, tail, trigger, shape, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    // The last by number: what was captured out of order, or sent again, is not the last word.
    const data = tail.filter((s) => s.from === 'receiver' && s.length > 0);
    const last = data.reduceRight<TailSegment | undefined>(
      (latest, s) => (latest === undefined || after(s.seq, latest.seq) ? s : latest),
      undefined,
    );
    if (last === undefined || !isLoneAlert(last))
      return goodbyeInside(reset, limits) ?? { no: 'the last data of the receiver was no TLS closing alert' };
    if (shape === 'reply' && sender.fin === null) return { no: 'the sender had not closed' };
    if (shape === 'reply' && trigger !== null && trigger.length > 0 && !isLoneAlert(trigger))
      return { no: 'application data met the closed socket' };
    const ends = receiver.fin !== null || sender.fin !== null;
    if (!ends && sender.lastData !== null && sender.lastData.frame > last.frame)
      return { no: 'data followed the alert' };
    const clear = last.head[0] === ALERT;
    if (isFatalAlert(last.head)) return { no: 'it was a fatal alert, not a goodbye' };
    // Who says goodbye closes: without a FIN on either side data of just that size is as likely.
    if (!clear && !ends) return { no: 'neither side had closed, and only its size makes a goodbye of the last record' };
    // In TLS 1.3 the last handshake records are as small: only after an exchange of data is it a goodbye. Where the capture
    // began later than the connection, the exchange is what it lacks.
    if (!clear && reset.exchanges < 2 && !reset.quality.midStream)
      return { no: 'no application data had been exchanged' };
    return {
      confidence: ends && clear ? 'certain' : 'likely',
      responsible: 'nobody',
      evidence: [
        fact(
          last,
          `${the(receiver)} said goodbye (a TLS ${clear ? 'alert' : 'record as small as an alert'} of ${bytes(last.length)})`,
          { length: last.length },
        ),
        ...(receiver.fin ? [fact(receiver.fin, 'and closed its side (FIN)')] : []),
        ...(sender.fin ? [fact(sender.fin, `${the(sender)} had closed its side (FIN)`)] : []),
        fact(
          rst,
          shape === 'reply'
            ? `${the(sender)} had closed its socket: the alert drew an RST`
            : `${the(sender)} closed without reading the alert: RST ${sender.fin === null ? 'instead of FIN' : 'behind its FIN'}`,
        ),
      ],
      doubt: ends && clear ? [] : ['Encrypted: that the last record is the closing alert is inferred from its size.'],
    };
  },
});

/**
 * A server's last TLS segment that came with its FIN: RFC 8446 §6.1 has it say goodbye before that, in the same segment
 * where there is room. Who has all it wanted and closes then leaves that goodbye unread.
 */
function goodbyeInside(reset: Reset, limits: Limits): Match | null {
  const { rst, sender, receiver, tail, shape, unread } = reset;
  const { fin, lastData } = receiver;
  if (shape !== 'active' || isServer(sender) || sender.fin !== null || unread !== null) return null;
  if (fin === null || lastData === null || fin.time - lastData.time > limits.disorder) return null;
  if (!rst.hasAck || distance(rst.ack, fin.seq) <= 0) return null;
  if (sender.lastData === null || sender.lastData.frame > lastData.frame || reset.exchanges < 2) return null;
  if (!tail.some((s) => s.from === 'receiver' && isTlsRecord(s.head))) return null;
  // One record of data that ends where the segment does leaves no room for a goodbye behind it.
  const segment = tail.findLast((s) => s.frame === lastData.frame);
  if (segment !== undefined && loneRecord(segment) === APPLICATION_DATA) return null;
  return {
    confidence: 'likely',
    responsible: 'nobody',
    evidence: [
      fact(lastData, `${the(receiver)} sent its last TLS records`),
      fact(fin, 'and closed its side (FIN) with them'),
      fact(rst, `${the(sender)} closed when it had all it wanted, without reading to the end: RST instead of FIN`),
    ],
    doubt: [
      'Inferred: that nothing but the TLS goodbye in the last segment was unread. It is encrypted; part of the answer may have been unread as well.',
    ],
  };
}
