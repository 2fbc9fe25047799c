/** The results of a check in each of its four forms, whole. */
import { describe, expect, it } from 'vitest';
import type { CaptureCheck } from '../../src/gate/check.js';
import { checkAnnotations, checkMarkdown, checkSuites, checkText, verdictLine } from '../../src/gate/check-report.js';
import { parseExpectFile } from '../../src/gate/expect-file.js';
import type { Problem } from '../../src/gate/problem.js';
import { PLAIN } from '../../src/report/text/style.js';
import { makeDiagnosis } from '../support/diagnosis.js';
import { VOCABULARY, verdict } from '../support/gate.js';

const [LINE, NONE] = parseExpectFile('1+ closed-port\n0 port-scan', 'x.expect', VOCABULARY).expectations;
const PASSED: CaptureCheck = {
  capture: 'ok*.pcap',
  diagnosis: makeDiagnosis([verdict(3, 'closed-port')], { first: 5n }),
  expectFile: 'x.expect',
  met: [
    { expectation: LINE!, frames: ['3', '4'] },
    { expectation: NONE!, frames: [] },
  ],
  problems: [],
  notes: ['a note on what passed'],
  resets: 2,
};
const missing: Problem = {
  kind: 'missing',
  title: 'Missing: 1 *closed-port*',
  file: 'x.expect',
  line: 7,
  rows: [
    ['found', 'one\ntwo'],
    ['look', 'whyrst show a.pcap'],
  ],
};
const broken: Problem = { kind: 'capture', title: 'It is empty', file: 'bad.pcap', line: null, rows: [['', 'row']] };
const FAILED: CaptureCheck = {
  ...PASSED,
  capture: 'bad.pcap',
  met: [],
  problems: [missing, broken],
  notes: ['mind this'],
  diagnosis: null,
};
const plain = (check: Partial<CaptureCheck>): CaptureCheck => ({ ...PASSED, notes: [], met: [], ...check });

