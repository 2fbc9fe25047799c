/** What is held compactly is what was held, to the word. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import * as c from '../../../src/flow/columns.js';
import { TAIL_SEGMENTS, TAIL_WORDS } from '../../../src/flow/tail.js';
import { render } from '../../../src/report/render.js';
import { Compactor } from '../../../src/reset/held/compact.js';
import { HeldView } from '../../../src/reset/held/held-view.js';
import { type Held, HeldResets } from '../../../src/reset/held/hold.js';
import { HELD_WORDS, R, RST_TIMES, RST_TIMES_AT, RT, TAIL_AT } from '../../../src/reset/held/layout.js';
// @ts-expect-error plain JavaScript, as the benchmark runs it
import { writeTraffic } from '../../bench/traffic.mjs';
import { CAPTURES, captureFiles } from '../../support/files.js';

function emptyHeld(): Held {
  const words = new Int32Array(HELD_WORDS).fill(-77);
  return {
    index: 0,
    words,
    times: new Float64Array(words.buffer),
    octets: new Uint8Array(words.buffer),
    w: 0,
    t: 0,
    o: 0,
  };
}

/** All that means something outside of the tables it came from: links and the hash do not. */
function told({ words, w }: Held): Int32Array {
  const tail = TAIL_AT + words[w + R.TAIL_COUNT] * TAIL_WORDS;
  return words
    .slice(w, w + tail)
    .map((word, i) =>
      i === c.NEXT || i === c.TAIL || i === c.FIRST_HASH || (i >= TAIL_AT && (i - TAIL_AT) % TAIL_WORDS === 0)
        ? 0
        : word,
    );
}

test('of every recording, and in fewer octets', async () => {
  const compactor = new Compactor();
  const original = HeldResets.prototype.compact;
  let resets = 0;
  let octets = 0;
  let compact = 0;
  const spy = vi.spyOn(HeldResets.prototype, 'compact').mockImplementation(function (this: HeldResets, index) {
    const before = told(this.at(index));
    octets += compactor.compact(this.at(index)).length;
    resets++;
    // The first of a run are kept as they are; here all are made compact.
    Object.assign(this, { uncompacted: 0 });
    original.call(this, index);
    compact += ((this as unknown as { places: Map<number, number> }).places.get(index) as number) < 0 ? 1 : 0;
    expect(told(this.at(index))).toEqual(before);
  });
  try {
    for (const path of captureFiles(CAPTURES)) if (path.endsWith('.pcap')) await diagnose(readFileSync(path));
  } finally {
    spy.mockRestore();
  }
  expect(resets).toBeGreaterThan(200);
  expect(compact).toBe(resets);
  expect(octets / resets).toBeLessThan((HELD_WORDS * 4) / 2);
});

test('whatever the columns hold', () => {
  const compactor = new Compactor();
  let seed = 7;
  const random = () => (seed = (Math.imul(seed, 1_103_515_245) + 12_345) | 0);
  const odd = [0, -1, 0.5, -0.25, 1e300, 2 ** 53, -(2 ** 52), Number.POSITIVE_INFINITY, 1.7e18];
  const times = [
    ...Array.from({ length: RST_TIMES }, (_, i) => RST_TIMES_AT + i),
    ...[c.LAST, c.LAST_PAYLOAD, c.START, c.ESTABLISHED, c.PENDING, c.ICMP],
    ...[0, 1].flatMap((side) => {
      const end = c.endpointAt(0, side) / 2;
      const columns = [c.LAST_TIME, c.ACK_MOVED_TIME, c.LAST_DATA_TIME, c.BYTES, c.MESSAGE_TIME, c.MESSAGE_IDLE];
      return [...columns, ...Array.from({ length: c.UNSEEN - c.SYN_TIME + 1 }, (_, i) => c.SYN_TIME + i)].map(
        (column) => end + column,
      );
    }),
  ];
  let held = emptyHeld();
  for (let round = 0; round < 500; round++) {
    // Some are like the one before but for the length of the tail and what comes below.
    const alike = round % 3 > 0;
    if (!alike) held = emptyHeld();
    // Small and large ones, and few or many that are 0.
    const shift = (random() >>> 8) % 31;
    for (let i = 0; i < HELD_WORDS; i++)
      if (!alike || random() % 64 === 0) held.words[i] = random() % 3 === 0 ? 0 : random() >> shift;
    held.words[R.TAIL_COUNT] = (random() >>> 8) % (TAIL_SEGMENTS + 1);
    held.words[R.SIDE] = round & 1;
    for (const t of times)
      if (!alike || random() % 16 === 0)
        held.times[t] = random() % 2 === 0 ? odd[(random() >>> 8) % odd.length] : random() * 1000;
    for (let n = 0; n < TAIL_SEGMENTS; n++)
      held.times[(TAIL_AT + n * TAIL_WORDS) / 2 + 7] = odd[(random() >>> 8) % odd.length];
    held.times[RT.FRAME] = random() >>> 0;
    held.words[R.FRAME] = held.times[RT.FRAME];
    const octets = compactor.compact(held).slice();
    const again = emptyHeld();
    compactor.restore(Uint8Array.from([9, 9, ...octets]), 2, again);
    expect(told(again)).toEqual(told(held));
    const ends = emptyHeld();
    compactor.restoreEnds(octets, 0, ends);
    const [view, known] = [new HeldView(ends), new HeldView(held)];
    for (const side of [0, 1]) {
      expect(view.address(side)).toBe(known.address(side));
      expect(view.port(side)).toBe(known.port(side));
    }
    expect([view.senderSide, view.time(RT.TIME), view.time(RT.FRAME)]).toEqual([
      known.senderSide,
      known.time(RT.TIME),
      known.time(RT.FRAME),
    ]);
  }
});

test.each([0, 32, 63, 64, 65, 96, 126, 127, 128, 160])(
  'one that was restored before %s others stays while a whole death is restored',
  (others) => {
    const DEATH = 64;
    const resets = new HeldResets(1000, 0);
    for (let index = 0; index < others + DEATH; index++) {
      const { words, w, times, t } = resets.at(index);
      words.fill(0, w, w + HELD_WORDS);
      times[t + RT.FRAME] = index + 1;
      times[t + RT.TIME] = index;
      resets.compact(index);
    }
    for (let index = 0; index <= others; index++) resets.at(index);
    const { times, t } = resets.at(0);
    for (let index = others + 1; index < others + DEATH; index++) resets.at(index);
    expect(times[t + RT.FRAME]).toBe(1);
  },
);

test('a crowd of resets is told the same, held compactly or as they are', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'whyrst-held-'));
  const path = join(folder, 'third.pcap');
  writeTraffic(path, 'third', 160_000);
  const octets = readFileSync(path);
  rmSync(folder, { recursive: true });
  const toldWith = async (compact: (resets: HeldResets, index: number) => void) => {
    const spy = vi.spyOn(HeldResets.prototype, 'compact').mockImplementation(function (this: HeldResets, index) {
      compact(this, index);
    });
    try {
      return render(await diagnose(octets), 'json');
    } finally {
      spy.mockRestore();
    }
  };
  const original = HeldResets.prototype.compact;
  const asTheyAre = await toldWith(() => {});
  const compactly = await toldWith((resets, index) => {
    Object.assign(resets, { uncompacted: 0 });
    original.call(resets, index);
  });
  expect(JSON.parse(asTheyAre as string).resets.length).toBeGreaterThan(400);
  expect(compactly).toBe(asTheyAre);
});
