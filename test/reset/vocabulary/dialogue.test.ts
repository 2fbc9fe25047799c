/** When a connection was at rest, and what kept it from it. */
import { describe, expect, test } from 'vitest';
import { drewByNewData, droppedAtRest, outstanding, sentAfterFin } from '../../../src/reset/vocabulary/dialogue.js';
import { makeSegment, mark } from '../../support/diagnosis.js';
import { ACK, ago, fin, type Given, message, resetOf, trigger } from '../../support/signatures.js';

/** The server aborts 50 ms after its answer of 60 octets, all of which was acknowledged. */
const REST: Given = {
  sender: {
    bytes: 60,
    bytesUnacked: 0,
    segments: 3,
    sndNxt: 5061,
    rcvNxt: 1031,
    rawWindow: 500,
    windowScale: 7,
    lastData: ago(50, 95),
  },
  receiver: { bytes: 30, sndNxt: 1031, lastData: ago(80, 94) },
  rst: { ack: 1031, window: 500 },
  reset: { freshlyAcked: 0 },
};
const rest = (more: Given): Given => ({
  ...REST,
  ...more,
  sender: { ...REST.sender, ...more.sender },
  receiver: { ...REST.receiver, ...more.receiver },
  rst: { ...REST.rst, ...more.rst },
  reset: { ...REST.reset, ...more.reset },
});
const open = (more: Given, delayed = false) => outstanding(resetOf(rest(more)), null, delayed);
const went = (length: number) => ({ receiverWentOn: { ...mark(101, 10_001), length } });
const run = { count: 1, first: ago(20), last: ago(10) };
const client = (sender: Given['sender'], receiver: Given['receiver']): Given => ({
  sender: { role: 'client', ...sender },
  receiver: { role: 'server', ...receiver },
});

describe('outstanding', () => {
  test.each<[string, Given, string | null]>([
    ['nothing', {}, null],
    ['in the handshake', { reset: { phase: 'handshake' } }, 'the handshake was not complete'],
    ['before it', { reset: { phase: 'syn-sent' } }, 'the handshake was not complete'],
    ['of a connection that was not captured', { reset: { phase: 'orphan' } }, 'the handshake was not complete'],
    ['no data', { sender: { bytes: 0 }, receiver: { bytes: 0 } }, 'no data was exchanged'],
    ['… but a close', { sender: { bytes: 0 }, receiver: { bytes: 0, fin: fin(10) } }, null],
    ['an octet of its own', { sender: { bytesUnacked: 1 } }, '1 byte of the server were not acknowledged'],
    ['unread octets', { reset: { unread: { octets: 70, grew: 0, since: null } } }, 'at least 70 bytes were unread'],
    [
      'a window that grew',
      { rst: { window: 501 } },
      'its window grew from 500 to 501 with the RST, as where unread bytes are thrown away',
    ],
    ['… behind the SYN-ACK alone', { rst: { window: 501 }, sender: { segments: 1 } }, null],
    ['… by a scale that nobody knows', { rst: { window: 501 }, sender: { windowScale: null } }, null],
    ['a FIN that it acknowledges not yet', { receiver: { sndNxt: 1032 } }, null],
    ['octets on the way', { receiver: { sndNxt: 1033 } }, '2 bytes were on the way'],
    ['… of which a bare RST tells nothing', { receiver: { sndNxt: 1033 }, rst: { hasAck: false } }, null],
    ['… nobody knows', { receiver: { sndNxt: null } }, null],
    ['data of the other end behind it', { aftermath: went(9) }, 'the client was still sending ({#101})'],
    ['an acknowledgment of it', { aftermath: went(0) }, null],
    ['data that it sent again', { sender: { retransmitting: run } }, 'data was being sent again'],
    ['data that came again', { receiver: { retransmitting: run } }, 'data was being sent again'],
    ['a window that it shut', { sender: { zeroWindow: ago(5) } }, 'a window was shut'],
    ['a window that was shut to it', { receiver: { zeroWindow: ago(5) } }, 'a window was shut'],
    ['two octets that had just come', { reset: { freshlyAcked: 2 } }, 'the last 2 bytes had just come'],
    ['one, which may be a FIN', { reset: { freshlyAcked: 1 } }, null],
    ['a request', { reset: { unanswered: message(30, 9) } }, '30 bytes had not been answered'],
    [
      'a request of the client that resets',
      client({ lastMessage: message(40, 9), lastData: ago(9, 98) }, { lastData: ago(50, 90) }),
      '40 bytes had not been answered',
    ],
    [
      '… to a server that said nothing',
      client({ lastMessage: message(40, 9), lastData: ago(9, 98) }, { lastData: null, bytes: 0 }),
      '40 bytes had not been answered',
    ],
    [
      '… to a server whose answer only a copy brought',
      client({ lastMessage: message(40, 9), lastData: ago(9, 98) }, { lastData: null, bytes: 30 }),
      null,
    ],
    [
      '… that was answered',
      client({ lastMessage: message(40, 9), lastData: ago(9, 90) }, { lastData: ago(5, 98) }),
      null,
    ],
    ['… none', client({ lastMessage: null, lastData: null }, { lastData: null }), null],
    [
      'what the client had not read is no request',
      { ...client({ lastMessage: null, lastData: null }, {}), reset: { unanswered: message(30, 9) } },
      null,
    ],
  ])('%s', (_, given, expected) => {
    expect(open(given)).toBe(expected);
  });

  test('what had just come is no news where acknowledgments are delayed', () => {
    expect(open({ reset: { freshlyAcked: 20 } }, true)).toBeNull();
  });

  test('a goodbye needs no answer, nor an acknowledgment', () => {
    const farewell = (mine: boolean, length: number, given: Given) => {
      const reset = resetOf(rest(given));
      return outstanding(reset, { name: 'a QUIT', clear: true, by: mine ? reset.sender : reset.receiver, length });
    };
    expect(farewell(true, 6, { sender: { bytesUnacked: 6 } })).toBeNull();
    expect(farewell(true, 6, { sender: { bytesUnacked: 7 } })).toBe('7 bytes of the server were not acknowledged');
    expect(farewell(false, 6, { sender: { bytesUnacked: 6 } })).toBe('6 bytes of the server were not acknowledged');
    expect(farewell(false, 6, { receiver: { sndNxt: 1038 } })).toBeNull();
    expect(farewell(false, 6, { receiver: { sndNxt: 1039 } })).toBe('8 bytes were on the way');
    expect(farewell(true, 6, { receiver: { sndNxt: 1038 } })).toBe('7 bytes were on the way');
    expect(farewell(false, 6, { reset: { freshlyAcked: 7 } })).toBeNull();
    expect(farewell(false, 6, { reset: { freshlyAcked: 8 } })).toBe('the last 8 bytes had just come');
    expect(farewell(true, 6, { reset: { freshlyAcked: 7 } })).toBe('the last 7 bytes had just come');
    expect(farewell(false, 6, { reset: { unanswered: message(30, 9) } })).toBeNull();
  });
});

