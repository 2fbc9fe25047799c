import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import { withFrames } from '../evidence.js';
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

/** Where the capture lacks part of the connection nothing is certain: what is missing may tell another story. */
function lowered(match: Match, reset: Reset, lossy: boolean): Match {
  const { quality, rst, drawn, phase } = reset;
  // No program took part: nothing is missing.
  if (match.noProgram && rst.ttl !== null) return match;
  if (match.confidence === 'likely' && quality.flagsOnly)
    return { ...match, doubt: [...match.doubt, 'Told by numbers and timestamps of SYN, FIN and RST segments alone.'] };
  if (match.confidence === 'likely' && quality.oneSided && isUnseen(reset))
    return { ...match, doubt: [...match.doubt, 'The capture shows one direction of this connection only.'] };
  if (match.confidence !== 'certain') return match;
  const why = quality.oneSided
    ? 'the capture shows one direction of this connection only'
    : quality.flagsOnly
      ? 'the capture holds only SYN, FIN and RST segments of this connection'
      : quality.midStream
        ? 'the connection began before the capture'
        : quality.cut
          ? 'the capture cut the packets short'
          : quality.unseen
            ? 'the capture lacks packets of this connection, or has them out of order'
            : isUnseen(reset) && (drawn !== null || rst.hasAck)
              ? 'what it answers is not in this capture'
              : rst.ttl === null
                ? 'the capture was read from text that does not tell the TTL'
                : // A refusal and its SYN are all there is to it.
                  lossy && phase !== 'syn-sent'
                  ? 'this capture lost packets: what seems absent may be among them'
                  : null;
  return why === null
    ? match
    : { ...match, confidence: 'likely', doubt: [...match.doubt, `Not certain because ${why}.`] };
}

/** Why a text tells too little of a connection for anything to be likely; null where it does not. */
function untoldBy({ garbled, untimed, rootless }: Reset['quality']): string | null {
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
function chosen(best: Answer | undefined, reset: Reset, context: Context): Answer {
  if (best === undefined)
    throw new Error(`no cause, not even an unknown one, looks at shape ${reset.shape} (frame ${reset.rst.frame})`);
  const match = lowered(best.match, reset, context.lossy);
  const untold = untoldBy(reset.quality);
  if (untold === null) return { cause: best.cause, match };
  return {
    cause: best.cause,
    match: { ...match, doubt: [...match.doubt, `Nothing is likely here because ${untold}.`] },
  };
}

/** The verdict alone, as {@link judge} finds it: the causes behind the one that wins are not asked. */
export function winner(reset: Reset, causes: readonly Cause[], context: Context, limits: Limits): Answer {
  const untold = untoldBy(reset.quality) !== null;
  let unknown: Answer | undefined;
  for (const cause of causes) {
    // Where nothing is likely only the family's unknown can win.
    if (cause.fallback === true ? unknown !== undefined : untold) continue;
    if (missingOf(cause, reset) !== undefined) continue;
    const match = cause.signature(reset, context, limits);
    if (match === undefined || 'no' in match) continue;
    const answer = { cause, match };
    if (wins(answer)) return chosen({ cause, match: named(match, reset) }, reset, context);
    if (isUnknown(answer)) unknown = answer;
  }
  return chosen(unknown && { cause: unknown.cause, match: named(unknown.match, reset) }, reset, context);
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
  const likely = untoldBy(reset.quality) === null ? answers.find(wins) : undefined;
  const best = chosen(likely ?? answers.find(isUnknown), reset, context);
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
