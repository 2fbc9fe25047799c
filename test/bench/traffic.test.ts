import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose.js';
import { openCapture } from '../../src/node/index.js';
// @ts-expect-error plain JavaScript, as the benchmark runs it
import { writeTraffic } from './traffic.mjs';
// @ts-expect-error plain JavaScript, as the benchmark runs it
import { TRAFFICS } from './traffics.mjs';

const folder = mkdtempSync(join(tmpdir(), 'whyrst-traffic-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('traffic of the benchmark', () => {
  it.each(Object.keys(TRAFFICS))('%s holds the connections and resets it says', async (name) => {
    const path = join(folder, `${name}.${TRAFFICS[name].compressed ? 'pcap.gz' : 'pcap'}`);
    const counts = writeTraffic(path, name, 4000);
    const { captures } = await diagnose(openCapture(path));
    const { records, connections, resets } = captures[0]!;
    expect({ records, connections, resets }).toEqual({
      records: counts.packets,
      connections: counts.seen,
      resets: counts.resets,
    });
  });
});
