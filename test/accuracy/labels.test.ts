/** How people's labels are held against verdicts. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readLabels, scoreLabel } from './labels.mjs';

const label = {
  file: 'a.pcap',
  frame: 3,
  accept: ['closed-port', 'aftershock'],
  forbid: ['port-scan', 'forged-reset at certain'],
  expertDecides: true,
};
const said = (
  id: string,
  confidence: 'certain' | 'likely' | 'possible' = 'likely',
  role: 'first' | 'aftershock' = 'first',
) => ({ role, confidence, cause: { id, fallback: id.startsWith('unexplained') } }) as const;

test.each([
  [said('closed-port'), 'accepted'],
  [said('data-after-close', 'likely', 'aftershock'), 'accepted'],
  [said('port-scan', 'possible'), 'forbidden'],
  [said('port-scan', 'likely', 'aftershock'), 'forbidden'],
  [said('forged-reset', 'certain'), 'forbidden'],
  [said('forged-reset', 'likely'), 'other'],
  [said('unexplained-reply', 'possible'), 'undecided'],
  [null, 'absent'],
] as const)('%j is %s', (verdict, score) => {
  expect(scoreLabel(label, verdict)).toBe(score);
});

test('a label without one of its keys is named', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'labels-')), 'labels.json');
  writeFileSync(path, JSON.stringify([label, { ...label, forbid: undefined }]));
  expect(() => readLabels(path)).toThrow('label 2 has no forbid (object)');
  writeFileSync(path, '{}');
  expect(() => readLabels(path)).toThrow('not an array of labels');
});
