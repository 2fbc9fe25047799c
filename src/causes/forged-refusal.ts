import { cited, fact, plural, span, the } from '../reset/evidence.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** A refusal raced the real SYN-ACK. */
export const forgedRefusal = defineCause({
  id: 'forged-refusal',
  title: 'A forged refusal arrived before the server itself accepted',
  counted: '{attempt was|attempts were} refused by a forged answer before {server} itself accepted',
  explanation: `The SYN drew an RST, and then the server's own SYN-ACK. A closed port cannot accept, so somebody else on
the path had answered first. The client obeyed the first answer: connect() failed with "connection refused", and the
client's kernel turned the genuine SYN-ACK away. It is policy on the network, not a fault of the server.`,
  fix: 'Ask the owner of the network in between; use another path if that is allowed.',
  confirm: 'capture on {sender.address}: it sent a SYN-ACK and no RST',
  references: ['SIGCOMM 2023: Global, Passive Detection of Connection Tampering', 'RFC 9293 §3.10.7.3'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply-to-syn', 'orphan', 'zero', 'reply', 'ahead', 'behind'],
  needs: [],
  signature: (reset) => {
    const { rst, sender, receiver, handshake, aftermath, siblings, shape } = reset;
    if (sender.segments > 0 || (sender.role !== 'server' && shape !== 'reply-to-syn')) return undefined;
    if (aftermath.synAgain?.accepted != null)
      return { no: `the SYN-ACK that came after it answers a SYN sent again (${cited(aftermath.synAgain)})` };
    if (aftermath.synAck === null) return { no: 'no SYN-ACK came after it' };
    if (aftermath.knewSynAck)
      return { no: `it bears the number behind the SYN-ACK (${cited(aftermath.synAck)}): that was sent before it` };
    if (isUnseen(reset) && aftermath.senderWentOn !== null)
      return { no: `the connection went on (${cited(aftermath.senderWentOn)}): the client had not obeyed it` };
    const volley = siblings.filter(
      (s) => s.fromSender && s.frame > rst.frame && s.frame < (aftermath.synAck?.frame ?? 0),
    ).length;
    return {
      confidence: rst.window !== 0 ? 'likely' : 'certain',
      responsible: 'third-party',
      evidence: [
        ...(handshake ? [fact(handshake.syn, `${the(receiver)} asked for a connection (SYN)`)] : []),
        fact(
          rst,
          `${handshake ? `${span(rst.time - handshake.syn.time)} later ` : ''}${volley > 0 ? `${plural(volley + 1, 'RST')} came` : 'an RST came'} in the name of ${the(sender)}`,
          { seq: rst.seq, ack: rst.ack, ttl: rst.ttl, window: rst.window },
        ),
        fact(
          aftermath.synAck,
          `${the(sender)} itself accepted the connection ${span(aftermath.synAck.time - rst.time)} after that: its port was open`,
        ),
      ],
      doubt:
        rst.window !== 0
          ? ['Who forged it: a window in a refusal is a mark of volleys, of which others may be missing here.']
          : [],
    };
  },
});
