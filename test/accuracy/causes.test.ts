/** Precision and recall per cause, and what conditions are told apart. */
import { describe, expect, test } from 'vitest';
import { byCondition, byDeed, type Judged, perCause, tally, worldOf } from './causes.mjs';

const judged = (changes: Partial<Judged>): Judged => ({
  role: 'first',
  cause: 'closed-port',
  confidence: 'certain',
  decided: true,
  truth: 'closed-port',
  score: 'right',
  vantage: 'client',
  world: [],
  connection: null,
  ...changes,
});
const LIST = [
  judged({}),
  judged({ truth: 'port-scan', score: 'wrong', confidence: 'likely', vantage: 'server', world: ['IPv6'] }),
  judged({ cause: 'unexplained-reply', decided: false, confidence: 'possible', score: 'undecided' }),
  judged({ cause: 'port-scan', truth: 'port-scan', connection: { deed: 'scanned' } }),
  judged({ role: 'ignored', score: 'wrong' }),
];

test('recall counts the resets whose truth a cause is, precision the verdicts that name it', () => {
  expect(perCause(LIST.slice(0, 4))).toEqual([
    { cause: 'closed-port', truths: 2, told: 1, undecided: 1, said: 2, right: 1 },
    { cause: 'port-scan', truths: 2, told: 1, undecided: 0, said: 1, right: 1 },
  ]);
});

test('a cause that is as true counts for the recall of the truth and the precision of what was said', () => {
  expect(perCause([judged({ cause: 'cancelled-download', truth: 'close-with-unread-data' })])).toEqual([
    { cause: 'cancelled-download', truths: 0, told: 0, undecided: 0, said: 1, right: 1 },
    { cause: 'close-with-unread-data', truths: 1, told: 1, undecided: 0, said: 0, right: 0 },
  ]);
});

test('wrong ones are counted by confidence', () => {
  expect(tally(LIST)).toEqual({
    resets: 5,
    right: 2,
    undecided: 1,
    wrongPossible: 0,
    wrongLikely: 1,
    wrongCertain: 1,
  });
});

test('rows are: all, each vantage, each drawn condition, each degradation; of first resets only', () => {
  const degraded = [{ condition: { name: 'snaplen 54' }, judged: LIST.slice(0, 1) }];
  const rows = byCondition({ full: { resets: LIST }, degraded });
  expect(rows.map(({ name, resets }) => [name, resets])).toEqual([
    ['all, as recorded', 4],
    ['at the client', 3],
    ['at the server', 1],
    ['world: IPv6', 1],
    ['snaplen 54', 1],
  ]);
  expect(byDeed(LIST)).toMatchObject([{ name: 'scanned', resets: 1, right: 1 }]);
});

describe('the world of a random situation', () => {
  const plain = {
    loopback: false,
    ipv6: false,
    delay: 0,
    jitter: 0,
    timestamps: true,
    offload: false,
    loss: 0,
    nat: 'none',
  };
  test.each([
    [{}, ['near']],
    [{ loopback: true, ipv6: true }, ['loopback', 'IPv6']],
    [
      { delay: 0.02, jitter: 0.002, loss: 10, nat: 'dnat', timestamps: false },
      ['far', 'no timestamps', 'loss', 'reordering', 'dnat'],
    ],
  ])('%j is %j', (changes, words) => {
    expect(worldOf({ conditions: { ...plain, ...changes } })).toEqual(words);
  });
  test('a recording without drawn conditions has none', () => expect(worldOf({})).toEqual([]));
});