describe('dropped at rest', () => {
  const windows = { stack: { family: 'windows' } as never };
  const dropped = (more: Given) => droppedAtRest(resetOf(rest({ ...more, sender: { ...windows, ...more.sender } })));
  test('by Windows, with all that was asked answered', () => {
    expect(dropped({})).toMatchObject({ confidence: 'likely', responsible: 'server-app', severity: 'note' });
    expect(dropped({})?.evidence).toEqual([
      { frame: 95, text: 'the server sent the last data; nothing was waiting for an answer or on its way', values: {} },
      { frame: 100, text: "50 ms later the server's live socket sent RST, ACK without a FIN", values: { window: 500 } },
    ]);
    const other = dropped({ sender: { lastData: ago(90, 90) } });
    expect(other?.evidence[0]).toMatchObject({
      frame: 94,
      text: expect.stringContaining('the client sent the last data'),
    });
    expect(other?.doubt).toEqual([
      'Why then: packets do not tell. A process that is stopped, and bytes left unread, make the same packet on Windows.',
    ]);
    expect(dropped({ reset: { freshlyAcked: 20 } })).not.toBeNull();
  });
  test('right behind the answer, before it need be acknowledged: a warning, for it may not have been read', () => {
    const young = dropped({ sender: { bytesUnacked: 1, lastData: ago(499, 95) } });
    expect(young).toMatchObject({ confidence: 'likely', severity: 'warning' });
    expect(young?.evidence[0]?.text).toBe(
      'the server sent the last data, 1 byte of it not acknowledged yet; nothing was waiting for an answer',
    );
    expect(young?.doubt[1]).toBe('Whether the client read the last 1 byte before the RST is not to be seen.');
  });
  test.each<[string, Given]>([
    ['another stack', { sender: { stack: { family: 'linux' } as never } }],
    ['a stack that nobody knows', { sender: { stack: null } }],
    ['behind its FIN', { sender: { fin: fin(5) } }],
    ['not its socket', { mechanism: 'kernel-reply likely' }],
    ['it had said nothing', { sender: { lastData: null } }],
    ['it had heard nothing', { receiver: { lastData: null } }],
    [
      'something was outstanding for longer than an acknowledgment is put off',
      { sender: { bytesUnacked: 1, lastData: ago(500, 95) } },
    ],
  ])('not: %s', (_, given) => {
    expect(dropped(given)).toBeNull();
  });
});

test('new data draws an RST where it ends beyond what had come', () => {
  const drew = (more: Parameters<typeof trigger>[0] | null, rcvNxt: number | null = 1001) =>
    drewByNewData(resetOf({ sender: { rcvNxt }, reset: { trigger: more === null ? null : trigger(more) } }));
  expect(drew({ seq: 1001, length: 1 })).toBe(true);
  expect(drew({ seq: 1000, length: 1 })).toBe(false);
  expect(drew({ seq: 1001, length: 0 })).toBe(false);
  expect(drew({ seq: 1, length: 1 }, null)).toBe(true);
  expect(drew(null)).toBe(false);
});

test('what came behind a FIN is no more than the message, and no FIN of the other end', () => {
  const octets = (sndNxt: number | null, closed = false, tail = true, length: number | null = 300) =>
    sentAfterFin(
      resetOf({
        sender: { fin: fin(100) },
        receiver: {
          sndNxt,
          lastMessage: length === null ? null : message(length, 50),
          fin: closed ? fin(40, { frame: 95 }) : null,
        },
        reset: {
          tail: [
            { ...makeSegment(90, 9_900, 'receiver', ACK), ack: 7 },
            ...(tail ? [{ ...makeSegment(90, 9_900, 'sender', ACK), ack: 1201 }] : []),
          ],
        },
      }),
    );
  expect([octets(1301), octets(1302, true), octets(1901), octets(1201), octets(1202, true)]).toEqual([
    100, 100, 300, 300, 300,
  ]);
  expect([octets(null), octets(1301, false, false), octets(1301, false, true, null)]).toEqual([300, 300, 0]);
});
