import { describe, expect, it } from 'vitest';
import { ndjsonLine } from '../../../src/report/data/ndjson.js';
import { captureRecordSchema, verdictSchema } from '../../../src/report/data/schema.js';
import { render } from '../../../src/report/render.js';
import { schemaProblem } from '../../../src/report/results/schema-problem.js';
import { atNight, forged, keepAliveRace, noResets, together } from '../../support/diagnosis.js';
import { HOSTILE, hostileDiagnosis } from '../../support/hostile.js';

describe('ndjson', () => {
  it('is what the JSON report lists, a line each, and then the capture with what is told of it', () => {
    const lines = render(forged(), 'ndjson').trimEnd().split('\n');
    const { resets, captures, endings, findings, schema, version, headline, configuration } = JSON.parse(
      render(forged(), 'json'),
    );
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      ...resets.map((reset: object) => ({ record: 'reset', ...reset })),
      { record: 'capture', schema, version, headline, configuration, ...captures[0], endings, findings },
    ]);
  });

  it.each([forged, keepAliveRace, atNight, noResets, hostileDiagnosis])('%o keeps to the schemas', (make) => {
    const lines = render(make(), 'ndjson')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.length).toBe(make().verdicts.length + 1);
    for (const line of lines)
      expect(schemaProblem(line.record === 'capture' ? captureRecordSchema : verdictSchema, line)).toBeNull();
  });

  it('can be written while the capture is still read', () => {
    const { verdicts, captures } = forged();
    const { file, first } = captures[0]!;
    const lines = verdicts.map((verdict) => ndjsonLine(verdict, [{ file, first }])).join('');
    expect(render(forged(), 'ndjson').startsWith(`${lines}{"record":"capture",`)).toBe(true);
  });

  it('tells a capture without resets from one that was never read', () => {
    const [line, ...more] = render(noResets(), 'ndjson').trimEnd().split('\n');
    expect(more).toEqual([]);
    expect(JSON.parse(line as string)).toMatchObject({ record: 'capture', resets: 0, findings: [] });
  });

  it('names what could not be read in a line of its own', () => {
    const unread = [{ file: 'x.pcap', problem: 'an empty file' }];
    const lines = render({ ...together([noResets(), forged()]), unread }, 'ndjson')
      .trimEnd()
      .split('\n');
    expect(JSON.parse(lines.at(-1) as string)).toEqual({ record: 'unread', file: 'x.pcap', problem: 'an empty file' });
    expect(
      lines.filter((line) => line.includes('"record":"capture"')).map((line) => JSON.parse(line).headline),
    ).toEqual([
      'No TCP connection was reset in this capture.',
      'The connection was cut by an RST that the server did not send; 2 RSTs were ignored.',
    ]);
  });

  it('keeps hostile text whole, and harmless to a terminal', () => {
    const text = render(hostileDiagnosis(), 'ndjson');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    const first = JSON.parse(text.split('\n')[0] as string) as { doubt: string[] };
    expect(first.doubt[0]).toBe(HOSTILE);
  });
});
