/** Segments that wait are tracked in their order, and none of them once its octets may have gone. */
import { beforeEach, expect, test, vi } from 'vitest';
import { CaptureRecord } from '../../src/capture/types.js';
import { LookAhead } from '../../src/flow/look-ahead.js';
import { Tracker } from '../../src/flow/track.js';
import { makeLimits } from '../../src/limits.js';
import { Fragments } from '../../src/packet/fragments.js';
import { DECODED_TCP } from '../../src/packet/segment.js';
import { octets, tcpPacket } from '../support/packets.js';

const tracked: { frame: number; now: number }[] = [];
let tracker: Tracker;
let ahead: LookAhead;
let frame: number;

beforeEach(() => {
  tracked.length = 0;
  frame = 0;
  const silent = new Proxy({}, { get: () => () => {} });
  tracker = new Tracker(silent as never, makeLimits());
  const track = tracker.track.bind(tracker);
  tracker.track = (s) => {
    tracked.push({ frame: s.frame, now: tracker.now });
    track(s);
  };
  ahead = new LookAhead(tracker, new Fragments());
});

const packet = (port: number) => tcpPacket({ sourcePort: port, flags: 'A', payload: octets('x') });

/** A record of the packet that fills `data`. */
function keep(data: Uint8Array): void {
  const record = new CaptureRecord();
  record.frame = ++frame;
  record.time = frame * 10;
  record.data = data;
  record.end = data.length;
  record.originalLength = data.length;
  record.linkType = 1;
  expect(ahead.decode(record)).toBe(DECODED_TCP);
  ahead.keep();
}

const frames = () => tracked.map((one) => one.frame);

test('the first record of a buffer does not wait, the others do until there are enough', () => {
  const data = packet(1000);
  keep(data);
  expect(frames()).toEqual([1]);
  keep(data);
  keep(data);
  expect(frames()).toEqual([1]);
  for (let i = 0; i < 30; i++) keep(data);
  expect(frames()).toEqual(Array.from({ length: 33 }, (_, i) => i + 1));
});

test('those of another buffer are tracked before', () => {
  const data = packet(1000);
  keep(data);
  keep(data);
  keep(packet(1001));
  expect(frames()).toEqual([1, 2, 3]);
});

test('at the end of a chunk nothing waits, and the next one begins anew though its buffer is the same', () => {
  const data = packet(1000);
  keep(data);
  keep(data);
  ahead.end();
  expect(frames()).toEqual([1, 2]);
  keep(data);
  expect(frames()).toEqual([1, 2, 3]);
});

test('records that are passed over move the clock on where they stood', () => {
  const data = packet(1000);
  keep(data);
  ahead.pass(15);
  keep(data);
  ahead.pass(1000);
  ahead.pass(999);
  keep(data);
  ahead.end();
  expect(tracked).toEqual([
    { frame: 1, now: Number.NEGATIVE_INFINITY },
    { frame: 2, now: 15 },
    { frame: 3, now: 1000 },
  ]);
  ahead.pass(2000);
  ahead.end();
  expect(tracker.now).toBe(2000);
});

test('the clock is set back by what is passed over as by what is tracked', () => {
  const minute = 60e9;
  const data = packet(1000);
  const settled = vi.spyOn(tracker, 'sweep');
  keep(data);
  ahead.pass(2 * minute);
  ahead.pass(15);
  ahead.pass(16);
  keep(data);
  ahead.pass(3 * minute);
  keep(data);
  ahead.end();
  expect(tracked).toEqual([
    { frame: 1, now: Number.NEGATIVE_INFINITY },
    { frame: 2, now: 16 },
    { frame: 3, now: 3 * minute },
  ]);
  expect(tracker.now).toBe(30);
  expect(settled.mock.calls).toEqual([[Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY]]);
  // What moved it on once does so no more.
  ahead.end();
  expect(tracker.now).toBe(30);
});