describe('on a terminal', () => {
  it('a line for what passes, all for what does not', () => {
    expect([...checkText([PASSED, FAILED], PLAIN, false)].join('')).toBe(`ok    ok*.pcap: 2 closed-port, as expected
      note: a note on what passed
FAIL  bad.pcap
      Missing: 1 *closed-port*
        found  one
               two
        look   whyrst show a.pcap
      It is empty
          row
      note: mind this
2 captures: 1 as expected, 1 not (2 problems)
`);
  });
  it.each([36, 44])('keeps to a terminal of %d columns, but for what is to be typed', (columns) => {
    const wide = [...checkText([PASSED, FAILED], PLAIN, false)].join('');
    const text = [...checkText([PASSED, FAILED], { ...PLAIN, columns }, false)].join('');
    for (const line of text.split('\n')) if (!/^ +look /.test(line)) expect(line.length).toBeLessThanOrEqual(columns);
    expect(text.replace(/\s+/g, ' ')).toBe(wide.replace(/\s+/g, ' '));
    expect(text).not.toBe(wide);
  });

  it('nothing for what passes, where that is asked', () => {
    expect([...checkText([PASSED], PLAIN, true)]).toEqual(['1 capture: 1 as expected\n']);
    expect([...checkText([FAILED], PLAIN, true)]).toHaveLength(9);
  });
  it('in colours: failures, titles, notes', () => {
    const lines = [...checkText([PASSED, FAILED], { ...PLAIN, colour: true }, false)];
    const weight = (line: string) => line.match(/^\u001b\[(\d+)m/)?.[1] ?? '';
    expect(lines.map(weight)).toEqual(['', '2', '31', '1', '', '', '', '1', '', '2', '']);
  });
  it.each<[string, Partial<CaptureCheck>, string]>([
    ['of lines', { met: [{ expectation: NONE!, frames: [] }] }, 'no reset, as expected'],
    [
      'of several lines',
      {
        met: [
          { expectation: LINE!, frames: ['1'] },
          { expectation: NONE!, frames: ['2', '3'] },
        ],
      },
      '1 closed-port, 2 port-scan, as expected',
    ],
    ['without an expectation', { expectFile: null, resets: 1 }, '1 reset'],
  ])('what passed, %s', (_, check, text) => {
    expect([...checkText([plain(check)], PLAIN, false)][0]).toBe(`ok    ok*.pcap: ${text}\n`);
  });
  it('counts', () => {
    expect(verdictLine([])).toBe('0 captures: 0 as expected');
    expect(verdictLine([PASSED, PASSED])).toBe('2 captures: 2 as expected');
  });
});

it('in JUnit: a case for each line and each problem', () => {
  expect(checkSuites([PASSED, FAILED, plain({ expectFile: null })])).toEqual([
    {
      name: 'ok*.pcap',
      time: 5n,
      cases: [
        {
          name: '1+ closed-port',
          group: 'ok*.pcap',
          outcome: 'passed',
          message: 'frames 3, 4',
          kind: '',
          text: '',
        },
        {
          name: '0 port-scan',
          group: 'ok*.pcap',
          outcome: 'passed',
          message: 'none',
          kind: '',
          text: '',
        },
      ],
    },
    {
      name: 'bad.pcap',
      time: null,
      cases: [
        {
          name: 'Missing: 1 *closed-port*',
          group: 'bad.pcap',
          outcome: 'failed',
          message: 'Missing: 1 *closed-port*',
          kind: 'missing',
          text: 'x.expect:7\n  found  one\n         two\n  look   whyrst show a.pcap',
        },
        {
          name: 'It is empty',
          group: 'bad.pcap',
          outcome: 'broken',
          message: 'It is empty',
          kind: 'capture',
          text: 'bad.pcap\n    row',
        },
      ],
    },
    {
      name: 'ok*.pcap',
      time: 5n,
      cases: [{ name: '2 resets', group: 'ok*.pcap', outcome: 'passed', message: '', kind: '', text: '' }],
    },
  ]);
  const outcome = (kind: Problem['kind']) =>
    checkSuites([{ ...FAILED, problems: [{ ...broken, kind }] }])[0]?.cases[0]?.outcome;
  expect([outcome('expectations'), outcome('unexpected'), outcome('limit')]).toEqual(['broken', 'failed', 'failed']);
});

it('as annotations, with a line where there is one', () => {
  expect(checkAnnotations([PASSED, FAILED])).toEqual([
    {
      level: 'error',
      file: 'x.expect',
      line: 7,
      title: 'whyrst check',
      message: 'Missing: 1 *closed-port*\n  found  one\n         two\n  look   whyrst show a.pcap',
    },
    { level: 'error', file: 'bad.pcap', title: 'whyrst check', message: 'It is empty\n    row' },
  ]);
});

describe('in a job summary', () => {
  it('what failed first, what passed folded away', () => {
    expect(
      [...checkMarkdown([PASSED, FAILED])].join(''),
    ).toBe(`## whyrst check: 2 captures: 1 as expected, 1 not (2 problems)

### bad.pcap

- **Missing: 1 \\*closed-port\\***
  - found: one
  - two
  - look: \`whyrst show a.pcap\`
- **It is empty**
  - row
- note: mind this

<details><summary>1 capture as expected</summary>

- ok\\*.pcap: 2 closed-port, as expected

</details>
`);
  });
  it('at most 200 problems, and how many more there are', () => {
    const of = (n: number) => ({ ...FAILED, notes: [], problems: Array.from({ length: n }, () => broken) });
    const told = (...checks: readonly CaptureCheck[]) => [...checkMarkdown(checks)].join('');
    const times = (text: string, word: string) => text.split(word).length - 1;
    expect(times(told(of(200)), 'It is empty')).toBe(200);
    expect(told(of(200))).not.toContain('more problems');
    expect(times(told(of(201)), 'It is empty')).toBe(200);
    expect(told(of(201))).toContain('1 more problems are in the log of this job.\n\n');
    expect(times(told(of(200), of(3)), '### bad')).toBe(1);
    expect(told(of(200), of(3))).toContain('3 more problems');
  });
});
