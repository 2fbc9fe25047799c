import { cited, count, fact, the } from '../reset/evidence.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { WRONG_NUMBER } from '../reset/facts/shape.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { distance } from '../tcp/sequence.js';

/** RSTs off by one constant on several connections: a box rewrites numbers and forgets its resets. */
export const sequenceRewriting = defineCause({
  id: 'sequence-rewriting',
  title: 'A device rewrites sequence numbers, but not in the resets it passes or makes',
  counted: '{RST|RSTs} missed because a device rewrites sequence numbers',
  explanation: `The RSTs on several connections miss the right number by the same constant. A device on the path (a firewall
with sequence randomisation, a TCP optimiser) shifts the numbers of all packets and forgets to do so in these resets.
The receiver finds the number wrong and ignores the reset; a connection that should have died lives on half-open.`,
  fix: 'Update the device or switch its sequence rewriting off.',
  confirm: 'capture on both sides of the device: the numbers of the same packet differ by this constant',
  references: ['RFC 5961 §3', 'RFC 3360'],
  since: '0.1.0',
  severity: 'warning',
  shapes: WRONG_NUMBER,
  needs: [],
  signature: (reset, context) => {
    const { rst, sender, receiver, effective } = reset;
    // Whether it took effect cannot be told where the receiver's direction was not captured.
    if (effective && !isUnseen(reset)) return undefined;
    const nxt = sender.sndNxt ?? receiver.rcvNxt;
    if (nxt === null) return undefined;
    const off = distance(rst.seq, nxt);
    const same = context.sameOffset(off);
    if (off === 0 || same < 2) return { no: 'no RST of another connection is off by the same number' };
    // What was on its way when the other end acknowledged so far makes the same distance, as often as it is as long.
    const boundary = reset.tail.find(
      (s) => s.from === 'sender' && s.frame < rst.frame && distance(s.seq, rst.seq) === 0,
    );
    if (boundary !== undefined)
      return {
        no: `its number is where a segment of its own begins (${cited(boundary)}): an answer to what came before it`,
      };
    return {
      confidence: 'certain',
      responsible: 'network-device',
      evidence: [
        fact(rst, `its number is off by ${count(off)}`, { seq: rst.seq, off }),
        fact(null, `${same} connections have an RST that is off by exactly that: a constant, not a guess`),
        ...(reset.aftermath.challengeAck
          ? [fact(reset.aftermath.challengeAck, `${the(receiver)} answered with a challenge ACK and went on`)]
          : []),
      ],
      doubt: [],
    };
  },
});
