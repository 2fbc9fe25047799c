import { readdirSync, statSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CaptureError } from '../../src/capture/types.js';
import { type CaptureInput, diagnose } from '../../src/diagnose.js';
import { render } from '../../src/report/render.js';
import { CAPTURES, captureFiles } from '../support/files.js';
import { capture, merged, readRecording } from '../support/rewrite.js';

async function told(input: CaptureInput, readings: 1 | 2): Promise<string> {
  try {
    return render(await diagnose(input, { readings, file: 'x' }), 'json') as string;
  } catch (error) {
    expect(error).toBeInstanceOf(CaptureError);
    return String(error);
  }
}
const own = captureFiles(CAPTURES);
const open = readdirSync('/work/data')
  .map((n) => `/work/data/${n}`)
  .filter((p) => /pcap(ng)?$/.test(p) && statSync(p).size < 400_000);

import { join as j2 } from 'node:path';

const pool = [...own, ...captureFiles(j2(CAPTURES, 'vantage')), ...open];
test('long', { timeout: 1e9 }, async () => {
  let runs = 0;
  const some = fc.array(fc.tuple(fc.integer({ min: 0, max: pool.length - 1 }), fc.integer({ min: 0, max: 3e9 })), {
    minLength: 1,
    maxLength: 8,
  });
  const how = fc.record({
    every: fc.integer({ min: 2, max: 60 }),
    kind: fc.integer({ min: 0, max: 4 }),
    seed: fc.integer(),
    cut: fc.integer({ min: 0 }),
  });
  await fc.assert(
    fc.asyncProperty(some, how, fc.integer({ min: 0, max: 2 }), async (picked, { every, kind, seed, cut }, mode) => {
      const paths = picked.map(([i]) => pool[i]!);
      let all;
      try {
        all =
          mode === 0
            ? merged(
                paths,
                picked.map(([, t]) => t),
              )
            : paths.flatMap((p) => readRecording(p).packets);
      } catch {
        return;
      }
      if (mode === 1) all = [...all].sort((a, b) => a.time - b.time);
      let x = seed | 0;
      const rnd = () => {
        x = (Math.imul(x, 1664525) + 1013904223) | 0;
        return (x >>> 8) / 0x1000000;
      };
      const packets: typeof all = [];
      for (const p of all) {
        if (rnd() * every >= 1) {
          packets.push(p);
          continue;
        }
        if (kind === 0) continue;
        if (kind === 1) {
          packets.push(p, p);
          continue;
        }
        if (kind === 2 && packets.length > 0) {
          const q = packets.pop()!;
          packets.push({ ...p, time: q.time }, { ...q, time: p.time });
          continue;
        }
        if (kind === 3) {
          const d = new Uint8Array(p.data);
          if (d.length > 0) d[Math.floor(rnd() * Math.min(d.length, 80))] = Math.floor(rnd() * 256);
          packets.push({ ...p, data: d });
          continue;
        }
        if (kind === 4) {
          for (let k = 1; k < 4 && packets.length - k > 0; k++);
          packets.push(p);
          const j = Math.floor(rnd() * packets.length);
          packets.push({ ...packets[j]!, time: p.time });
          continue;
        }
        packets.push(p);
      }
      if (packets.length === 0) return;
      const file = capture(packets as never, 1_700_000_000_000_000_000n, 0, 'pcapng');
      const input = cut % 4 === 0 ? file.subarray(0, cut % file.length) : file;
      const [a, b] = [await told(input, 2), await told(input, 1)];
      runs++;
      if (runs % 100 === 0) console.log(runs);
      if (a !== b) {
        writeFileSync(`/tmp/differs-${process.env.SEED}-${runs}.pcapng`, input);
        console.log('DIFFERS', paths, every, kind, seed, cut, mode);
      }
      expect(a === b).toBe(true);
    }),
    {
      seed: Number(process.env.SEED ?? 1),
      numRuns: Number(process.env.RUNS ?? 200),
      endOnFailure: true,
      ignoreEqualValues: false,
    },
  );
});
