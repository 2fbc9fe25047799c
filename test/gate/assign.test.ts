import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assign } from '../../src/gate/assign.js';
import { parseExpectFile } from '../../src/gate/expect-file.js';
import { type Expectation, fitOf } from '../../src/gate/expectation.js';
import { VOCABULARY, verdict } from '../support/gate.js';

const lines = (text: string) => parseExpectFile(text, 'x.expect', VOCABULARY).expectations;
const frames = (list: readonly { reset: { rst: { frame: number } } }[]) => list.map(({ reset }) => reset.rst.frame);

describe('assignment of resets to lines', () => {
  it('finds the one way that satisfies overlapping lines', () => {
    const verdicts = [
      verdict(1, 'closed-port', '10.0.0.1:1', '10.0.2.2:80'),
      verdict(2, 'closed-port', '10.0.0.1:2', '10.0.9.9:99'),
    ];
    // The first line could take either; only frame 2 leaves the second line something.
    const { counted, left } = assign(verdicts, lines('1 closed-port 10.0.0.1 -> *\n1 closed-port * -> 10.0.2.2:80'));
    expect(counted.map(frames)).toEqual([[2], [1]]);
    expect(left).toEqual([]);
  });

  it('gives every line its least before any gets more', () => {
    const verdicts = [1, 2, 3].map((frame) => verdict(frame, 'closed-port'));
    const { counted, left } = assign(verdicts, lines('any closed-port\n2 closed-port'));
    expect(counted.map((list) => list.length)).toEqual([1, 2]);
    expect(left).toEqual([]);
  });

  it('leaves what no line has room for', () => {
    const verdicts = [1, 2, 3].map((frame) => verdict(frame, 'closed-port'));
    expect(frames(assign(verdicts, lines('1-2 closed-port')).left)).toEqual([3]);
  });

  it('satisfies all lines whenever some assignment does', () => {
    const servers = ['10.0.2.2:80', '10.0.2.2:81', '10.0.3.3:80'];
    const patterns = ['*', '10.0.2.2', '*:80', '10.0.3.3:80'];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...servers), { maxLength: 6 }),
        fc.array(
          fc.tuple(fc.constantFrom(...patterns), fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        (targets, specs) => {
          const verdicts = targets.map((server, index) => verdict(index + 1, 'closed-port', '10.0.1.2:1', server));
          const expectations = lines(
            specs.map(([server, least, more]) => `${least}-${least + more} closed-port * -> ${server}`).join('\n'),
          );
          const { counted, left } = assign(verdicts, expectations);
          const good = left.length === 0 && counted.every((list, line) => list.length >= expectations[line]!.least);
          counted.forEach((list, line) => {
            expect(list.length).toBeLessThanOrEqual(expectations[line]!.most);
            for (const one of list) expect(fitOf(expectations[line]!, one).ends).toBe(true);
          });
          expect(good).toBe(
            possible(
              verdicts,
              expectations,
              expectations.map(() => 0),
            ),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** By trying everything. */
function possible(
  verdicts: readonly ReturnType<typeof verdict>[],
  expectations: readonly Expectation[],
  taken: number[],
): boolean {
  const [first, ...rest] = verdicts;
  if (first === undefined) return expectations.every(({ least }, line) => taken[line]! >= least);
  return expectations.some((expectation, line) => {
    if (!fitOf(expectation, first).ends || taken[line]! >= expectation.most) return false;
    return possible(
      rest,
      expectations,
      taken.map((number, index) => (index === line ? number + 1 : number)),
    );
  });
}
