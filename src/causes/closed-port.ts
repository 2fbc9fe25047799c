import { cited, fact, place, plural, span, the } from '../reset/evidence.js';
import { hasResetTtl, isInitial, isOriginOpen } from '../reset/facts/mechanism.js';
import { answersUnseenSyn } from '../reset/facts/shape.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { takenElsewhere } from '../reset/vocabulary/taken-elsewhere.js';

/** Nothing listens on the port (RFC 9293 §3.10.7.1: a segment without ACK is answered with seq 0). */
export const closedPort = defineCause({
  id: 'closed-port',
  title: 'Nothing listened on the port: the connection was refused, not reset',
  counted: '{attempt|attempts} found nothing listening on the port',
  explanation: `A SYN asks for a connection. Where no program listens on the port, the host's kernel answers at once
with RST, ACK: sequence number 0, acknowledging the SYN. connect() then fails with "connection refused". No connection
ever existed, so nothing was reset: the service was down, on another port, or bound to another address only.`,
  fix: 'Start the service, or correct its port or address (127.0.0.1 only? IPv6 only?).',
  confirm: `on {sender.address}: ss -ltn 'sport = :{sender.port}'
empty: start the service; a listener is there: look for a firewall on the way`,
  references: ['RFC 9293 §3.10.7.1', 'linux: tcp_v4_send_reset', 'linux: SK_RST_REASON_NO_SOCKET'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply-to-syn'],
  needs: [],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, trigger, mechanism, provenance, aftermath } = reset;
    if (trigger === null && !answersUnseenSyn(reset)) return { no: 'no segment of the other side drew it' };
    if (aftermath.synAck) return { no: `the server accepted the connection all the same (${cited(aftermath.synAck)})` };
    if (mechanism.kind === 'third-party' && mechanism.confidence !== 'possible')
      return { no: 'another host or device answered (its TTL or MAC differs)' };
    const accepted = reset.siblings.find((s) => !s.fromSender && !s.hasAck && s.seq === rst.ack);
    if (accepted) return { no: `${the(receiver)} turned away a SYN-ACK of it (${cited(accepted)}): it had accepted` };
    const listener = context.listener(sender.address, sender.port);
    // A port that served others may have been about to come back: only its handshakes would tell.
    const closed = trigger !== null || (rst.window === 0 && (listener?.served ?? 0) === 0);
    const refusals = reset.siblings.filter((s) => s.fromSender && s.hasAck && s.seq === rst.seq);
    const tries = refusals.length + 1;
    const anew = aftermath.synAgain?.accepted ?? null;
    const ttl = provenance.ttl;
    const known = ttl !== null && (ttl.rst === ttl.usual || hasResetTtl(sender, ttl));
    // Connections whose beginning was not captured: the port was in use at some other time.
    const elsewhere = takenElsewhere(reset, context, limits);
    const used = trigger === null && listener !== null && listener.accepted === 0 && listener.connections > 0;
    return {
      // Another TTL than the host's, on too few packets to say more: a firewall on the way is as likely.
      confidence: (ttl === null || known) && closed && !used && !isOriginOpen(reset) ? 'likely' : 'possible',
      responsible: elsewhere === null ? 'server-app' : 'nobody',
      ...(elsewhere === null && anew === null ? {} : { severity: 'note' as const }),
      evidence: [
        ...(trigger ? [fact(trigger, `${the(receiver)} asked for a connection (SYN)`, { seq: trigger.seq })] : []),
        fact(
          rst,
          trigger
            ? `${span(trigger.latency)} later the answer was RST, ACK with seq ${rst.seq} and ack = SYN + 1: what a kernel replies when no program listens there`
            : 'an RST, ACK with seq 0 answers a SYN, which is not in this capture: what a kernel replies when no program listens there',
          { seq: rst.seq, ack: rst.ack, window: rst.window, ttl: rst.ttl },
        ),
        ...(elsewhere === null
          ? []
          : [fact(null, `${place(elsewhere)} took the connection in the same moment: the client lost nothing`)]),
        ...(tries > 1
          ? [
              fact(
                refusals[refusals.length - 1],
                `${the(receiver)} tried the same SYN ${plural(tries, 'time')}${anew === null ? ': one failed connect, as Windows does it' : ' in vain'}`,
              ),
            ]
          : []),
        ...(anew === null
          ? []
          : [fact(anew, 'the same SYN, sent again, was accepted: connect() succeeded all the same')]),
        ...(listener && listener.accepted > (anew === null ? 0 : 1)
          ? [
              fact(
                null,
                `the same port accepted ${plural(listener.accepted, 'connection')} at other times in this capture`,
              ),
            ]
          : []),
      ],
      doubt: [
        ...(used
          ? ['Connections to this port are in the capture: whether it was closed only for a moment is not.']
          : []),
        whoElse(reset),
      ],
    };
  },
});

/** Who else may have written the refusal. */
function whoElse({ rst, sender, provenance: { ttl } }: Reset): string {
  // A network in user space answers in every server's name, once its own connect() has failed.
  if (ttl !== null && hasResetTtl(sender, ttl))
    return `${sender.stack?.name} wrote it in the name of ${sender.address}: a firewall beyond it that rejects looks the same.`;
  if (ttl !== null && ttl.rst === ttl.usual)
    return `A firewall on ${sender.address} itself that rejects sends the same packet; its TTL ${rst.ttl} is that of the host's other packets.`;
  if (rst.ttl === null)
    return 'A firewall that rejects sends the same packet; the TTL that may tell them apart is not in this capture.';
  return `A firewall that rejects sends the same packet. This one has TTL ${rst.ttl}${isInitial(rst.ttl) ? ', as a packet made on this network has it' : ''}, and ${ttl === null ? `the capture holds no other packet from ${sender.address} to compare that with` : `${ttl.samples === 1 ? 'the one other packet' : `the ${ttl.samples} other packets`} of ${sender.address} had ${ttl.usual}`}.`;
}
