import { bytes, cited, fact, the } from '../reset/evidence.js';
import { SHAPES } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { distance } from '../tcp/sequence.js';

/** The RST took no effect (RFC 5961 §3.2). */
export const rstIgnored = defineCause({
  id: 'rst-ignored',
  title: 'An RST was ignored and the connection went on',
  counted: '{RST was|RSTs were} ignored and the {connection|connections} went on',
  explanation: `A host obeys an RST only when its sequence number is exactly the next one it expects. Others it drops, or
answers with a "challenge ACK" so that a genuine sender can repeat the reset with the right number. This one did not
fit, and the connection went on. A device that keeps only old numbers, an attacker who guesses, or a wrong checksum.`,
  fix: 'Nothing broke. If it happens often, find the device that makes them: it acts on connections without knowing their state.',
  confirm: 'on {receiver.address}: nstat -az TcpExtTCPChallengeACK counts up',
  references: ['RFC 5961 §3.2', 'RFC 9293 §3.10.7.4', 'linux: tcp_send_challenge_ack'],
  since: '0.1.0',
  severity: 'note',
  shapes: SHAPES,
  needs: [],
  signature: (reset) => {
    const { rst, sender, receiver, aftermath: a, effective, mechanism, phase } = reset;
    if (effective) return undefined;
    if (phase === 'syn-sent' && !rst.hasAck)
      return {
        confidence: 'certain',
        severity: 'warning',
        responsible: mechanism.kind === 'third-party' ? 'third-party' : 'unknown',
        evidence: [
          fact(receiver.syn, `${the(receiver)} asked for a connection (SYN)`),
          fact(rst, 'the RST that came does not acknowledge that SYN: whoever waits for its answer drops it', {
            seq: rst.seq,
          }),
          ...(a.synAgain ? [fact(a.synAgain, 'the SYN was sent again')] : []),
        ],
        doubt: [
          'Whoever wrote it (a user-space network such as passt, a tool) may have meant a refusal: the connect ends by its timeout instead.',
        ],
      };
    // Windows asks again after a refusal: that it was accepted then says nothing of whether the first answer was obeyed.
    if (a.synAgain?.accepted != null && a.challengeAck === null)
      return { no: `${the(receiver)} asked again after it (${cited(a.synAgain)}), and that was accepted` };
    const expected = sender.sndNxt ?? receiver.rcvNxt;
    const off = expected === null ? 0 : distance(rst.seq, expected);
    const where =
      off === 0 ? 'its number fitted' : `its number was ${bytes(Math.abs(off))} ${off > 0 ? 'ahead' : 'behind'}`;
    return {
      // A client that turns a stray packet away in its handshake goes on as well: its RST was for something not captured.
      confidence: sender.role === 'client' && sender.dataSegments === 0 && !rst.hasAck ? 'likely' : 'certain',
      responsible: mechanism.kind === 'third-party' ? 'third-party' : 'unknown',
      evidence: [
        fact(rst, rst.checksumValid === false ? 'its TCP checksum is wrong' : where, { seq: rst.seq, off }),
        ...(a.challengeAck
          ? [fact(a.challengeAck, `${the(receiver)} answered with a challenge ACK instead of obeying`)]
          : []),
        ...(a.synAck ? [fact(a.synAck, `${the(sender)} accepted the connection afterwards`)] : []),
        ...(a.senderWentOn ? [fact(a.senderWentOn, `${the(sender)} went on`)] : []),
        ...(a.receiverWentOn ? [fact(a.receiverWentOn, `${the(receiver)} went on`)] : []),
      ],
      doubt: [],
    };
  },
});
