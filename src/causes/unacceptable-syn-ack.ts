import { count, fact } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { ACK, SYN } from '../tcp/control.js';
import { distance } from '../tcp/sequence.js';

/** The SYN-ACK acknowledged a number the client had not sent. */
export const unacceptableSynAck = defineCause({
  id: 'unacceptable-syn-ack',
  title: 'The SYN-ACK acknowledged a number that the client had not sent',
  explanation: `A SYN-ACK must acknowledge exactly the SYN's number plus one. This one acknowledged another, so the client
reset it and kept waiting for the right answer. An old duplicate, a firewall that rewrites sequence numbers on one leg
only, or a broken SYN proxy on the path produces that.`,
  fix: 'Look for a device that rewrites sequence numbers (SYN proxy, "sequence randomisation") and sees only one direction; make the path symmetric.',
  confirm: 'capture at {server.address}: does its SYN-ACK leave with the same acknowledgment number?',
  references: ['RFC 9293 §3.10.7.3', 'linux: SK_RST_REASON_TCP_INVALID_ACK_SEQUENCE'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply'],
  needs: ['handshake', 'trigger'],
  signature: (reset) => {
    const { rst, sender, handshake, trigger, aftermath } = reset;
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
