import { cited, count, fact, plural, span, the } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { RST } from '../tcp/control.js';
import { distance } from '../tcp/sequence.js';

/** Several RSTs at guessed numbers, none obeyed (RFC 5961 §1). */
export const blindRstAttempt = defineCause({
  id: 'blind-rst-attempt',
  title: 'Somebody tried several RSTs at guessed numbers; none took effect',
  counted: '{RST|RSTs} at guessed numbers took no effect',
  explanation: `Several RSTs arrived with different sequence numbers that did not fit; the receiver dropped them or answered
with challenge ACKs, and the connection went on. An attacker who does not see the traffic tries numbers like that, and so
does a broken device that has lost track of the connection.`,
  fix: 'Nothing broke. If it goes on, find the source by the TTL and the interface the RSTs came in on; authenticate long-lived sessions (TCP-AO for BGP).',
  confirm: 'on {receiver.address}: nstat -az TcpExtTCPChallengeACK counts up',
  references: ['RFC 5961 §1', 'RFC 5961 §3', 'RFC 5925'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['ahead', 'behind', 'stale-isn', 'zero', 'active', 'reply', 'forward', 'mirror'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, siblings, effective, aftermath, tail } = reset;
    if (effective) return undefined;
    const others = siblings.filter((s) => s.fromSender && s.seq !== rst.seq);
    if (others.length + 1 < limits.blindAttempts)
      return { no: `only ${plural(others.length + 1, 'RST')} came in the name of that end` };
    const all = [rst, ...others];
    // Whoever has a number of the connection's own sees it: a filter whose volley was dropped, a kernel that answers.
    const spoken = tail.filter((s) => (s.control & RST) === 0).map((s) => (s.from === 'sender' ? s.seq : s.ack));
    const own = [sender.sndNxt ?? receiver.rcvNxt, ...spoken];
    const fits = all.find((s) => own.some((number) => number !== null && distance(s.seq, number) === 0));
    if (fits !== undefined) return { no: `one of them (${cited(fits)}) has a number of that connection: no guess` };
    const first = all.reduce((a, b) => (b.time < a.time ? b : a));
    const last = all.reduce((a, b) => (b.time > a.time ? b : a));
    const numbers = all.map((s) => distance(s.seq, rst.seq));
    return {
      confidence: 'certain',
      responsible: 'third-party',
      evidence: [
        fact(
          first,
          `${plural(all.length, 'RST')} came in the name of ${the(sender)} within ${span(last.time - first.time)}, at numbers over a range of ${count(Math.max(...numbers) - Math.min(...numbers))} (frames ${all
            .map((s) => s.frame)
            .sort((a, b) => a - b)
            .map(cited)
            .join(', ')})`,
        ),
        ...(aftermath.challengeAck
          ? [fact(aftermath.challengeAck, `${the(receiver)} answered with a challenge ACK`)]
          : []),
        fact(aftermath.receiverWentOn ?? aftermath.senderWentOn, 'the connection went on'),
      ],
      doubt: [],
    };
  },
});
