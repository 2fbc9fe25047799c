import { bytes, fact, plural, span, the } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** Retransmissions went unanswered and the stack reset (BSD, macOS, Windows; never Linux). */
export const retransmissionTimeout = defineCause({
  id: 'retransmission-timeout',
  title: 'The {sender} sent the same data again and again, then gave up',
  counted: '{connection was|connections were} given up by {sender} because its data was never acknowledged',
  explanation: `Data was not acknowledged, was sent again at growing intervals, and was never acknowledged. Then the stack gave
the connection up and sent an RST (Windows after about 5 retransmissions, BSD and macOS after about 12; Linux gives up in
silence). The reset is the end of the story, not its reason: packets to or from the other side were lost all that time.`,
  fix: 'Find the loss: is the other host up? Are only large packets lost (path MTU)? Does a firewall drop the connection?',
  confirm: 'capture at {receiver.address}: do the retransmissions arrive, and do acknowledgments leave?',
  references: ['RFC 9293 §3.8.3', 'RFC 6298 §5', 'RFC 1122 §4.2.3.5'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-shrunk', 'active-after-fin', 'behind', 'reply', 'forward'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, mechanism, trigger } = reset;
    if (mechanism.kind === 'third-party' && mechanism.confidence !== 'possible')
      return { no: 'the sender named in it did not make it' };
    if (reset.shape === 'reply' && trigger !== null && trigger.latency < limits.messageGap)
      return { no: 'a segment of the other side drew it' };
    if (reset.quality.oneSided && receiver.syn === null && sender.dataSegments > 0)
      return { no: 'whether it was acknowledged is not in this capture: it shows one direction only' };
    if (reset.shape === 'reply' && reset.aftermath.crossed !== null)
      return { no: `data of the other side stands right behind it (${reset.aftermath.crossed})` };
    const run = sender.retransmitting;
    const syns =
      sender.iss !== null &&
      sender.dataSegments === 0 &&
      sender.fin === null &&
      sender.retransmissions >= limits.retransmissions;
    if (syns && run === null) {
      return {
        confidence: 'likely',
        responsible: 'unknown',
        evidence: [
          fact(sender.syn, `${the(sender)} sent its ${sender.role === 'server' ? 'SYN-ACK' : 'SYN'}`),
          fact(sender.lastSegment, `it repeated that ${plural(sender.retransmissions, 'time')} without an answer`),
          fact(rst, `${span(rst.time - (sender.lastSegment?.time ?? rst.time))} later it gave up: RST`),
        ],
        doubt: ['Where the packets were lost the capture cannot tell.'],
      };
    }
    if (run === null || run.count < limits.retransmissions)
      return { no: 'what it had sent was acknowledged, or not sent again often enough' };
    if (receiver.lastAckMoved !== null && receiver.lastAckMoved.time > run.first.time)
      return { no: 'acknowledgments had come in between' };
    // The interval grows: the wait after the last one is no shorter than the mean before.
    const wait = rst.time - run.last.time;
    const mean = run.count > 1 ? (run.last.time - run.first.time) / (run.count - 1) : 0;
    if (wait < 0.5 * mean) return { no: `it came ${span(wait)} after the last retransmission: no timer` };
    return {
      confidence: reset.shape.startsWith('active') ? 'certain' : 'likely',
      responsible: 'unknown',
      lost: `${bytes(Math.max(1, sender.bytesUnacked))} lost`,
      evidence: [
        fact(sender.lastData ?? run.first, `${the(sender)} sent data that was not acknowledged`),
        fact(run.first, `it sent it again ${plural(run.count, 'time')} over ${span(run.last.time - run.first.time)}`, {
          retransmissions: run.count,
        }),
        fact(rst, `${span(wait)} after the last try the stack gave up: RST`, { seq: rst.seq }),
      ],
      doubt: !reset.shape.startsWith('active')
        ? ['A bare RST is what a kernel without the connection answers to a packet that is not in the capture.']
        : [],
    };
  },
});
