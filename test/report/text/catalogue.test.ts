import { describe, expect, test } from 'vitest';
import { causes } from '../../../src/causes/index.js';
import { explainCause } from '../../../src/report/text/explain.js';
import { MEANINGS } from '../../../src/report/words/meanings.js';
import { PHRASES } from '../../../src/report/words/phrases.js';
import { unfilled, unslotted } from '../../../src/report/words/wording.js';

const ids = new Set(causes.map(({ id }) => id));

describe('the catalogue in words', () => {
  test('every cause that log words lead to exists', () => {
    const named = [
      ...Object.values(MEANINGS).flatMap((each) => each.causes),
      ...PHRASES.flatMap((each) => each.causes ?? []),
    ];
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });

  test('every error is behind some words, or nobody finds it by them', () => {
    const found = new Set(Object.values(MEANINGS).flatMap((each) => each.causes));
    const errors = causes.filter(({ severity }) => severity === 'error').map(({ id }) => id);
    expect(errors.filter((id) => !found.has(id))).toEqual(UNSPOKEN);
  });

  test.each(causes.map((cause) => [cause.id, cause] as const))('%s reads well without a connection', (_, cause) => {
    const words = [unfilled(cause.title), unslotted(cause.fix), unslotted(cause.confirm), explainCause(cause)].join(
      '\n',
    );
    expect(words).not.toMatch(/[{}]|undefined|\b(the|a|one) \1\b| {2}\S.*\.\.$/im);
    for (const line of explainCause(cause).split('\n')) expect(line.length).toBeLessThanOrEqual(110);
  });
});

test('commands that only Linux has are told to be so, and no others', () => {
  const told = causes.filter((cause) => explainCause(cause).includes('\nnames     These commands')).map(({ id }) => id);
  expect(told).toContain('close-with-unread-data');
  expect(told).not.toContain('tls-alert');
  for (const { id, fix, confirm } of causes)
    if (/nstat|\bss -|sysctl|journalctl/.test(fix + confirm)) expect(told).toContain(id);
});

/** Met by the words of more frequent causes; `explain` would only grow longer. */
const UNSPOKEN: readonly string[] = [];
