import type { Limits } from '../limits.js';
import { cited, fact, span, the } from '../reset/evidence.js';
import { contentThatDrew, type DrawingContent } from '../reset/facts/content.js';
import type { Evidence, Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import type { SignatureResult } from '../reset/vocabulary/verdict.js';
import { distance } from '../tcp/sequence.js';

/** Steps of the volleys that national filters are known for: behind the first come one and three segments of 1460. */
const STEPS = [1460, 4380];

/** A volley of RSTs at guessed numbers: an observer beside the path, not a device in it. */
export const dpiInjection = defineCause({
  id: 'dpi-injection',
  title: 'An observer beside the path cut the connection with a volley of forged RSTs',
  counted: '{connection was|connections were} cut by volleys of forged RSTs',
  explanation: `Several RSTs came at once in the name of one end, with different sequence numbers (the next one, and guesses
further on) or with windows that count up. That is how filters work that only see a copy of the traffic: they cannot
stop the packets, so they race the real answer and send several resets to hit the right number. National and campus
filters ("the great firewall") are known for these patterns.`,
  fix: 'It is a policy of a network on the way. Use another path or a permitted name; encrypt the name (ECH) where that is allowed.',
  confirm: 'the same content draws it again; a capture on {sender.address} holds none of these RSTs',
  references: ['Clayton, Murdoch, Watson: PETS 2006', 'Weaver, Sommer, Paxson: NDSS 2009', 'gfw.report 2025-08-20'],
  since: '0.1.0',
  severity: 'error',
  shapes: [
    'active',
    'active-shrunk',
    'reply',
    'reply-to-syn',
    'mirror',
    'forward',
    'ahead',
    'behind',
    'zero',
    'orphan',
  ],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, siblings, effective } = reset;
    if (!effective) return { no: 'it took no effect' };
    const volley = siblings.filter((s) => s.fromSender && Math.abs(s.time - rst.time) <= 2 * limits.triggerWindow);
    const steps = volley.filter((s) => STEPS.includes(Math.abs(distance(s.seq, rst.seq))));
    if (steps.length === 0) {
      const beside = besideVolley(reset, limits);
      if (beside !== null) return beside;
    }
    const counting = volley.filter(
      (s) =>
        s.seq === rst.seq &&
        s.window !== rst.window &&
        Math.abs(s.window - rst.window) <= volley.length &&
        s.window !== 0,
    );
    const guessed = steps.length >= 2 || (steps.length === 1 && volley.length >= 2);
    const counted = counting.length >= 2;
    const twin = volley.find(({ frame }) => frame === reset.provenance.twin);
    if (twin !== undefined && !guessed && !counted) return pairOf(reset, twin, limits);
    if (!guessed && !counted) return { no: 'no volley of RSTs with guessed numbers or counting windows came' };
    const drawn = contentThatDrew(reset, limits);
    return {
      confidence: 'certain',
      responsible: 'third-party',
      lost: drawn?.telling ? 'request blocked' : undefined,
      evidence: [
        ...firstOfThem(reset, drawn),
        fact(
          volley[0],
          guessed
            ? `with it came others at numbers ${steps.map((s) => `${distance(s.seq, rst.seq) > 0 ? '+' : ''}${distance(s.seq, rst.seq)}`).join(', ')}: guesses, as of somebody who does not hold the connection (frames ${volley.map(cited).join(', ')})`
            : `with it came others with the same number and windows that count up (${[rst.window, ...counting.map((s) => s.window)].join(', ')}; frames ${volley.map(cited).join(', ')})`,
        ),
      ],
      doubt: [],
    };
  },
});

/** What drew them, as far as it is told, and the RST in question. */
function firstOfThem({ rst, sender, trigger }: Reset, drawn: DrawingContent | null): readonly Evidence[] {
  const came = fact(rst, `an RST came in the name of ${the(sender)}`, {
    seq: rst.seq,
    ttl: rst.ttl,
    window: rst.window,
  });
  if (drawn !== null) return [fact(drawn.message.first, `${the(drawn.from)} sent ${drawn.content}`), came];
  return trigger ? [fact(trigger, 'the segment that drew them'), came] : [came];
}

function pairOf(reset: Reset, twin: Reset['siblings'][number], limits: Limits): SignatureResult {
  const { rst, sender } = reset;
  const drawn = contentThatDrew(reset, limits);
  const step = distance(twin.seq, rst.seq);
  return {
    confidence: 'likely',
    responsible: 'third-party',
    lost: drawn?.telling ? 'request blocked' : undefined,
    evidence: [
      ...firstOfThem(reset, drawn),
      fact(
        twin,
        `with it came its twin, the same but for a number ${step > 0 ? '+' : ''}${step}: the pair of a traffic shaper that was used against file sharing`,
        { seq: twin.seq },
      ),
    ],
    doubt: [`That ${the(sender)} did not send it rests on this pair alone; a capture on ${sender.address} decides.`],
  };
}

/**
 * A reset in the midst of a volley in the name of the same end: what the end itself answers to the other, which the
 * volley's other half had cut or is about to cut, belongs to the same event.
 */
function besideVolley({ rst, sender, receiver, siblings }: Reset, limits: Limits): SignatureResult | null {
  const near = siblings.filter(
    (s) => s.fromSender && s.hasAck && Math.abs(s.time - rst.time) <= limits.contentReaction && s.seq !== rst.seq,
  );
  const first = near[0];
  if (first === undefined) return null;
  const steps = near.filter((s) => STEPS.includes(distance(s.seq, first.seq)));
  if (steps.length < STEPS.length) return null;
  return {
    confidence: 'likely',
    responsible: 'third-party',
    evidence: [
      fact(rst, `${the(sender)} reset the connection`, { seq: rst.seq }),
      fact(
        first,
        `within ${span(Math.abs(steps[steps.length - 1].time - rst.time))} others came in its name at numbers that step by ${STEPS.map(String).join(' and ')}: guesses of somebody who does not hold the connection (frames ${[first, ...steps].map(cited).join(', ')})`,
      ),
    ],
    doubt: [
      `This RST may be ${the(sender)}'s own, for data of ${the(receiver)} that came after its close: the cut of the other end is not in this capture.`,
    ],
  };
}
