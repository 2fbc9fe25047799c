import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { readBaseline } from '../../src/gate/baseline.js';
import { checkCapture, type Gate, tooMany, unreadable } from '../../src/gate/check.js';
import { checkAnnotations, checkMarkdown, checkSuites, checkText } from '../../src/gate/check-report.js';
import { parseExpectFile } from '../../src/gate/expect-file.js';
import { parseIgnore } from '../../src/gate/ignore.js';
import { problemLines } from '../../src/gate/problem.js';
import { annotationLines } from '../../src/report/ci/github.js';
import { junitXml } from '../../src/report/ci/junit.js';
import { render } from '../../src/report/render.js';
import { PLAIN } from '../../src/report/text/style.js';
import type { CaptureSummary } from '../../src/reset/verdicts/diagnosis.js';
import type { Verdict } from '../../src/reset/vocabulary/verdict.js';
import { keepAliveRace, makeDiagnosis } from '../support/diagnosis.js';
import { CAUSES, VOCABULARY, verdict } from '../support/gate.js';
import { hostileDiagnosis } from '../support/hostile.js';
import { parseXml } from '../support/xml.js';

const GATE: Gate = {
  today: '2026-11-21',
  causes: CAUSES,
  ignores: [],
  maxResets: null,
  baseline: null,
  failsOn: null,
  failOnText: '',
};

function check(
  verdicts: readonly Verdict[],
  expected: string | null,
  gate: Partial<Gate> = {},
  capture: Partial<CaptureSummary> = {},
) {
  const file = expected === null ? null : parseExpectFile(expected, 'x.pcap.expect', VOCABULARY);
  const diagnosis = makeDiagnosis(verdicts, { file: 'x.pcap', ...capture });
  return checkCapture(diagnosis, file, { ...GATE, ...gate }, new Map(gate.baseline?.known ?? []));
}

const told = (result: ReturnType<typeof check>) => result.problems.flatMap(problemLines);

