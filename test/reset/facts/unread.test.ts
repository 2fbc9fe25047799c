/** What windows and numbers prove of data that nobody read. */
import { describe, expect, test } from 'vitest';
import { expectsAnswer, freshlyAcked, unansweredOf, unreadOf } from '../../../src/reset/facts/unread.js';
import { ago, type Given, LIMITS, MS, message, resetOf } from '../../support/signatures.js';

/** 10,000 octets lie unread in a window of 65,536, and come back with the RST. */
const FROZEN: Given = {
  sender: {
    windowScale: 7,
    rcvNxt: 1001,
    rcvWnd: 55_552,
    rawWindow: 434,
    unreadLowerBound: 10_000,
    frozenSince: ago(9, 60),
  },
  receiver: { mss: 1460 },
  rst: { hasAck: true, ack: 1001, window: 512 },
};
const frozen = (sender: Given['sender'], rst: Given['rst'] = {}, receiver: Given['receiver'] = {}) =>
  unreadOf(
    resetOf({
      sender: { ...FROZEN.sender, ...sender },
      receiver: { ...FROZEN.receiver, ...receiver },
      rst: { ...FROZEN.rst, ...rst },
    }),
    LIMITS,
  );

describe('proof by the window', () => {
  test('it froze, and the RST’s is larger', () => {
    expect(frozen({})).toEqual({ octets: 10_000, grew: 9984, since: ago(9, 60) });
  });
  test.each<[string, ReturnType<typeof unreadOf>, number | null]>([
    ['half of it came back', frozen({}, { window: 474 }), 5120],
    ['less', frozen({}, { window: 473 }), null],
    ['the RST acknowledges more', frozen({}, { window: 434, ack: 1001 + 5000 }), 5000],
    ['it had been shut, and is open', frozen({ rawWindow: 0 }, { window: 435 }), 128],
    ['it had been shut, and is', frozen({ rawWindow: 0 }, { window: 0 }), null],
    ['as many octets as two segments', frozen({ unreadLowerBound: 2920 }), 9984],
    ['one less', frozen({ unreadLowerBound: 2919 }), null],
    ['half of a small window', frozen({ unreadLowerBound: 500, rcvWnd: 500, windowScale: 0 }, { window: 1000 }), 500],
    ['less than half of it', frozen({ unreadLowerBound: 499, rcvWnd: 501, windowScale: 0 }, { window: 1000 }), null],
    [
      'two segments of the least size, where none is known',
      frozen({ unreadLowerBound: 1072 }, {}, { mss: null }),
      9984,
    ],
    ['… one less', frozen({ unreadLowerBound: 1071 }, {}, { mss: null }), null],
    ['nothing froze', frozen({ unreadLowerBound: 0 }), null],
    ['nobody knows', frozen({ unreadLowerBound: null }), null],
    ['no ACK', frozen({}, { hasAck: false }), null],
    ['no scale', frozen({ windowScale: null }), null],
    ['no acknowledgment before', frozen({ rcvNxt: null }), null],
    ['no window before', frozen({ rcvWnd: null }), null],
  ])('%s', (_, found, grew) => {
    expect(found?.grew ?? null).toBe(grew);
  });
});

test('octets that only the RST acknowledges', () => {
  const fresh = (given: Given) =>
    freshlyAcked(
      resetOf({ ...given, sender: { rcvNxt: 1001, ...given.sender }, rst: { hasAck: true, ack: 1041, ...given.rst } }),
    );
  expect(fresh({})).toBe(40);
  expect(fresh({ rst: { ack: 900 } })).toBe(0);
  expect(fresh({ rst: { hasAck: false } })).toBeNull();
  expect(fresh({ sender: { rcvNxt: null } })).toBeNull();
  expect(fresh({ reset: { quality: { flagsOnly: true } } })).toBeNull();
});

