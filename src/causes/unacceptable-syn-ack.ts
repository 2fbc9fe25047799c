import { count, fact } from '../reset/evidence.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import type { SignatureResult } from '../reset/vocabulary/verdict.js';
import { ACK, SYN } from '../tcp/control.js';
import { distance } from '../tcp/sequence.js';

/** The SYN-ACK acknowledged a number the client had not sent. */
export const unacceptableSynAck = defineCause({
  id: 'unacceptable-syn-ack',
  title: 'The {receiver} acknowledged a number that the {sender} had not sent',
  counted: '{handshake|handshakes} acknowledged a number that had not been sent',
  explanation: `In a handshake each side must acknowledge exactly the other's SYN number plus one. Here one acknowledged
another number, so the other side's kernel reset that packet and kept waiting for the right one. An old duplicate, a
firewall that rewrites sequence numbers on one leg only, or a broken SYN proxy on the path produces that; so does a scan.`,
  fix: 'Look for a device that rewrites sequence numbers (SYN proxy, "sequence randomisation") and sees only one direction; make the path symmetric.',
  confirm: 'capture at {server.address}: does its SYN-ACK leave with the same acknowledgment number?',
  references: ['RFC 9293 §3.10.7.3', 'RFC 9293 §3.10.7.4', 'linux: SK_RST_REASON_TCP_INVALID_ACK_SEQUENCE'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply'],
  needs: ['handshake', 'trigger'],
  signature: (reset) => {
    const { rst, sender, handshake, trigger, aftermath } = reset;
    if (sender.role === 'server') return ofTheServer(reset, trigger);
    if (sender.role !== 'client' || (trigger.control & (SYN | ACK)) !== (SYN | ACK)) return undefined;
    const off = sender.iss === null ? 0 : distance(trigger.ack, sender.iss) - 1;
    if (off === 0) return { no: 'the SYN-ACK acknowledged the right number' };
    return {
      confidence: 'certain',
      responsible: 'network-device',
      evidence: [
        fact(handshake.syn, 'the client asked for a connection (SYN)', { seq: sender.iss }),
        fact(
          trigger,
          `the SYN-ACK acknowledged a number ${count(Math.abs(off))} ${off > 0 ? 'above' : 'below'} the right one`,
          { ack: trigger.ack, off },
        ),
        fact(rst, "the client's kernel turned it away with the number it was sent, and waited on", { seq: rst.seq }),
        ...(aftermath.synAck ? [fact(aftermath.synAck, 'a proper SYN-ACK followed')] : []),
      ],
      doubt: [],
    };
  },
});

/** In SYN-RECEIVED an ACK outside the window of what was sent draws an RST, and the state stays (RFC 9293 §3.10.7.4). */
function ofTheServer(reset: Reset, trigger: NonNullable<Reset['trigger']>): SignatureResult | undefined {
  const { rst, sender, receiver, handshake, aftermath } = reset;
  // More than SYN-ACKs from the server: it had a connection by then.
  if (sender.iss === null || handshake?.synAck == null || sender.dataSegments > 0 || sender.fin !== null)
    return undefined;
  if (sender.segments > sender.retransmissions + 1) return undefined;
  // A client in the middle of its conversation acknowledges what the capture lost.
  if (receiver.messages > 0 || receiver.fin !== null || trigger.unseen) return undefined;
  const off = distance(trigger.ack, sender.iss) - 1;
  if (off === 0) return { no: 'the client acknowledged the right number' };
  return {
    confidence: aftermath.synAck ? 'certain' : 'likely',
    responsible: 'unknown',
    evidence: [
      fact(handshake.synAck, 'the server answered the SYN and waited for its acknowledgment (SYN-ACK)', {
        seq: sender.iss,
      }),
      fact(
        trigger,
        `the client acknowledged a number ${count(Math.abs(off))} ${off > 0 ? 'above' : 'below'} the right one`,
        { ack: trigger.ack, off },
      ),
      fact(rst, "the server's kernel turned that away with the number it was sent, and waited on", { seq: rst.seq }),
      ...(aftermath.synAck ? [fact(aftermath.synAck, 'it sent its SYN-ACK again')] : []),
    ],
    doubt: aftermath.synAck ? [] : ['Data of the server that this capture lost would explain the number too.'],
  };
}
