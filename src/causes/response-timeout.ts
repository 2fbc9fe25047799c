import { roundTimeout } from '../context/timers.js';
import type { Context } from '../context/types.js';
import type { Limits } from '../limits.js';
import { bytes, cited, fact, plural, span, the } from '../reset/evidence.js';
import { requestLine } from '../reset/facts/content.js';
import { lackingAck } from '../reset/facts/lacking.js';
import type { Message, Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { droppedByChoice } from '../reset/vocabulary/dropped-by-choice.js';
import { isServer } from '../reset/vocabulary/side.js';
import type { Match } from '../reset/vocabulary/verdict.js';
import { distance } from '../tcp/sequence.js';

/** The asking side gave up waiting for the answer. */
export const responseTimeout = defineCause({
  id: 'response-timeout',
  title: 'The {sender} gave up waiting for an answer',
  counted: '{connection was|connections were} given up by {sender} because no answer came',
  explanation: `A request was sent and acknowledged by the other kernel, but no answer came. After its time limit the asking
program gave up and aborted the connection: a proxy resets its upstream, a client its server. The reset is only the
messenger; what was slow is the answer. The other program sees "connection reset by peer" or "broken pipe" when it
answers at last.`,
  fix: 'Find out why the answer took so long; let inner time limits be shorter than outer ones, so that the one who knows the reason gives up first.',
  confirm:
    'in the log of {sender.address}: a read timeout (HAProxy: sH--; Envoy: UT; nginx: upstream timed out; 499 at the other side)',
  references: ['envoyproxy/envoy#5022', 'haproxy: timeout server', 'RFC 9293 §3.10.5'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-shrunk', 'active-after-fin'],
  needs: [],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (isServer(sender)) return undefined;
    const asked = sender.lastMessage;
    if (asked === null) return { no: 'the client had asked nothing' };
    if (
      receiver.lastData !== null &&
      receiver.lastData.frame > asked.last.frame &&
      receiver.lastData.time - asked.last.time < limits.responseTimeout &&
      rst.time - receiver.lastData.time < limits.responseTimeout
    )
      return { no: `the server had answered (${cited(receiver.lastData)})` };
    const answered = receiver.lastData !== null && receiver.lastData.frame > asked.last.frame;
    const since = answered && receiver.lastData ? receiver.lastData : asked.last;
    const waited = rst.time - since.time;
    if (waited < limits.responseTimeout) return { no: `it had waited only ${span(waited)}` };
    const lacking = lackingAck(reset, limits);
    if (sender.bytesUnacked > 0 && lacking === null) return { no: 'the request itself was never acknowledged' };
    const round = roundTimeout(waited, limits);
    const same = context.sameIdle(receiver, 'client', waited);
    if (answered && round === null) {
      const rest = gaveUpOnTheRest(reset, limits);
      if (rest !== null) return rest;
    }
    if (round === null && same < 2)
      return answered
        ? { no: `${span(waited)} is no customary time limit` }
        : afterAnyTime(reset, asked, context, limits);
    if (answered) return { no: 'the answer had begun' };
    // That it was the client's own doing must be sure as well.
    const sure = same >= limits.clusterFlows && mechanism.confidence !== 'possible';
    return {
      confidence: sure ? 'certain' : 'likely',
      responsible: 'server-app',
      lost: `${bytes(asked.length)} unanswered`,
      evidence: [
        fact(asked.first, `${the(sender)} sent its request (${bytes(asked.length)})`),
        ...(receiver.lastAckMoved && receiver.lastAckMoved.frame > asked.last.frame
          ? [fact(receiver.lastAckMoved, 'the other kernel acknowledged it; its program did not answer')]
          : []),
        ...(lacking !== null
          ? [fact(lacking, 'it was acknowledged in a packet that the capture lacks: it was not sent again')]
          : []),
        fact(rst, `${span(waited)} after the request it aborted the connection`, { waited: Math.round(waited) }),
        ...(round !== null ? [fact(null, `${round} s is a customary time limit`)] : []),
        ...(same > 1 ? [fact(null, `${plural(same, 'connection')} to that port ended after the same time`)] : []),
      ],
      doubt: sure
        ? []
        : [
            'Inferred: a time limit. A person or program that gave up at that moment for another reason looks the same.',
          ],
    };
  },
});

/** After a time that is nobody's time limit: only what was surely asked for makes it likely. */
function afterAnyTime(reset: Reset, asked: Message, context: Context, limits: Limits): Match {
  const { rst, sender, exchanges, goodbye, quality } = reset;
  const waited = rst.time - asked.last.time;
  // What is like a request, or like what was answered before.
  const request = requestLine(asked.octets) !== null;
  const expected = request || (exchanges >= 2 && goodbye === null && !quality.midStream);
  return {
    confidence: expected && droppedByChoice(reset, context, limits) ? 'likely' : 'possible',
    responsible: 'server-app',
    evidence: [
      fact(
        asked.last,
        `${the(sender)} sent ${request ? 'a request, ' : ''}${bytes(asked.length)}${expected && !request ? ', as it had sent what was answered before' : ''}`,
      ),
      fact(rst, `after ${span(waited)} without an answer it aborted`),
    ],
    doubt: [
      `${span(waited)} is no customary time limit: a person who gave up, or a program with another reason, looks the same.`,
    ],
  };
}

/**
 * The answer had begun and stalled: what the client still lacked did not come, and after a customary time without any
 * packet it aborted.
 */
function gaveUpOnTheRest({ rst, sender, receiver, idle }: Reset, limits: Limits): Match | null {
  const missing = rst.hasAck && receiver.sndNxt !== null ? distance(receiver.sndNxt, rst.ack) : 0;
  const round = idle >= limits.responseTimeout ? roundTimeout(idle, limits) : null;
  // A FIN alone is no data.
  if (round === null || missing <= 1 || receiver.lastData === null) return null;
  return {
    confidence: 'likely',
    responsible: 'unknown',
    lost: 'rest of the answer missing',
    evidence: [
      fact(receiver.lastData, `${the(receiver)} was answering; part of what it had sent never reached ${the(sender)}`, {
        missing,
      }),
      fact(rst, `after ${span(idle)} without any packet ${the(sender)} aborted the connection`),
      fact(null, `${round} s is a customary time limit`),
    ],
    doubt: [
      'Inferred: a time limit. Where the packets were lost the capture cannot tell; a program that gave up at that moment for another reason looks the same.',
    ],
  };
}
