/** Nothing breaks at the width of a terminal: every recording, every command that prints text. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.js';
import { diagnose } from '../../src/diagnose.js';
import { ladderLines, ladderOfVerdict } from '../../src/report/ladder/ladder.js';
import { explainCause } from '../../src/report/text/explain.js';
import { verdictLines } from '../../src/report/text/show.js';
import { type Style, WIDEST } from '../../src/report/text/style.js';
import { textChunks } from '../../src/report/text/text.js';
import { PHRASES } from '../../src/report/words/phrases.js';
import { CAPTURES, whyrst } from './command.js';

const WIDTHS = [80, 100, 200];
const style = (columns: number): Style => ({
  width: Math.min(WIDEST, columns),
  columns,
  ascii: false,
  colour: false,
});

const UNIT = /^ *(?:ns|µs|ms|s|min|h|days?|%|bytes?|packets?|connections?|attempts?|servers?|captures?|RSTs?|times)\b/;

/** What is wrong with a text that was set to so many columns. */
function broken(text: string, width: number): readonly string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const next = lines[index + 1] ?? '';
    // A command stands whole on its line, and so does a name that is longer than one.
    const typed = /^ *(?:here: )?whyrst show /.test(line) || /^ +\S+$/.test(line);
    if ([...line].length > width && !typed) return [`wider than ${width}: ${line}`];
    if (/(?:^|[ (])[\d,.]*\d$/.test(line) && UNIT.test(next)) return [`parted from its unit: ${line} | ${next}`];
    if (/\b(?:frames?|TTL|RFC)$/.test(line) && /^ *[\d#]/.test(next)) return [`parted: ${line} | ${next}`];
    if (/\d (?:->|→)$/.test(line) && /^ *\d/.test(next)) return [`parted: ${line} | ${next}`];
    return [];
  });
}

test('what is broken is seen', () => {
  expect(broken(`${'x'.repeat(79)} y\nafter 2\n  servers\nsee frame\n 12`, 80)).toHaveLength(3);
});

describe('at 80, 100 and 200 columns', () => {
  const names = readdirSync(CAPTURES).filter((name) => /\.pcap(?:ng)?$/.test(name));

  test('the report and the ladder of every recording', async () => {
    expect(names.length).toBeGreaterThan(130);
    const wrong: string[] = [];
    for (const name of names) {
      const diagnosis = await diagnose(readFileSync(join(CAPTURES, name)), { file: name });
      for (const width of WIDTHS) {
        const own = style(width);
        const reports = [
          [...textChunks(diagnosis, { style: own })].join(''),
          [...textChunks(diagnosis, { style: own, all: true })].join(''),
        ];
        const shown = diagnosis.verdicts.slice(0, 3).map((verdict) => {
          const rungs = ladderLines(ladderOfVerdict(verdict), { style: own, raw: width === 80 });
          return [...rungs, ...verdictLines(verdict, own, true)].join('\n');
        });
        for (const text of [...reports, ...shown]) wrong.push(...broken(text, width).map((line) => `${name}: ${line}`));
      }
    }
    expect(wrong).toEqual([]);
  });

  test('every cause and every phrase explained', async () => {
    for (const width of WIDTHS) {
      const texts = causes.map((cause) => explainCause(cause, style(width)));
      expect(texts.flatMap((text) => broken(text, width))).toEqual([]);
      for (const { text } of PHRASES.filter(({ common }) => common)) {
        const { stdout } = await whyrst(['explain', text], { env: { COLUMNS: `${width}` } });
        expect(broken(stdout, width)).toEqual([]);
      }
    }
  });

  test.each([
    ['causes'],
    ['formats'],
    ['--help'],
    ['check', '--help'],
    ['check', '--fail-on', 'any', 'abortive-close*.pcap', 'closed-port*.pcap', 'process-exit*.pcap'],
    ['check', '--fail-on', 'any', 'port-scan*.pcap', '--max-resets', '1'],
    ['c*.pcap'],
    ['show', 'keepalive-race-after-fin.pcap', '10.0.2.2:5001'],
    ['show', 'no-reset.healthy.pcap', '10.0.2.2:5001'],
  ])('whyrst %s %s', async (...args: readonly string[]) => {
    for (const width of WIDTHS) {
      const { stdout } = await whyrst(args.filter(Boolean), { env: { COLUMNS: `${width}` } });
      expect(stdout).not.toBe('');
      expect(broken(stdout, width)).toEqual([]);
    }
  });

  test('a job, whose log has no width, is checked in lines that can be read', async () => {
    const { stdout } = await whyrst(['check', '--fail-on', 'any', 'c*.pcap', 'p*.pcap', 'k*.pcap']);
    expect(stdout).toContain('found  frame ');
    expect(broken(stdout, WIDEST)).toEqual([]);
  });
});
