/** Verdicts of a kind together: by cause and place, by the surest and the worst of them. */
import { describe, expect, test } from 'vitest';
import { FindingMaker, regroup } from '../../../src/reset/verdicts/findings.js';
import { groupingFactsOf } from '../../../src/reset/verdicts/repeated.js';
import { Tally } from '../../../src/reset/verdicts/tally.js';
import type { Verdict } from '../../../src/reset/vocabulary/verdict.js';
import { mark } from '../../support/diagnosis.js';
import { verdict } from '../../support/gate.js';

const connections = (address: string, port: number) => (address === '10.0.2.2' ? port : null);
const at = (port: number) => `10.0.2.2:${port}`;
const race = (frame: number, port = 80, more: Partial<Verdict> = {}) =>
  verdict(frame, 'keepalive-race-unread', '10.0.1.2:40000', at(port), more);

function made(
  verdicts: readonly Verdict[],
  { most, kept = true }: { readonly most?: number; readonly kept?: boolean } = {},
) {
  const maker = new FindingMaker(connections, most);
  for (const one of verdicts) maker.add(one, groupingFactsOf(one), kept);
  return maker;
}
const told = (maker: FindingMaker) =>
  maker.list().map(({ cause, where, count, connections: n }) => `${count} ${cause.id} ${where} of ${n}`);

describe('a finding', () => {
  test('is one cause at one place, in the order of their first', () => {
    const verdicts = [race(3), verdict(5, 'closed-port'), race(7), race(9, 81)];
    expect(told(made(verdicts))).toEqual([
      '2 keepalive-race-unread 10.0.2.2:80 of 80',
      '1 closed-port 10.0.2.2:80 of 80',
      '1 keepalive-race-unread 10.0.2.2:81 of 81',
    ]);
  });
  test('has its first and last, and those that are kept', () => {
    const [finding] = made([race(3), race(7)]).list();
    expect(finding).toMatchObject({ first: mark(3, 3), last: mark(7, 7), resets: ['3', '7'] });
    expect(made([race(3)], { kept: false }).list()[0]).toMatchObject({ count: 1, resets: [] });
  });
  test('is as severe as the worst, and as sure as the surest, which is its example', () => {
    const verdicts = [
      race(3, 80, { severity: 'warning', confidence: 'likely' }),
      race(4, 80, { severity: 'error', confidence: 'certain' }),
      race(5, 80, { severity: 'note', confidence: 'certain' }),
      race(6, 80, { confidence: 'possible' }),
    ];
    const [finding] = made(verdicts).list();
    expect([finding?.severity, finding?.confidence, finding?.example.id]).toEqual(['error', 'certain', '4']);
  });
  test('does not count aftershocks', () => {
    const maker = made([race(3), race(4, 80, { role: 'aftershock', of: '3' })]);
    const aftershock = race(5, 80, { role: 'aftershock', of: '3' });
    maker.addOmitted(aftershock, groupingFactsOf(aftershock), 7, 9, 9);
    expect(told(maker)).toEqual(['1 keepalive-race-unread 10.0.2.2:80 of 80']);
  });
  test('counts those that were only counted, up to the last of them', () => {
    const maker = made([race(3)]);
    maker.addOmitted(race(3), groupingFactsOf(race(3)), 40, 90, 90);
    expect(maker.list()[0]).toMatchObject({ count: 41, last: { frame: 90, time: 90 }, resets: ['3'] });
    maker.addOmitted(race(3), groupingFactsOf(race(3)), 2, 50, 50);
    expect(maker.list()[0]).toMatchObject({ count: 43, last: { frame: 90, time: 90 } });
  });
  test('of a scan is one of its source, whatever it asked', () => {
    const scan = (frame: number, client: string, port: number) => verdict(frame, 'port-scan', `${client}:5`, at(port));
    expect(told(made([scan(3, '10.0.9.9', 22), scan(4, '10.0.9.9', 23), scan(5, '10.0.9.8', 22)]))).toEqual([
      '2 port-scan from 10.0.9.9 of null',
      '1 port-scan from 10.0.9.8 of null',
    ]);
  });
});

