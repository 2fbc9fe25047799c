import type { Limits } from '../limits.js';
import { cited, fact, span, the } from '../reset/evidence.js';
import { ALERT, fatalAlert, isSealedAlert, loneRecord } from '../reset/facts/tls.js';
import type { Reset, TailSegment } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';
import { TLS_ALERTS } from '../reset/vocabulary/tls-alerts.js';
import type { Match, SignatureResult } from '../reset/vocabulary/verdict.js';
import { after } from '../tcp/sequence.js';

/** A fatal TLS alert came first: the TLS layer failed, the reset is how the connection went down after it. */
export const tlsAlert = defineCause({
  id: 'tls-alert',
  title: 'The TLS handshake failed; the reset only followed',
  counted: '{TLS handshake|TLS handshakes} failed',
  explanation: `One side sent a fatal TLS alert: it could not agree on a version, a cipher, a name or a certificate with the
other. The connection was lost at that moment. The RST came afterwards, because the side that closed still had unread
bytes, or because the other side's last bytes met a closed socket. The alert says what to mend.`,
  fix: 'Mend what the alert names: certificate chain and trust (unknown_ca, bad_certificate), names (unrecognized_name), versions and ciphers (protocol_version, handshake_failure), a missing client certificate (certificate_required).',
  confirm: 'the TLS error in the log of either program; openssl s_client -connect {server.socket}',
  references: ['RFC 8446 §6.2', 'RFC 5246 §7.2.2'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-after-fin', 'reply'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { mechanism, tail, sender, receiver } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    const alerts = tail.filter((s) => fatalAlert(s.head) !== null);
    const alert = alerts.findLast((s) => !isAnswerToClose(s, reset));
    if (alert !== undefined) return inClearText(alert, reset, limits);
    if (alerts.length > 0) return { no: `the fatal alert (${cited(alerts[0])}) came after the other side had closed` };
    const hidden = tail.find((s) => mayBeSealedAlert(s, limits) && !isAnswerToClose(s, reset));
    // TLS 1.3 encrypts alerts after the hellos: its size is all there is, and only in the handshake does it mean failure.
    const early = sender.messages <= 2 && receiver.messages <= 3;
    if (hidden === undefined || !early) return { no: 'no fatal TLS alert came first' };
    return encrypted(hidden, reset, limits);
  },
});

/** A TLS library that reads EOF amid the handshake sends an alert: it is an answer to the close, not its reason. */
function isAnswerToClose(s: TailSegment, { sender, receiver }: Reset): boolean {
  const { fin } = s.from === 'sender' ? receiver : sender;
  return fin !== null && (fin.frame < s.frame || after(s.ack, fin.seq));
}

/** A segment that is one small record, of the type of alerts or of what is encrypted. */
function mayBeSealedAlert(s: TailSegment, limits: Limits): boolean {
  return (s.length <= limits.closeNotify && loneRecord(s) === ALERT) || isSealedAlert(s);
}

/** The alert says what failed. */
function inClearText(alert: TailSegment, { rst, sender, receiver }: Reset, limits: Limits): SignatureResult {
  if (rst.time - alert.time > limits.settle) return { no: `the alert was ${span(rst.time - alert.time)} old` };
  const by = alert.from === 'sender' ? sender : receiver;
  const description = fatalAlert(alert.head) ?? 0;
  const name = TLS_ALERTS[description] ?? `alert ${description}`;
  return {
    confidence: 'certain',
    responsible: 'configuration',
    lost: `TLS: ${name}`,
    evidence: [
      fact(alert, `${the(by)} gave up the TLS handshake: fatal alert "${name}"`, { alert: description }),
      ...(sender.fin ? [fact(sender.fin, `${the(sender)} closed (FIN)`)] : []),
      fact(rst, `the connection went down with an RST ${span(rst.time - alert.time)} after the alert`),
    ],
    doubt: [],
  };
}

/** What is only as small as an alert, and where one would stand. */
function encrypted(hidden: TailSegment, reset: Reset, limits: Limits): Match {
  const { rst, sender, receiver } = reset;
  const by = hidden.from === 'sender' ? sender : receiver;
  // A server whose second flight is nothing but that, and then closes, has refused the handshake. Packets out of
  // order may make one flight of both.
  const second = by.messages === 2 || (reset.quality.unseen && by.messages === 1);
  const last = by.lastData?.frame === hidden.frame;
  // It answers the client's second flight; what comes without one is no answer to a certificate.
  const asked = (by === sender ? receiver : sender).messages >= 2 || reset.quality.unseen;
  const soon = rst.time - hidden.time <= limits.quickClose;
  const refused = last && isServer(by) && second && asked && soon && receiver.fin === null;
  return {
    confidence: refused ? 'likely' : 'possible',
    responsible: refused ? 'configuration' : 'unknown',
    lost: refused ? 'TLS handshake refused' : undefined,
    evidence: [
      fact(hidden, `${the(by)} sent a record of the size of an encrypted TLS alert, before any answer`, {
        length: hidden.length,
      }),
      fact(
        rst,
        `${span(rst.time - hidden.time)} later the connection went down with an RST: what the other side had sent was not read any more`,
      ),
    ],
    doubt: [
      'Encrypted: that it is an alert is inferred from its size and place; the log of either program names the reason.',
    ],
  };
}
