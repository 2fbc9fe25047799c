/** What a line that was not met is told to be near of, and why each of those does not fit. */
import { describe, expect, test } from 'vitest';
import { compare } from '../../src/gate/compare.js';
import { parseExpectFile } from '../../src/gate/expect-file.js';
import type { Verdict } from '../../src/reset/vocabulary/verdict.js';
import { CAUSES, VOCABULARY, verdict } from '../support/gate.js';

const [CLIENT, SERVER, ELSEWHERE] = ['10.0.1.2:40000', '10.0.2.2:80', '10.0.3.3:443'];

function problems(lines: string, verdicts: readonly Verdict[]) {
  const expected = parseExpectFile(lines, 'x.expect', VOCABULARY);
  return compare(verdicts, expected, { capture: 'x.pcap', today: '2026-11-21', causes: CAUSES }).problems;
}
const rows = (lines: string, verdicts: readonly Verdict[]) => Object.fromEntries(problems(lines, verdicts)[0]!.rows);

describe('a line that was not met', () => {
  const LINE = '1 closed-port certain * -> 10.0.2.2:80';

  test('names the nearest first: cause and place, then either, surer ones before', () => {
    const certain = { confidence: 'certain' } as const;
    const { instead, look } = rows(LINE, [
      verdict(1, 'forged-reset', CLIENT, ELSEWHERE, certain),
      verdict(2, 'forged-reset', CLIENT, SERVER),
      verdict(3, 'forged-reset', CLIENT, SERVER, certain),
      verdict(4, 'closed-port', CLIENT, ELSEWHERE, certain),
      verdict(5, 'closed-port', CLIENT, SERVER),
    ]);
    expect(instead!.split('\n').map((line) => line.split(':')[0])).toEqual([
      'frame 5',
      'frame 3',
      'frame 4',
      'frame 2',
    ]);
    expect(look).toBe('whyrst show x.pcap 5');
  });

  test('says of each why not: not sure enough, elsewhere, or what the cause itself said', () => {
    const against = [{ cause: CAUSES[2]!, reason: 'the server accepted the connection all the same (7)' }];
    const { 'why not': why } = rows(LINE, [
      verdict(3, 'forged-reset', CLIENT, SERVER, { against }),
      verdict(4, 'closed-port', CLIENT, ELSEWHERE),
      verdict(5, 'closed-port', CLIENT, SERVER, { doubt: ['A firewall sends the same.'] }),
    ]);
    expect(why!.split('\n')).toEqual([
      'frame 5: it is only likely: A firewall sends the same.',
      'frame 3: closed-port: the server accepted the connection all the same (7)',
      'frame 4: it is at other addresses',
    ]);
  });

  test('counts what is short', () => {
    const [problem] = problems('3 closed-port', [verdict(3, 'closed-port')]);
    expect(problem).toMatchObject({ kind: 'missing', title: '2 missing: 3 closed-port', file: 'x.expect', line: 1 });
    expect(Object.fromEntries(problem!.rows)).toMatchObject({ found: '1 reset, frames 3' });
  });

  test('with nothing near points at the whole capture', () => {
    expect(rows(LINE, [])).toEqual({
      expected: '1 closed-port, at least certain, * -> 10.0.2.2:80  (x.expect:1)',
      found: 'none',
      look: 'whyrst x.pcap',
    });
  });
});

describe('a reset that nobody expected', () => {
  test('is told once for each cause and server, with what would have allowed it', () => {
    const many = Array.from({ length: 10 }, (_, i) => verdict(10 + i, 'closed-port', `10.0.1.2:${5000 + i}`));
    const [one, ...more] = problems(
      '1 closed-port\nany port-scan until 2026-11-20 # nightly\n2 closed-port certain',
      many,
    );
    expect([one!.kind, more.map(({ title }) => title)]).toEqual([
      'missing',
      [expect.stringMatching(/^Not expected: 9 closed-port, likely, to /)],
    ]);
    const unexpected = more[0]!;
    expect(unexpected.rows.map(([name]) => name)).toEqual(['found', '', 'expected', 'look']);
    expect(unexpected.rows[1]![1]).toBe('and 1 more');
    expect(unexpected.rows[2]![1].split('\n')).toEqual([
      'x.expect:1 allows 1 closed-port; there are more',
      'x.expect:3 wants it at least certain; it is likely',
    ]);
  });

  test('names a line that has ended, and one that says none', () => {
    const { expected } = rows('any port-scan until 2026-11-20 # nightly', [verdict(4, 'port-scan')]);
    expect(expected).toBe('x.expect:1 ended on 2026-11-20 (nightly)');
    expect(rows('none', [verdict(4, 'port-scan')])['expected']).toBe('x.expect:1 says none');
  });
});
