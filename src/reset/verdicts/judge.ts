import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import { withFrames } from '../evidence.js';
import { lackingAck, mayLackTrigger } from '../facts/lacking.js';
import { isUnseen } from '../facts/one-sided.js';
import type { Confidence, Reset } from '../types.js';
import type { Cause, Match, NullableField, SignatureResult, Verdict } from '../vocabulary/verdict.js';

/** What the signatures say of one reset, before role and applications are known. */
export interface Judgement {
  readonly cause: Cause;
  readonly match: Match;
  readonly alternatives: Verdict['alternatives'];
  readonly against: Verdict['against'];
  readonly untested: Verdict['untested'];
}

/** Fields that are null because there was none, not because the capture cannot tell. */
const ABSENT: { readonly [K in NullableField]?: string } = {
  trigger: 'no segment of the other side drew it',
  drawn: 'no segment of the other side drew it',
  stated: 'it states no reason',
  pendingSyn: 'no new SYN came on this four-tuple',
  unanswered: 'nothing was waiting for an answer',
  unread: 'the windows prove no unread data',
};

/** Phases behind the handshake. */
const LATER: readonly Reset['phase'][] = ['established', 'sender-closed', 'receiver-closed', 'both-closed'];

/** What the capture lacks of this connection, as the end of a sentence; null where nothing is known to be missing. */
function lackOf(reset: Reset, { lossy, arrangement }: Context, limits: Limits): string | null {
  const { quality, rst, drawn, phase, handshake } = reset;
  if (quality.oneSided) return 'the capture shows one direction of this connection only';
  if (quality.flagsOnly) return 'the capture holds only SYN, FIN and RST segments of this connection';
  if (quality.midStream) return 'the connection began before the capture';
  if (quality.cut) return 'the capture cut the packets short';
  if (quality.unseen) return 'the capture lacks packets of this connection, or has them out of order';
  if (handshake?.synAck === null && LATER.includes(phase)) return 'the capture lacks the SYN-ACK';
  if (lackingAck(reset, limits) !== null) return 'the capture lacks the acknowledgment of what was sent last';
  if (mayLackTrigger(reset, limits))
    return 'the capture may lack what drew it: a kernel answers an acknowledgment sooner';
  if (isUnseen(reset) && (drawn !== null || rst.hasAck)) return 'what it answers is not in this capture';
  if (rst.ttl === null) return 'the capture was read from text that does not tell the TTL';
  if (arrangement === 'merged')
    return 'the capture was put together of several, whose clocks, TTLs and MAC addresses differ';
  if (arrangement === 'unordered') return 'the packets of this capture are not in the order of their times';
  // A refusal and its SYN are all there is to it.
  if (lossy && phase !== 'syn-sent') return 'this capture lost packets: what seems absent may be among them';
  return null;
}

/** Where the capture lacks part of the connection nothing is certain: what is missing may tell another story. */
function lowered(match: Match, reset: Reset, context: Context, limits: Limits): Match {
  const { quality, rst } = reset;
  // No program took part: nothing is missing. What came before what is another matter.
  if (match.noProgram && rst.ttl !== null && context.arrangement === 'as recorded') return match;
  if (match.confidence === 'likely' && quality.flagsOnly)
    return { ...match, doubt: [...match.doubt, 'Told by numbers and timestamps of SYN, FIN and RST segments alone.'] };
  if (match.confidence === 'likely' && quality.oneSided && isUnseen(reset))
    return { ...match, doubt: [...match.doubt, 'The capture shows one direction of this connection only.'] };
  if (match.confidence !== 'certain') return match;
  const lack = lackOf(reset, context, limits);
  return lack === null
    ? match
    : { ...match, confidence: 'likely', doubt: [...match.doubt, `Not certain because ${lack}.`] };
}

/** Why a text, or a file without a clock, tells too little for anything to be likely; null where it does not. */
function untoldBy({ garbled, untimed, rootless }: Reset['quality'], { arrangement }: Context): string | null {
  if (arrangement === 'timeless') return 'all packets of the capture have the same time';
  if (garbled) return 'lines of this connection could not be understood';
  if (untimed) return 'the text tells no times';
  return rootless ? 'the text does not tell what its sequence number counts from' : null;
}

