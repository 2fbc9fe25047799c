/** The whole report in one sentence, as a person would say it aloud. */

import { describe, expect, test } from 'vitest';
import { causes } from '../../../src/causes/index.js';
import { headlineOf } from '../../../src/report/words/headline.js';
import { storiesOf } from '../../../src/report/words/stories.js';
import type { Diagnosis } from '../../../src/reset/verdicts/diagnosis.js';
import type { Cause, Verdict } from '../../../src/reset/vocabulary/verdict.js';
import {
  atNight,
  forged,
  makeCause,
  makeDiagnosis,
  makeReset,
  makeVerdict,
  noResets,
} from '../../support/diagnosis.js';

const said = (diagnosis: Diagnosis) => headlineOf(storiesOf(diagnosis));

let frame = 0;
function verdicts(cause: Cause, number: number, servers = 1, overrides: Partial<Verdict> = {}): Verdict[] {
  return Array.from({ length: number }, (_, index) => {
    frame += 10;
    const sender = { address: `10.0.2.${2 + (index % servers)}`, port: 5001 };
    return makeVerdict(makeReset({ frame, time: frame, sender, receiver: { port: 40000 + frame } }), cause, overrides);
  });
}

const race = makeCause('keepalive-race-after-fin', {
  counted: '{request|requests} met a connection that {server} had just closed',
});
const aborted = makeCause('abortive-close', {
  counted: '{connection was|connections were} aborted on purpose by {sender}',
  severity: 'warning',
});

describe('headline', () => {
  test('one cause at one server names it in the sentence', () => {
    expect(said(makeDiagnosis(verdicts(race, 5)))).toBe(
      '5 requests met a connection that 10.0.2.2:5001 had just closed.',
    );
    expect(said(makeDiagnosis(verdicts(race, 1)))).toBe(
      '1 request met a connection that 10.0.2.2:5001 had just closed.',
    );
  });

  test('of many servers only the number is said', () => {
    expect(said(makeDiagnosis(verdicts(race, 300, 100)))).toBe(
      '300 requests met a connection that one of 100 servers had just closed.',
    );
  });

  test('work was lost only where each of them lost some', () => {
    const lost = verdicts(race, 3);
    const cut = verdicts(aborted, 2, 1, { severity: 'warning' });
    const other = verdicts(makeCause('other', { counted: '{upload was|uploads were} dropped' }), 4);
    expect(said(makeDiagnosis([...lost, ...other]))).toBe(
      '7 connections lost work: 4 uploads were dropped (10.0.2.2:5001) and 3 requests met a connection that 10.0.2.2:5001 had just closed.',
    );
    expect(said(makeDiagnosis([...lost, ...cut]))).toBe(
      '5 connections were cut: 3 requests met a connection that 10.0.2.2:5001 had just closed and 2 were aborted on purpose by 10.0.2.2:5001.',
    );
  });

  test('three reasons are said, the others counted', () => {
    const all = [5, 4, 3, 2, 1].flatMap((number) =>
      verdicts(makeCause(`cause-${number}`, { counted: `{stone|stones} of kind ${number} fell` }), number),
    );
    expect(said(makeDiagnosis(all))).toMatch(
      /^15 connections lost work: 5 .*, 4 .*, 3 .* and 3 for 2 other reasons\.$/,
    );
  });

  test('a fourth reason that is the last one is said too', () => {
    const all = [4, 3, 2, 1].flatMap((number) =>
      verdicts(makeCause(`cause-${number}`, { counted: `{stone|stones} of kind ${number} fell` }), number),
    );
    expect(said(makeDiagnosis(all))).toMatch(/, 2 stones of kind 2 fell \(.*\) and 1 stone of kind 1 fell \(.*\)\.$/);
  });

  test('a cause that says nothing of several is told by its title', () => {
    expect(said(atNight())).toMatch(/^63 connections lost work: 60 times a request arrived/);
    expect(said(forged())).toBe('The connection was cut by an RST that the server did not send; 2 RSTs were ignored.');
  });

  test('nothing, where nothing was reset', () => {
    expect(said(noResets())).toBe('');
  });

  test.each(causes.map((cause) => [cause.id, cause] as const))('%s reads well of one and of several', (_, cause) => {
    for (const [number, servers] of [
      [1, 1],
      [3, 1],
      [30, 7],
    ] as const) {
      const sentence = said(makeDiagnosis(verdicts(cause, number, servers)));
      expect(sentence).toMatch(new RegExp(`^${number} [A-Za-z].*\\.$`));
      expect(sentence).not.toMatch(/[{}|]|undefined|\b(the|a|of|one) \1\b|\b(\w+ )\2/);
      if (servers > 1) expect(sentence).toMatch(/7 (servers|addresses)|from 10\.0\.1\.2/);
    }
  });
});