describe('at many places', () => {
  const many = (n: number, more: (index: number) => Partial<Verdict> = () => ({})) =>
    Array.from({ length: n }, (_, index) => race(100 - index, 8000 + index, more(index)));
  test('fifteen are told one by one, sixteen together', () => {
    expect(made(many(15)).list()).toHaveLength(15);
    const sixteen = [...many(16), race(7, 8003), verdict(1, 'closed-port')];
    const sum = Array.from({ length: 16 }, (_, index) => 8000 + index).reduce((a, b) => a + b);
    expect(told(made(sixteen))).toEqual([
      `17 keepalive-race-unread 16 listeners, most at 10.0.2.2:8003 of ${sum}`,
      '1 closed-port 10.0.2.2:80 of 80',
    ]);
  });
  test('first, last, worst and surest are those of all, the resets in order', () => {
    const [finding] = made([
      ...many(16, (index) => ({
        severity: index === 4 ? 'error' : 'note',
        confidence: index === 9 ? 'certain' : 'possible',
      })),
    ]).list();
    expect(finding).toMatchObject({
      first: mark(85, 85),
      last: mark(100, 100),
      severity: 'error',
      confidence: 'certain',
    });
    expect(finding?.example.id).toBe('91');
    expect(finding?.resets).toEqual(Array.from({ length: 16 }, (_, index) => String(85 + index)));
  });
  test('connections that are not known at one place are not known of all', () => {
    const elsewhere = verdict(3, 'keepalive-race-unread', '10.0.1.2:40000', '10.0.3.3:80');
    expect(made([...many(16), elsewhere]).list()[0]?.connections).toBeNull();
  });
  test('scans from many addresses', () => {
    const scans = Array.from({ length: 16 }, (_, index) =>
      verdict(index + 1, 'port-scan', `10.0.9.${index}:5`, at(22)),
    );
    expect(told(made(scans))).toEqual(['16 port-scan from 16 addresses, most from 10.0.9.0 of null']);
  });
  test('beyond those that are told apart they are elsewhere, each cause by itself', () => {
    const verdicts = [race(3, 80), race(4, 81), race(5, 82), race(6, 83), race(7, 80), verdict(8, 'closed-port')];
    expect(told(made(verdicts, { most: 2 }))).toEqual([
      '2 keepalive-race-unread 10.0.2.2:80 of 80',
      '1 keepalive-race-unread 10.0.2.2:81 of 81',
      '2 keepalive-race-unread elsewhere of null',
      '1 closed-port elsewhere of null',
    ]);
  });
});

test('a selection is grouped anew, with what the whole knew of its places, each file by itself', () => {
  const whole = { findings: made([race(3), race(4, 81)]).list() };
  const inFile = (file: number, one: Verdict): Verdict => ({ ...one, id: `${file}:${one.id}` });
  const other = verdict(9, 'closed-port', '10.0.1.2:1', '10.0.9.9:80');
  const list = regroup([inFile(1, race(4, 81)), inFile(2, race(6, 81)), inFile(1, other)], whole);
  expect(list.map(({ where, count, connections: n, resets }) => [where, count, n, resets])).toEqual([
    ['10.0.2.2:81', 1, 81, ['1:4']],
    ['10.0.9.9:80', 1, null, ['1:9']],
    ['10.0.2.2:81', 1, 81, ['2:6']],
  ]);
});

test('the counts of RSTs by what became of them', () => {
  const tally = new Tally();
  const add = (count: number, more: Partial<Verdict>, phase = 'established') => {
    const one = race(3, 80, { severity: 'error', ...more });
    tally.add(one, { ...groupingFactsOf(one), phase: phase as never }, count);
  };
  add(1, {});
  add(2, {}, 'syn-sent');
  add(4, { severity: 'note' }, 'syn-sent');
  add(8, { role: 'aftershock', severity: 'note' });
  add(16, { role: 'ignored', severity: 'note' });
  tally.addAftershocks(32);
  expect(tally.counts()).toEqual({ lost: 1, refused: 2, harmless: 4, aftershocks: 40, ignored: 16 });
  expect(tally.deaths).toBe(7);
});
