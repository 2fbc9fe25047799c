import { describe, expect, it } from 'vitest';
import { render } from '../../../src/report/render.js';
import { csvCell } from '../../../src/report/words/escape.js';
import { parseCsv } from '../../support/csv-parser.js';
import { forged, keepAliveRace, noResets } from '../../support/diagnosis.js';
import { FORMULAS, hostileDiagnosis } from '../../support/hostile.js';

function records(text: string): Record<string, string>[] {
  const [head, ...rows] = parseCsv(text);
  return rows.map((row) => {
    expect(row).toHaveLength((head as string[]).length);
    return Object.fromEntries(row.map((cell, index) => [(head as string[])[index], cell]));
  });
}

describe('csv', () => {
  it('has a row per RST, aftershocks and ignored ones too', () => {
    const rows = records(render(forged(), 'csv'));
    expect(rows.map(({ frame, role, of }) => [frame, role, of])).toEqual([
      ['8', 'ignored', ''],
      ['12', 'ignored', ''],
      ['15', 'first', ''],
      ['17', 'aftershock', '15'],
    ]);
  });

  it('names who, when and why', () => {
    expect(records(render(keepAliveRace(), 'csv'))[0]).toMatchObject({
      time: '2026-11-21T08:01:04.879512000Z',
      cause: 'keepalive-race-after-fin',
      client_address: '10.0.1.2',
      client_port: '46840',
      server_address: '10.0.2.2',
      server_port: '5007',
      rst_made_by: 'server kernel',
      evidence_frames: '8 9 10 11',
      lost: '5 bytes lost',
    });
  });

  it('is only a header where nothing was reset', () => {
    expect(records(render(noResets(), 'csv'))).toEqual([]);
  });

  it('holds no cell that a spreadsheet would run', () => {
    for (const formula of FORMULAS) expect(csvCell(formula).replace(/^"/, '')).toMatch(/^('|\\t)/);
    for (const row of records(render(hostileDiagnosis(), 'csv'))) {
      for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]/);
    }
  });

  it('holds neither control nor direction characters', () => {
    expect(render(hostileDiagnosis(), 'csv').replaceAll('\r\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
  });
});
