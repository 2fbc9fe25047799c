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

/**
 * Runs the causes in their order, which is that of precedence: the first that is at least `likely`
 * wins, because the specific stands before the general. Where none is, the verdict is the family's
 * unknown (a fallback cause), and the possibles become its alternatives. The causes are those about the reset's shape.
 */
export function judge(reset: Reset, causes: readonly Cause[], context: Context, limits: Limits): Judgement {
  const matches: { cause: Cause; match: Match }[] = [];
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
    else matches.push({ cause, match: result });
  }
  const unknown = (m: { cause: Cause }) => m.cause.fallback === true;
  const untold = untoldBy(reset.quality);
  let best: { cause: Cause; match: Match } | undefined;
  for (const m of matches) {
    if (unknown(m) || m.match.confidence === 'possible' || untold !== null) continue;
    best ??= m;
  }
  best ??= matches.find(unknown);
  if (best === undefined)
    throw new Error(`no cause, not even an unknown one, looks at shape ${reset.shape} (frame ${reset.rst.frame})`);
  const doubt = untold === null ? [] : [`Nothing is likely here because ${untold}.`];
  const match = lowered(best.match, reset, context.lossy);
  const chosen = doubt.length === 0 ? match : { ...match, doubt: [...match.doubt, ...doubt] };
  const alternatives = matches
    .filter((m) => m.cause !== best.cause && !unknown(m))
    .sort((a, b) => RANK[b.match.confidence] - RANK[a.match.confidence])
    .map((m) => ({
      cause: m.cause,
      confidence: m.match.confidence,
      reason: m.match.doubt[0] ?? m.match.evidence[0]?.text ?? '',
    }));
  return { cause: best.cause, match: chosen, alternatives, against, untested };
}
