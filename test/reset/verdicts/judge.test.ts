/** Who is asked, who wins, and what a poor capture takes from certainty. */
import { describe, expect, test } from 'vitest';
import type { Confidence } from '../../../src/reset/types.js';
import { judge } from '../../../src/reset/verdicts/judge.js';
import type { Cause, SignatureResult } from '../../../src/reset/vocabulary/verdict.js';
import { evidence, makeCause } from '../../support/diagnosis.js';
import { ALONE, ago, type Given, LIMITS, resetOf } from '../../support/signatures.js';

const says = (id: string, result: SignatureResult, more: Partial<Cause> = {}): Cause =>
  makeCause(id, { signature: () => result, ...more });
const match = (confidence: Confidence, doubt: readonly string[] = [], text = 'it came') => ({
  confidence,
  responsible: 'nobody' as const,
  evidence: [evidence(1, text)],
  doubt,
});
const UNKNOWN = says('unknown', match('possible'), { fallback: true });
const asked = (causes: readonly Cause[], given: Given = {}) =>
  judge(resetOf(given), [...causes, UNKNOWN], { ...ALONE, ...given.context }, LIMITS);
const verdict = (causes: readonly Cause[], given: Given = {}) => {
  const { cause, match: m, alternatives } = asked(causes, given);
  return [`${cause.id} ${m.confidence}`, ...alternatives.map((a) => `${a.cause.id} ${a.confidence}`)].join(', ');
};

describe('who wins', () => {
  test.each<[string, readonly Cause[], string]>([
    [
      'the first that is likely, not the surest',
      [says('a', match('likely')), says('b', match('certain'))],
      'a likely, b certain',
    ],
    [
      'not the first that is possible',
      [says('a', match('possible')), says('b', match('likely'))],
      'b likely, a possible',
    ],
    ['the unknown, where none is likely', [says('a', match('possible'))], 'unknown possible, a possible'],
    [
      '… whatever it says of itself',
      [says('a', match('certain'), { fallback: true }), says('b', match('likely'))],
      'b likely',
    ],
    [
      'what fits better stands before, the others in their order',
      [
        says('a', match('possible')),
        says('b', match('likely')),
        says('c', match('possible')),
        says('d', match('likely')),
      ],
      'b likely, d likely, a possible, c possible',
    ],
    ['nobody', [], 'unknown possible'],
  ])('%s', (_, causes, expected) => {
    expect(verdict(causes)).toBe(expected);
  });

  test('an alternative is told with its first doubt, or what it saw first', () => {
    const { alternatives } = asked([
      says('a', match('likely')),
      says('b', match('likely', ['one', 'two'])),
      says('c', match('likely', [], 'c saw this')),
      says('d', { ...match('likely'), evidence: [] }),
    ]);
    expect(alternatives.map(({ reason }) => reason)).toEqual(['one', 'c saw this', '']);
  });

  test('who looked and found against is told with why, who was not meant is not', () => {
    const { against, untested } = asked([says('a', { no: 'a FIN came' }), says('b', undefined)]);
    expect(against.map(({ cause, reason }) => `${cause.id}: ${reason}`)).toEqual(['a: a FIN came']);
    expect(untested).toEqual([]);
  });

  test('without an unknown it fails and says where', () => {
    expect(() => judge(resetOf({}), [], ALONE, LIMITS)).toThrow(
      'no cause, not even an unknown one, looks at shape active (frame 100)',
    );
  });
});

describe('what a cause needs', () => {
  const needing = (...needs: Cause['needs']) => [says('a', match('certain'), { needs })];
  test('and there is, it gets', () => {
    expect(verdict(needing('handshake', 'rtt'))).toBe('a certain');
  });
  test('and the capture does not tell, leaves it untested', () => {
    const { untested, against, cause } = asked(needing('handshake', 'rtt'), { reset: { rtt: null } });
    expect([cause.id, untested.map(({ cause: c, needs }) => `${c.id} ${needs}`), against]).toEqual([
      'unknown',
      ['a rtt'],
      [],
    ]);
  });
  test.each([
    ['trigger', 'no segment of the other side drew it'],
    ['drawn', 'no segment of the other side drew it'],
    ['stated', 'it states no reason'],
    ['pendingSyn', 'no new SYN came on this four-tuple'],
    ['unanswered', 'nothing was waiting for an answer'],
    ['unread', 'the windows prove no unread data'],
  ] as const)('and there was no %s, speaks against it', (field, reason) => {
    const { untested, against } = asked(needing(field), { reset: { [field]: null } });
    expect([untested, against.map((a) => a.reason)]).toEqual([[], [reason]]);
  });
});