/** The answer with its frames named as the run names them. */
export function named<T extends SignatureResult>(result: T, { borders }: Pick<Reset, 'borders'>): T {
  if (result === undefined) return result;
  if ('no' in result) {
    const no = withFrames(result.no, borders);
    return no === result.no ? result : { ...result, no };
  }
  const evidence = result.evidence.map((one) => {
    const text = withFrames(one.text, borders);
    return text === one.text ? one : { ...one, text };
  });
  return { ...result, evidence, doubt: result.doubt.map((text) => withFrames(text, borders)) };
}

/** The first field that the cause needs and the reset lacks. */
function missingOf({ needs }: Cause, reset: Reset): NullableField | undefined {
  for (let i = 0; i < needs.length; i++) if (reset[needs[i]] === null) return needs[i];
  return undefined;
}

const RANK: Record<Confidence, number> = { certain: 2, likely: 1, possible: 0 };

/** A cause with what it says of the reset. */
interface Answer {
  readonly cause: Cause;
  readonly match: Match;
}

const isUnknown = ({ cause }: Answer) => cause.fallback === true;

/** Does this answer end the search? */
const wins = (answer: Answer) => !isUnknown(answer) && answer.match.confidence !== 'possible';

/** The answer that wins as the verdict says it. */
function chosen(best: Answer | undefined, reset: Reset, context: Context, limits: Limits): Answer {
  if (best === undefined)
    throw new Error(`no cause, not even an unknown one, looks at shape ${reset.shape} (frame ${reset.rst.frame})`);
  const match = lowered(best.match, reset, context, limits);
  const untold = untoldBy(reset.quality, context);
  if (untold === null) return { cause: best.cause, match };
  return {
    cause: best.cause,
    match: { ...match, doubt: [...match.doubt, `Nothing is likely here because ${untold}.`] },
  };
}

/** The verdict alone, as {@link judge} finds it: the causes behind the one that wins are not asked, and its frames not named. */
export function winner(reset: Reset, causes: readonly Cause[], context: Context, limits: Limits): Answer {
  const untold = untoldBy(reset.quality, context) !== null;
  let unknown: Answer | undefined;
  for (const cause of causes) {
    // Where nothing is likely only the family's unknown can win.
    if (cause.fallback === true ? unknown !== undefined : untold) continue;
    if (missingOf(cause, reset) !== undefined) continue;
    const match = cause.signature(reset, context, limits);
    if (match === undefined || 'no' in match) continue;
    const answer = { cause, match };
    if (wins(answer)) return chosen(answer, reset, context, limits);
    if (isUnknown(answer)) unknown = answer;
  }
  return chosen(unknown, reset, context, limits);
}

/**
 * Runs the causes in their order, which is that of precedence: the first that is at least `likely`
 * wins, because the specific stands before the general. Where none is, the verdict is the family's
 * unknown (a fallback cause), and the possibles become its alternatives. The causes are those about the reset's shape.
 */
export function judge(reset: Reset, causes: readonly Cause[], context: Context, limits: Limits): Judgement {
  const answers: Answer[] = [];
  const against: { cause: Cause; reason: string }[] = [];
  const untested: { cause: Cause; needs: string }[] = [];
  for (const cause of causes) {
    const missing = missingOf(cause, reset);
    if (missing !== undefined) {
      const absent = ABSENT[missing];
      if (absent !== undefined) against.push({ cause, reason: absent });
      else untested.push({ cause, needs: missing });
      continue;
    }
    const result = named(cause.signature(reset, context, limits), reset);
    if (result === undefined) continue;
    if ('no' in result) against.push({ cause, reason: result.no });
    else answers.push({ cause, match: result });
  }
  const likely = untoldBy(reset.quality, context) === null ? answers.find(wins) : undefined;
  const best = chosen(likely ?? answers.find(isUnknown), reset, context, limits);
  const alternatives = answers
    .filter((answer) => answer.cause !== best.cause && !isUnknown(answer))
    .sort((a, b) => RANK[b.match.confidence] - RANK[a.match.confidence])
    .map(({ cause, match: { confidence, doubt, evidence } }) => ({
      cause,
      confidence,
      reason: doubt[0] ?? evidence[0]?.text ?? '',
    }));
  return { ...best, alternatives, against, untested };
}
