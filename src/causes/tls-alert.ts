import { cited, fact, span, the } from '../reset/evidence.js';
import type { TailSegment } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';
import { TLS_ALERTS } from '../reset/vocabulary/tls-alerts.js';
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
    const { rst, mechanism, tail, sender, receiver } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    // A record of type alert, level fatal, in clear text: 15 03 xx 00 02 02 dd.
    const alerts = tail.filter(
      (s) =>
        s.head.length >= 7 &&
        s.head[0] === 21 &&
        s.head[1] === 3 &&
        s.head[3] === 0 &&
        s.head[4] === 2 &&
        s.head[5] === 2,
    );
    // A TLS library that reads EOF amid the handshake sends an alert: it is an answer to the close, not its reason.
    const closedBefore = (s: TailSegment) => {
      const { fin } = s.from === 'sender' ? receiver : sender;
      return fin !== null && (fin.frame < s.frame || after(s.ack, fin.seq)) ? fin : null;
    };
    const alert = alerts.findLast((s) => closedBefore(s) === null);
    if (alert === undefined && alerts.length > 0)
      return { no: `the fatal alert (${cited(alerts[0])}) came after the other side had closed` };
    const hidden =
      alert === undefined
        ? tail.find(
            (s) =>
              s.head.length >= 5 &&
              s.head[1] === 3 &&
              s.length <= limits.closeNotify &&
              (s.head[0] === 21 || s.head[0] === 23) &&
              ((s.head[3] << 8) | s.head[4]) + 5 === s.length,
          )
        : undefined;
    if (alert === undefined) {
      // TLS 1.3 encrypts alerts after the hellos: its size is all there is, and only in the handshake does it mean failure.
      const early = sender.messages <= 2 && receiver.messages <= 3;
      if (hidden === undefined || !early) return { no: 'no fatal TLS alert came first' };
      const by = hidden.from === 'sender' ? sender : receiver;
      const last = by.lastData?.frame === hidden.frame;
      const asServer = isServer(by);
      // A server whose second flight is nothing but that, and then closes, has refused the handshake. Packets out of
      // order may make one flight of both.
      const second = by.messages === 2 || (reset.quality.unseen && by.messages === 1);
      // It answers the client's second flight; what comes without one is no answer to a certificate.
      const asked = (by === sender ? receiver : sender).messages >= 2 || reset.quality.unseen;
      const refused =
        last && asServer && second && asked && rst.time - hidden.time <= limits.quickClose && receiver.fin === null;
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
    if (rst.time - alert.time > limits.settle) return { no: `the alert was ${span(rst.time - alert.time)} old` };
    const by = alert.from === 'sender' ? sender : receiver;
    const name = TLS_ALERTS[alert.head[6]] ?? `alert ${alert.head[6]}`;
    return {
      confidence: 'certain',
      responsible: 'configuration',
      lost: `TLS: ${name}`,
      evidence: [
        fact(alert, `${the(by)} gave up the TLS handshake: fatal alert "${name}"`, { alert: alert.head[6] }),
        ...(sender.fin ? [fact(sender.fin, `${the(sender)} closed (FIN)`)] : []),
        fact(rst, `the connection went down with an RST ${span(rst.time - alert.time)} after the alert`),
      ],
      doubt: [],
    };
  },
});