describe('what a poor capture takes', () => {
  const remains = (confidence: Confidence, given: Given, more: Partial<SignatureResult> = {}) => {
    const { match: m } = asked([says('a', { ...match(confidence, ['own']), ...more } as SignatureResult)], given);
    return [m.confidence, ...m.doubt.slice(1)].join('; ');
  };
  const quality = (name: string): Given => ({ reset: { quality: { [name]: true } } });
  test.each<[string, Given, string]>([
    ['nothing is wrong', {}, 'certain'],
    [
      'one direction',
      quality('oneSided'),
      'likely; Not certain because the capture shows one direction of this connection only.',
    ],
    [
      'flags only',
      quality('flagsOnly'),
      'likely; Not certain because the capture holds only SYN, FIN and RST segments of this connection.',
    ],
    [
      'the beginning is missing',
      quality('midStream'),
      'likely; Not certain because the connection began before the capture.',
    ],
    ['cut', quality('cut'), 'likely; Not certain because the capture cut the packets short.'],
    [
      'packets are missing',
      quality('unseen'),
      'likely; Not certain because the capture lacks packets of this connection, or has them out of order.',
    ],
    [
      'what drew it is not there',
      { receiver: { segments: 0 }, rst: { hasAck: false }, reset: { drawn: ago(0) } },
      'likely; Not certain because what it answers is not in this capture.',
    ],
    [
      'what it acknowledges is not there',
      { receiver: { segments: 0 }, rst: { hasAck: true }, reset: { drawn: null } },
      'likely; Not certain because what it answers is not in this capture.',
    ],
    ['nothing need be there', { receiver: { segments: 0 }, rst: { hasAck: false }, reset: { drawn: null } }, 'certain'],
    [
      'no TTL',
      { rst: { ttl: null } },
      'likely; Not certain because the capture was read from text that does not tell the TTL.',
    ],
    [
      'a capture that lost packets',
      { context: { lossy: true } },
      'likely; Not certain because this capture lost packets: what seems absent may be among them.',
    ],
    ['… a refusal', { context: { lossy: true }, reset: { phase: 'syn-sent' } }, 'certain'],
    [
      'a capture of several points',
      { context: { arrangement: 'merged' } },
      'likely; Not certain because the capture was put together of several, whose clocks, TTLs and MAC addresses differ.',
    ],
    [
      'a capture out of order',
      { context: { arrangement: 'unordered' } },
      'likely; Not certain because the packets of this capture are not in the order of their times.',
    ],
    [
      'the worst is told',
      { reset: { quality: { oneSided: true, flagsOnly: true, cut: true } } },
      'likely; Not certain because the capture shows one direction of this connection only.',
    ],
  ])('%s', (_, given, expected) => {
    expect(remains('certain', given)).toBe(expected);
  });

  test.each<[string, Given, string]>([
    ['flags only', quality('flagsOnly'), 'likely; Told by numbers and timestamps of SYN, FIN and RST segments alone.'],
    [
      'one direction, the other end unseen',
      { receiver: { segments: 0 }, reset: { quality: { oneSided: true } } },
      'likely; The capture shows one direction of this connection only.',
    ],
    ['one direction, the other end seen', quality('oneSided'), 'likely'],
    ['the other end unseen', { receiver: { segments: 0 } }, 'likely'],
    ['cut', quality('cut'), 'likely'],
  ])('of what is likely: %s', (_, given, expected) => {
    expect(remains('likely', given)).toBe(expected);
  });

  test('nothing, where no program took part and the packet was captured', () => {
    expect(remains('certain', quality('oneSided'), { noProgram: true })).toBe('certain');
    expect(remains('certain', { ...quality('oneSided'), rst: { ttl: null } }, { noProgram: true })).toContain(
      'likely; ',
    );
  });

  test.each<[string, string, Given]>([
    ['better lines', 'lines of this connection could not be understood', quality('garbled')],
    ['times in a text', 'the text tells no times', quality('untimed')],
    ['numbers in it', 'the text does not tell what its sequence number counts from', quality('rootless')],
    ['a clock', 'all packets of the capture have the same time', { context: { arrangement: 'timeless' } }],
  ])('all, for want of %s', (_, why, given) => {
    const { cause, match: m, alternatives } = asked([says('a', match('certain'))], given);
    expect([cause.id, m.doubt.at(-1), alternatives.map((a) => a.cause.id)]).toEqual([
      'unknown',
      `Nothing is likely here because ${why}.`,
      ['a'],
    ]);
  });
});
