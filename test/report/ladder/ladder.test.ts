import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ladderLines, ladderOfVerdict } from '../../../src/report/ladder/ladder.js';
import { LadderRows } from '../../../src/report/ladder/rows.js';
import { verdictLines } from '../../../src/report/text/show.js';
import { PLAIN } from '../../../src/report/text/style.js';
import type { Verdict } from '../../../src/reset/vocabulary/verdict.js';
import { ACK, PSH } from '../../../src/tcp/control.js';
import { keepAliveRace } from '../../support/diagnosis.js';

const verdict = keepAliveRace().verdicts[0] as Verdict;

describe('ladder', () => {
  test('remarks stand under their packets where the terminal is narrow, and nothing is lost', () => {
    const narrow = { width: 80, columns: 80, ascii: false, colour: false };
    const lines = ladderLines(ladderOfVerdict(verdict), { style: narrow, raw: false });
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    const words = (text: readonly string[]) =>
      text
        .join(' ')
        .split(/\s+/)
        .filter((word) => /\w/.test(word))
        .sort();
    expect(words(lines)).toEqual(words(ladderLines(ladderOfVerdict(verdict), { style: PLAIN, raw: false })));
  });

  test('of a verdict, and what stands under it', () => {
    const lines = ladderLines(ladderOfVerdict(verdict), { style: PLAIN, raw: false });
    expect([...lines, '', ...verdictLines(verdict, PLAIN)].join('\n')).toMatchInlineSnapshot(`
      "client 10.0.1.2:46840 → server 10.0.2.2:5007 · 11 packets · reset 0.250756 s after the SYN
      relative numbers as in Wireshark · * evidence

       frame      time     gap   client                              server
           1  0.000000          |─── SYN seq 0 ─────────────────────────▶|
           2  0.000039   39 µs  |◀─────────────── SYN ACK seq 0 ack 1 ───|  round trip 39 µs
           3  0.000051   12 µs  |─── ACK seq 1 ack 1 ───────────────────▶|
           4  0.000242  191 µs  |─── PSH ACK seq 1 ack 1 len 3 ─────────▶|  request, 3 bytes
           5  0.000254   12 µs  |◀─────────────────── ACK seq 1 ack 4 ───|
           6  0.000270   16 µs  |◀───────── PSH ACK seq 1 ack 4 len 4 ───|  answer, 4 bytes
           7  0.000272    2 µs  |─── ACK seq 4 ack 5 ───────────────────▶|
      *    8  0.200452  200 ms  |◀─────────────── FIN ACK seq 5 ack 4 ───|  server closes its side
      *    9  0.240732   40 ms  |─── ACK seq 4 ack 6 ───────────────────▶|  client's kernel has the FIN
      *   10  0.250708   10 ms  |─── PSH ACK seq 4 ack 6 len 5 ─────────▶|  sent all the same: 5 bytes
      *   11  0.250756   48 µs  |◀─────────────────── RST seq 6 win 0 ───|  no socket left: RST
                                only the packets before the reset were kept

      before 11  client CLOSE-WAIT: sent 8 bytes, 3 acknowledged, 5 not
                 server FIN-WAIT-2 as seen: sent 4 bytes and FIN, all acknowledged
      verdict    likely keepalive-race-after-fin: 8, 9, 10, 11
                 A request was sent on an idle connection the server had just closed.
      also       data-after-close       possible: if this client sends without waiting for answers
      not        keepalive-race-unread  a FIN came first (8); that race has none
                 host-lost-state        10.0.2.2 spoke for this connection 50 ms before (8)
      wireshark  frame.number in {8,9,10,11}"
    `);
  });

  test('raw numbers and ASCII', () => {
    const style = { width: 100, ascii: true, colour: false };
    const lines = ladderLines(ladderOfVerdict(verdict), { style, raw: true });
    expect(lines.join('\n')).toMatch(/^[\n\x20-\x7e]*$/);
    expect(lines[4]).toContain('|--- SYN seq 1000 ');
  });

  test('long stretches are folded, evidence is not, and no packet is lost', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.array(fc.integer({ min: 1, max: 400 })), (length, kept) => {
        const rows = new LadderRows((frame) => kept.includes(frame));
        for (let frame = 1; frame <= length; frame += 1) {
          rows.add({
            frame,
            time: frame * 1e5,
            fromClient: frame % 2 === 0,
            seq: frame % 2 === 0 ? 1 : frame * 100,
            ack: frame % 2 === 0 ? frame * 100 : 1,
            control: frame % 2 === 0 ? ACK : PSH | ACK,
            length: frame % 2 === 0 ? 0 : 200,
            window: 512,
          });
        }
        const all = rows.end();
        const packets = all.reduce((sum, row) => sum + (row.kind === 'fold' ? row.packets : 1), 0);
        expect(packets).toBe(length);
        const shown = all.flatMap((row) => (row.kind === 'segment' ? [row.segment.frame] : []));
        for (const frame of kept) if (frame <= length) expect(shown).toContain(frame);
        expect(all.length).toBeLessThanOrEqual(21 * (new Set(kept).size + 1));
        const order = all.map((row) => (row.kind === 'fold' ? row.first.frame : row.segment.frame));
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }),
    );
  });
});
