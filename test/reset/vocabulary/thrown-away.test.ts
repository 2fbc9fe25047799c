/** A window that fell with what came and was larger again in the RST; and windows that tell nothing. */
import { describe, expect, test } from 'vitest';
import { fallenWindow, threwAwayUnread } from '../../../src/reset/vocabulary/thrown-away.js';
import { makeSegment } from '../../support/diagnosis.js';
import { expectCause } from '../../support/listing.js';
import { ACK, LIMITS, resetOf } from '../../support/signatures.js';

/** Acknowledgments 20 ms apart, the last 10 ms before the RST. */
const windows = (list: readonly number[], rst: number, more: { hasAck?: boolean; windowScale?: number | null } = {}) =>
  resetOf({
    sender: { windowScale: more.windowScale === undefined ? 10 : more.windowScale, rawWindow: list.at(-1) ?? 0 },
    rst: { window: rst, hasAck: more.hasAck ?? true },
    reset: {
      tail: list.map((window, i) =>
        makeSegment(90 - list.length + i, 9_990 - 20 * (list.length - 1 - i), 'sender', ACK, { window }),
      ),
    },
  });

test.each<[string, ReturnType<typeof windows>, number | undefined]>([
  ['fell four times, and all of it came back', windows([90, 87, 84, 81, 78], 90), 85],
  ['… half of it', windows([90, 87, 84, 81, 78], 84), 85],
  ['… less', windows([90, 87, 84, 81, 78], 83), undefined],
  ['… nothing', windows([90, 87, 84, 81, 78], 78), undefined],
  ['fell three times', windows([90, 87, 84, 81], 90), 86],
  ['fell twice', windows([90, 87, 87, 84], 90), undefined],
  ['from its last rise on', windows([60, 90, 87, 84, 81], 90), 86],
  ['rose in between: somebody read', windows([90, 87, 84, 88, 85], 90), undefined],
  ['no ACK in the RST', windows([90, 87, 84, 81], 90, { hasAck: false }), undefined],
  ['no scale known', windows([90, 87, 84, 81], 90, { windowScale: null }), undefined],
  ['nothing acknowledged', windows([], 90), undefined],
])('%s', (_, reset, frame) => {
  expect(fallenWindow(reset, LIMITS)?.frame).toBe(frame);
});

test('what fell in a moment may be a reader who came late', () => {
  const quick = windows([90, 87, 84, 81], 90);
  const tail = quick.tail.map((s, i) => ({ ...s, time: (9_980 + i) * 1e6 }));
  expect([fallenWindow({ ...quick, tail }, LIMITS), threwAwayUnread({ ...quick, tail }, LIMITS)]).toEqual([null, null]);
});

describe('in packets', () => {
  const SCALE = '<mss 65495,sackOK,TS val 100 ecr 0,nop,wscale 10>';
  const BACK = '<mss 65495,sackOK,TS val 900 ecr 100,nop,wscale 10>';
  const ts = (val: number, ecr: number) => `<nop,nop,TS val ${val} ecr ${ecr}>`;
  /** Blocks of 4,000 octets, 20 ms apart, of which each is acknowledged; the RST 10 ms behind the last. Ports of one host. */
  function transfer(up: boolean, rst: number, list: readonly number[]): string {
    const [from, to] = up ? ['C', 'S'] : ['S', 'C'];
    const [own, other] = up ? [5, 1] : [1, 5];
    const lines = list.map((window, i) => {
      const at = 0.1 + 0.02 * i;
      return `
  ${at.toFixed(4)} ${from} > ${to}: [P.] seq ${own + 4000 * i}:${own + 4000 * (i + 1)} ack ${other} win 64 ${ts(1000 + 20 * i, 900)} ttl 64 id ${200 + i} DF "block"
  ${(at + 0.0001).toFixed(4)} ${to} > ${from}: [.] ack ${own + 4000 * (i + 1)} win ${window} ${ts(1000 + 20 * i, 900)} ttl 64 id ${300 + i} DF`;
    });
    return `
  0.0000 C > S: [S] seq 0 win 65495 ${SCALE} ttl 64 id 198 DF
  0.0001 S > C: [S.] seq 0 ack 1 win 65483 ${BACK} ttl 64 id 0 DF
  0.0002 C > S: [.] ack 1 win 64 ${ts(100, 900)} ttl 64 id 199 DF
  0.0003 C > S: [P.] seq 1:5 ack 1 win 64 ${ts(100, 900)} ttl 64 id ${up ? 200 : 298} DF "send"
  0.0004 S > C: [.] ack 5 win 64 ${ts(900, 100)} ttl 64 id ${up ? 298 : 199} DF${lines.join('')}
  ${(0.1 + 0.02 * list.length).toFixed(4)} ${to} > ${from}: [R.] seq ${other} ack ${own + 4000 * list.length} win ${rst} ${ts(2000, 900)} ttl 64 id ${300 + list.length} DF`;
  }
  const FALLING = [101, 98, 95, 92, 89, 86];

  test('a client that reads nothing of a transfer on loopback', async () => {
    const verdict = await expectCause(transfer(false, 101, FALLING), {
      gives: 'cancelled-download likely',
      not: 'server-idle-timeout',
    });
    expect(verdict.evidence.map(({ text }) => text)).toContain(
      "from here on the client's window fell with what came, and was larger again in the RST: it had stopped reading",
    );
  });

  test('a client that read all of it', async () => {
    await expectCause(transfer(false, 101, [101, 101, 101, 101, 101, 101]), {
      gives: 'unexplained-abort',
      not: 'close-with-unread-data?',
    });
  });

  test('a server that reads nothing of what is sent up', async () => {
    const verdict = await expectCause(transfer(true, 101, FALLING), {
      gives: 'close-with-unread-data likely',
      not: 'cancelled-download',
    });
    expect(verdict.evidence.at(-1)?.text).toBe(
      'with the RST it grew from 86 to 101 again: as where a kernel throws unread bytes away',
    );
  });

  test('… that reads now and then', async () => {
    await expectCause(transfer(true, 101, [101, 98, 101, 98, 101, 98]), {
      gives: 'unexplained-abort',
      not: 'close-with-unread-data?',
    });
  });
});