describe('check', () => {
  it('passes what is as expected, aftershocks aside', () => {
    const verdicts = [
      verdict(3, 'closed-port'),
      verdict(5, 'closed-port', '10.0.1.2:1', '10.0.2.2:80', { role: 'aftershock', of: '3' }),
    ];
    const result = check(verdicts, '1 closed-port likely * -> 10.0.2.2:80');
    expect(result.problems).toEqual([]);
    expect(result.met.map(({ frames }) => frames)).toEqual([['3']]);
  });

  it("says what was expected, what was found, the cause's own reason and where to look", () => {
    const { verdicts } = keepAliveRace();
    expect(told(check(verdicts, '# n\n1 keepalive-race-unread likely * -> 10.0.2.2:5007  # NET-412'))).toEqual([
      'Missing: 1 keepalive-race-unread, at least likely, * -> 10.0.2.2:5007',
      '  expected  1 keepalive-race-unread, at least likely, * -> 10.0.2.2:5007  (x.pcap.expect:2: NET-412)',
      '  found     none',
      '  instead   frame 11: keepalive-race-after-fin, likely, 10.0.1.2:46840 -> 10.0.2.2:5007',
      '  why not   keepalive-race-unread: a FIN came first (8); that race has none',
      '  look      whyrst show x.pcap 11',
      'Not expected: 1 keepalive-race-after-fin, likely, to 10.0.2.2:5007: A request was sent on an idle connection the server had just closed',
      '  found     frame 11: keepalive-race-after-fin, likely, 10.0.1.2:46840 -> 10.0.2.2:5007',
      '  expected  nothing of this kind (x.pcap.expect)',
      '  look      whyrst show x.pcap 11',
    ]);
  });

  it('tells a cause that is less sure than it should be', () => {
    const lines = told(
      check(
        [
          verdict(3, 'closed-port', undefined, undefined, {
            confidence: 'possible',
            doubt: ['a firewall looks the same'],
          }),
        ],
        '1 closed-port likely',
      ),
    );
    expect(lines).toContain('  why not   it is only possible: A firewall looks the same');
    expect(lines).toContain('  expected  x.pcap.expect:1 wants it at least likely; it is possible');
  });

  it('tells a line that has ended, and one that has no room left', () => {
    const verdicts = [verdict(3, 'port-scan'), verdict(4, 'closed-port'), verdict(9, 'closed-port')];
    const lines = told(check(verdicts, 'any port-scan until 2026-11-20  # nightly\n1 closed-port'));
    expect(lines).toContain('  expected  x.pcap.expect:1 ended on 2026-11-20 (nightly)');
    expect(lines).toContain('  expected  x.pcap.expect:2 allows 1 closed-port; there are more');
    expect(told(check(verdicts, 'any port-scan until 2026-11-21\n2 closed-port'))).toEqual([]);
  });

  it('fails unlisted resets where none is allowed', () => {
    expect(told(check([verdict(3, 'closed-port')], 'none'))).toContain('  expected  x.pcap.expect:1 says none');
    expect(check([], 'none').problems).toEqual([]);
  });

  it('fails an empty and a cut capture, whatever is expected', () => {
    expect(told(check([], 'none', {}, { records: 0 }))[0]).toBe('The capture is empty');
    const warnings = [{ code: 'cut-record', count: 1, frame: 3, text: 'the last record is cut off' }];
    expect(told(check([], 'none', {}, { warnings }))).toEqual([
      'The capture is cut or damaged',
      '  found  the last record is cut off',
    ]);
    expect(unreadable('x.pcap', 'no such file').problems[0]?.kind).toBe('capture');
  });

  it('passes over what is ignored, until the last day', () => {
    const ignores = [parseIgnore('port-scan * -> 10.0.0.0/8 until 2026-12-31 # nightly scanner', VOCABULARY)];
    const result = check([verdict(3, 'port-scan')], 'none', { ignores });
    expect(result.problems).toEqual([]);
    expect(result.notes).toEqual(['ignored until 2026-12-31: 1 reset port-scan (nightly scanner), frames 3']);
    const late = check([verdict(3, 'port-scan')], 'none', { ignores, today: '2027-01-01' });
    expect(late.problems).toHaveLength(1);
    expect(late.notes[0]).toMatch(/^no longer ignored since 2026-12-31/);
    expect(() => parseIgnore('port-scan', VOCABULARY)).toThrow('a last day is missing');
    expect(() => parseIgnore('port-scan until 2027-01-01', VOCABULARY)).toThrow('the reason is missing');
  });

  it('fails what a baseline does not hold, and more of what it holds', () => {
    const old = makeDiagnosis([verdict(3, 'closed-port', '10.0.7.7:5')], { file: 'old.pcap' });
    const baseline = { file: 'old.json', known: readBaseline(render(old, 'json')) };
    expect(check([verdict(8, 'closed-port')], null, { baseline }).problems).toEqual([]);
    const more = check([verdict(8, 'closed-port'), verdict(9, 'closed-port'), verdict(12, 'forged-reset')], null, {
      baseline,
    });
    expect(more.problems.map(({ title }) => title)).toEqual([
      'New: 1 closed-port to 10.0.2.2:80, not in old.json',
      'New: 1 forged-reset to 10.0.2.2:80, not in old.json',
    ]);
    expect(() => readBaseline('{}')).toThrow('not a report of whyrst');
    expect(() => readBaseline('x')).toThrow('not JSON');
  });

  it('knows a renamed cause in a baseline by its former id', () => {
    const old = render(makeDiagnosis([verdict(3, 'keepalive-race-unread')]), 'json').replaceAll(
      'keepalive-race-unread',
      'keep-alive-race',
    );
    const baseline = { file: 'old.json', known: readBaseline(old) };
    expect(check([verdict(8, 'keepalive-race-unread')], null, { baseline }).problems).toEqual([]);
  });

  it('counts resets over all captures', () => {
    const one = check([verdict(3, 'closed-port'), verdict(4, 'closed-port')], null);
    expect(tooMany([one], 2)).toEqual([]);
    expect(tooMany([one], 1)[0]?.title).toBe('2 resets, more than --max-resets 1 allows');
    expect(tooMany([one], null)).toEqual([]);
    const more = { ...one, capture: 'more.pcap', resets: 1200 };
    const none = { ...one, capture: 'none.pcap', resets: 0 };
    expect(tooMany([one, more, none], 2)).toEqual([
      {
        kind: 'limit',
        title: '1,202 resets, more than --max-resets 2 allows',
        file: 'more.pcap',
        line: null,
        rows: [
          ['found', '2 in x.pcap\n1,200 in more.pcap'],
          ['look', 'whyrst more.pcap'],
        ],
      },
    ]);
  });

  it('fails what --fail-on names, with the first eight of them', () => {
    const verdicts = Array.from({ length: 9 }, (_, index) => verdict(index + 3, 'closed-port'));
    const failsOn = ({ cause }: Verdict) => cause.id === 'closed-port';
    const gate = { failsOn, failOnText: 'closed-port' };
    const [problem, ...others] = check([...verdicts, verdict(20, 'port-scan')], null, gate).problems;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      kind: 'limit',
      title: '9 resets that --fail-on closed-port forbids',
      file: 'x.pcap',
      line: null,
    });
    const found = problem?.rows[0]?.[1].split('\n') ?? [];
    expect([found.length, found[0]?.slice(0, 20), found[7]?.slice(0, 21)]).toEqual([
      8,
      'frame 3: closed-port',
      'frame 10: closed-port',
    ]);
    expect(problem?.rows[1]).toEqual(['look', 'whyrst show x.pcap 3']);
    expect(check([verdict(20, 'port-scan')], null, gate).problems).toEqual([]);
  });

  it.each(['cut-record', 'corrupt-record', 'corrupt-block', 'cut-compression', 'damaged-compression'])(
    'fails where the capture warns of %s, and of nothing else',
    (code) => {
      const warning = (name: string) => ({ warnings: [{ code: name, count: 1, frame: 3, text: 'it is so' }] });
      expect(check([], null, {}, warning(code)).problems.map(({ kind }) => kind)).toEqual(['capture']);
      expect(check([], null, {}, warning(`${code}-not`)).problems).toEqual([]);
    },
  );

  it('fails where resets were counted and not kept', () => {
    const diagnosis = { ...makeDiagnosis([verdict(3, 'closed-port')], { file: 'x.pcap' }), omitted: 1500 };
    const { problems, resets } = checkCapture(diagnosis, null, GATE, new Map());
    expect([problems.flatMap(problemLines), resets]).toEqual([
      ['Too many resets to check', '  found  1,500 were counted but not kept one by one'],
      1501,
    ]);
  });
});