describe('unanswered', () => {
  const asked = message(30, 20, { frame: 95 });
  const of = (given: Given) =>
    unansweredOf(
      resetOf({
        ...given,
        sender: { rcvNxt: 1031, lastData: ago(50, 90), ...given.sender },
        receiver: { bytes: 30, sndNxt: 1031, lastMessage: asked, ...given.receiver },
        rst: { hasAck: true, ack: 1031, ...given.rst },
      }),
      LIMITS,
    );
  test('what came behind the last answer', () => {
    expect(of({})).toEqual(asked);
    expect(of({ sender: { lastData: null } })).toEqual(asked);
    expect(of({ sender: { lastData: ago(10, 97) } })).toBeNull();
    expect(of({ receiver: { lastMessage: null } })).toBeNull();
  });
  test('what only the RST acknowledges was not captured', () => {
    expect(of({ rst: { ack: 1033 } })).toMatchObject({ length: 2, first: { frame: 100 }, idleBefore: 200 * MS });
    expect(of({ rst: { ack: 1032 }, sender: { lastData: ago(10, 97) } })).toBeNull();
    expect(of({ rst: { ack: 1041, hasAck: false } })).toEqual(asked);
    expect(of({ rst: { ack: 1041 }, receiver: { sndNxt: null } })).toEqual(asked);
    expect(of({ rst: { ack: 1041 }, receiver: { bytes: 0 } })).toEqual(asked);
    expect(of({ rst: { ack: 1041 }, sender: { rcvNxt: 1036 } })).toMatchObject({ length: 5 });
    expect(of({ rst: { ack: 1041 }, sender: { rcvNxt: null } })).toMatchObject({ length: 10 });
  });
  test('in one moment, where packets are out of order, nobody knows which came first', () => {
    const unseen = { reset: { quality: { unseen: true } } };
    expect(of({ ...unseen, sender: { lastData: ago(20.9, 90) } })).toBeNull();
    expect(of({ ...unseen, sender: { lastData: ago(21, 90) } })).toEqual(asked);
    expect(of({ sender: { lastData: ago(20.9, 90) } })).toEqual(asked);
    expect(of({ ...unseen, sender: { lastData: null } })).toEqual(asked);
  });
});

describe('a request that waits for an answer', () => {
  const waits = (length: number | null, ms = 0, given: Given = {}) => {
    const unanswered = length === null ? null : { ...message(length, 10), first: ago(10 + ms, 80) };
    return expectsAnswer(
      resetOf({ ...given, sender: { bytes: 0, ...given.sender }, reset: { rtt: 1 * MS, ...given.reset, unanswered } }),
      LIMITS,
    );
  };
  test('not where there is none', () => {
    expect([waits(null), waits(30)]).toEqual([false, true]);
  });
  test('not where it came piece after piece, and nothing was ever answered', () => {
    expect([waits(30, 50), waits(30, 51), waits(30, 51, { sender: { bytes: 1 } })]).toEqual([true, false, true]);
    const slow = { reset: { rtt: 100 * MS } };
    expect([
      waits(30, 51, slow),
      waits(30, 100 * LIMITS.idleRoundTrips, slow),
      waits(30, 100 * LIMITS.idleRoundTrips + 1, slow),
    ]).toEqual([true, true, false]);
  });
  test('each request of HTTP that carries no body, though it came piece after piece', () => {
    const text = (line: string) => Uint8Array.from(Buffer.from(`${line} /x HTTP/1.1\r\n`));
    const owed = (line: string) => {
      const unanswered = { ...message(90, 10), first: ago(100, 80), octets: text(line) };
      return expectsAnswer(resetOf({ sender: { bytes: 0 }, reset: { rtt: 1 * MS, unanswered } }), LIMITS);
    };
    expect([owed('GET'), owed('HEAD'), owed('POST'), owed('GOT')]).toEqual([true, true, false, false]);
  });
  test('not where it was long and the window moved on with all of it', () => {
    const read = (more: Given['sender'] = {}, receiver: Given['receiver'] = {}) => ({
      sender: { unreadLowerBound: 0, windowScale: 7, ...more },
      receiver,
    });
    expect([waits(5839, 0, read()), waits(5840, 0, read())]).toEqual([true, false]);
    expect([waits(2143, 0, read({}, { mss: null })), waits(2144, 0, read({}, { mss: null }))]).toEqual([true, false]);
    expect([waits(9000, 0, read({ unreadLowerBound: 1 })), waits(9000, 0, read({ windowScale: null }))]).toEqual([
      true,
      true,
    ]);
  });
});
