import { describe, expect, it } from 'vitest';
import { ndjsonLine } from '../../../src/report/data/ndjson.js';
import { render } from '../../../src/report/render.js';
import { forged } from '../../support/diagnosis.js';
import { HOSTILE, hostileDiagnosis } from '../../support/hostile.js';

describe('ndjson', () => {
  it('is what the JSON report lists, a line each', () => {
    const lines = render(forged(), 'ndjson').trimEnd().split('\n');
    const { resets } = JSON.parse(render(forged(), 'json')) as { resets: unknown[] };
    expect(lines.map((line) => JSON.parse(line))).toEqual(resets);
  });

  it('can be written while the capture is still read', () => {
    const { verdicts, captures } = forged();
    const { file, first } = captures[0]!;
    expect(verdicts.map((verdict) => ndjsonLine(verdict, [{ file, first }])).join('')).toBe(render(forged(), 'ndjson'));
  });

  it('keeps hostile text whole, and harmless to a terminal', () => {
    const text = render(hostileDiagnosis(), 'ndjson');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    const first = JSON.parse(text.split('\n')[0] as string) as { doubt: string[] };
    expect(first.doubt[0]).toBe(HOSTILE);
  });
});
