import { bytes, fact, span } from '../reset/evidence.js';
import { helloLength, looksLikeHello } from '../reset/facts/content.js';
import { HANDSHAKE } from '../reset/facts/tls.js';
import { resetAfterFin } from '../reset/vocabulary/after-close.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';

/** The server closed right after the TLS ClientHello, without an answer. */
export const tlsHelloRejected = defineCause({
  id: 'tls-hello-rejected',
  title: 'The server dropped the connection right after the TLS greeting',
  counted: '{connection was|connections were} dropped by {server} right after the TLS greeting',
  explanation: `The client opened a TLS handshake (ClientHello); the server's program closed the connection without a TLS
answer, not even an alert. The port does not speak TLS, the server knows no certificate for the name asked for, its
configuration failed to load, or it does not want this client. The hello was still unread or just read when it closed.`,
  fix: 'On the server: is TLS on for this port? Is there a certificate for the name in the hello (SNI)? Does an allow-list or a limit turn this client away?',
  confirm: `openssl s_client -connect {server.socket} -servername NAME, with and without the name; the server's error log`,
  references: ['RFC 8446 §4.1.2', 'RFC 6066 §3', 'linux: SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'reply'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (!isServer(sender)) return undefined;
    const hello = receiver.lastMessage;
    if (hello === null || !looksLikeHello(hello) || receiver.messages > 1)
      return { no: 'the client had not just sent a TLS greeting' };
    if (
      sender.bytes > 0 &&
      (sender.lastMessage?.octets[0] ?? HANDSHAKE) !== HANDSHAKE &&
      sender.messages === 1 &&
      (sender.lastMessage?.length ?? 0) > limits.closeNotify
    ) {
      // An answer that is no TLS: the port speaks something else.
    } else if (sender.bytes > 0) return { no: `the server had answered (${bytes(sender.bytes)})` };
    if (reset.shape === 'reply' && sender.fin === null) return { no: 'the server had not closed' };
    const closed = sender.fin ?? rst;
    const since = closed.time - hello.first.time;
    if (since > 2 * (reset.rtt ?? 0) + limits.contentReaction + limits.quickClose)
      return { no: `the server had the greeting for ${span(since)}` };
    const seen = hello.octets.length > 0;
    const sure = seen && mechanism.confidence === 'certain' && sender.bytes === 0;
    return {
      confidence: sure ? 'certain' : 'likely',
      responsible: 'server-app',
      lost: 'TLS handshake refused',
      evidence: [
        fact(
          hello.first,
          seen
            ? `the client sent its TLS greeting (ClientHello, ${bytes(helloLength(hello))})`
            : `the client sent ${bytes(hello.length)}, the length of a padded TLS greeting (ClientHello)`,
        ),
        ...(sender.bytes > 0
          ? [fact(sender.firstData, `the server answered with something that is no TLS (${bytes(sender.bytes)})`)]
          : []),
        ...(sender.fin ? [fact(sender.fin, 'the server closed (FIN) without a TLS answer')] : []),
        fact(
          rst,
          sender.fin
            ? resetAfterFin(reset, 'what followed')
            : `${span(since)} later its live socket was closed without ${sender.bytes > 0 ? 'a TLS' : 'an'} answer: RST`,
          { ack: rst.ack, window: rst.window },
        ),
      ],
      doubt: sure
        ? []
        : [
            'Why it did not answer is in the server log only: no TLS on this port, no certificate for that name, a limit, or a crash look the same.',
          ],
    };
  },
});
