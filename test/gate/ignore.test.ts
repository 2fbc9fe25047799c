/** What a team wants to hear no more of, for a while. */
import { describe, expect, it } from 'vitest';
import { makeIgnore, parseIgnore, sift } from '../../src/gate/ignore.js';
import { VOCABULARY, verdict } from '../support/gate.js';

const parse = (text: string) => parseIgnore(text, VOCABULARY);
const SCANS = 'port-scan * -> 10.0.0.0/8 until 2026-12-31 # nightly';

describe('a line', () => {
  it('is one of an .expect file without its count', () => {
    expect(parse(SCANS)).toMatchObject({
      least: 0,
      most: Number.POSITIVE_INFINITY,
      cause: 'port-scan',
      until: '2026-12-31',
      why: 'nightly',
    });
  });
  it.each([
    ['', 'the cause is missing'],
    ['# why', 'the cause is missing'],
    ['port-skan until 2026-12-31 # x', 'port-skan'],
    ['port-scan # x', 'a last day is missing: "until 2027-03-01"'],
    ['port-scan until 2026-12-31', 'the reason is missing: "# why this may be ignored"'],
  ])('%j: %s', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
  it('may stand in the configuration', () => {
    const entry = { cause: 'port-scan', server: '10.0.0.0/8', until: '2026-12-31', reason: 'nightly' };
    expect(makeIgnore(entry, VOCABULARY)).toEqual(parse(SCANS));
    const { server: _, ...anywhere } = entry;
    expect(makeIgnore(anywhere, VOCABULARY)).toEqual(parse('port-scan * -> * until 2026-12-31 # nightly'));
    expect(makeIgnore({ ...anywhere, client: '10.0.1.2' }, VOCABULARY)).toEqual(
      parse('port-scan 10.0.1.2 -> * until 2026-12-31 # nightly'),
    );
    expect(makeIgnore(entry, VOCABULARY)).not.toHaveProperty('line');
    expect(() => makeIgnore({ ...entry, reason: '' }, VOCABULARY)).toThrow('the reason is missing');
  });
});

describe('sifting', () => {
  const frames = (list: ReturnType<typeof sift>['ignored']) =>
    list.map(({ by, verdicts }) => [by.why, verdicts.map((v) => v.reset.rst.frame)]);
  const three = [verdict(3, 'port-scan'), verdict(4, 'closed-port'), verdict(5, 'port-scan')];
  const sifted = (today: string, ...lines: readonly string[]) => {
    const { kept, ignored, ended } = sift(three, lines.map(parse), today);
    return { kept: kept.map((v) => v.reset.rst.frame), ignored: frames(ignored), ended: frames(ended) };
  };
  it('takes what fits, until the last day', () => {
    expect(sifted('2026-12-31', SCANS)).toEqual({ kept: [4], ignored: [['nightly', [3, 5]]], ended: [] });
    expect(sifted('2027-01-01', SCANS)).toEqual({ kept: [3, 4, 5], ignored: [], ended: [['nightly', [3, 5]]] });
  });
  it('by the first line that holds still', () => {
    const old = SCANS.replace('2026-12-31 # nightly', '2026-01-01 # old');
    expect(sifted('2026-06-01', old, SCANS)).toEqual({ kept: [4], ignored: [['nightly', [3, 5]]], ended: [] });
  });
  it('not another cause, place, or less sure one', () => {
    expect(sifted('2026-06-01', SCANS.replace('10.0.0.0', '11.0.0.0')).kept).toEqual([3, 4, 5]);
    expect(sifted('2026-06-01', 'port-scan certain until 2026-12-31 # sure').kept).toEqual([3, 4, 5]);
    expect(sifted('2026-06-01', 'forged-reset until 2026-12-31 # other').kept).toEqual([3, 4, 5]);
  });
});