describe('what is told of a check', () => {
  const results = [
    check([verdict(3, 'closed-port')], '1 closed-port'),
    check([verdict(3, 'forged-reset')], '2 closed-port'),
    unreadable('y.pcap', 'y.pcap: no such file'),
  ];

  it('on a terminal: a line for what passes, everything for what does not', () => {
    const text = [...checkText(results, PLAIN, false)].join('');
    expect(text).toMatch(/^ok {4}x\.pcap: 1 closed-port, as expected\nFAIL {2}x\.pcap\n/);
    expect(text.trimEnd().split('\n').at(-1)).toBe('3 captures: 1 as expected, 2 not (3 problems)');
  });

  it('in JUnit: met lines pass, problems fail, unreadable captures are errors', () => {
    const root = parseXml([...junitXml(checkSuites(results))].join(''));
    expect(root.attributes).toMatchObject({ tests: '4', failures: '2', errors: '1' });
  });

  it('as annotations at the line of the expectation', () => {
    const [line] = annotationLines(checkAnnotations(results));
    expect(line).toMatch(/^::error file=x\.pcap\.expect,line=1,title=whyrst check::Missing: 2 closed-port%0A/);
  });

  it('clean, whatever a capture holds', () => {
    const hostile = hostileDiagnosis();
    const result = [checkCapture(hostile, parseExpectFile('none', 'x.expect', VOCABULARY), GATE, new Map())];
    for (const text of [
      ...checkText(result, PLAIN, false),
      ...checkMarkdown(result),
      ...annotationLines(checkAnnotations(result)),
    ]) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2066\ufeff\p{Cs}]/u);
    }
    const html = marked.parse([...checkMarkdown(result)].join(''), { async: false, gfm: true });
    expect(html).not.toMatch(/<(script|img|a|!--)/);
    parseXml([...junitXml(checkSuites(result))].join(''));
  });
});
