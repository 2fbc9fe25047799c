/** The receiving side closed in mid-transfer, with data unread and more on the way. */
import { describe, expect, test } from 'vitest';
import { makeSegment, mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, MS, message, otherReset, tellsOf } from '../support/signatures.js';

const UNREAD = { octets: 5000, grew: 4000, since: ago(500, 60) };

describe('cancelled-download', () => {
  const sent = message(20_000, 30, { frame: 97 });
  const STOPPED: Given = {
    sender: { role: 'client', lastData: ago(900, 40) },
    receiver: { role: 'server', mss: 1460, lastMessage: sent },
    reset: { rtt: 10 * MS, freshlyAcked: 0 },
  };
  const bare = otherReset(103, 10_010);
  const silent = (ms: number): Given => ({
    ...STOPPED,
    receiver: { ...STOPPED.receiver, lastMessage: message(20_000, ms, { frame: 97 }) },
  });
  /** Its last segments by their lengths, and for how long all of it had come when it stopped 30 ms before the RST. */
  const pieces = (ms: number, ...lengths: readonly number[]): Given => ({
    ...STOPPED,
    receiver: { ...STOPPED.receiver, lastMessage: { ...sent, first: ago(30 + ms, 80) } },
    reset: {
      ...STOPPED.reset,
      tail: lengths.map((length, i) => makeSegment(90 + i, 9_970, 'receiver', ACK, { length })),
    },
  });
  test.each<[string, Given, string]>([
    ['a burst that ended in a short segment, longer ago than it took', pieces(5, 1460, 700), 'possible client-app'],
    [
      '… no more than a first window, of a distant server',
      {
        ...pieces(5, 1460, 700),
        receiver: { ...pieces(5).receiver, lastMessage: { ...sent, first: ago(35, 80), length: 10_000 } },
        reset: { ...pieces(5, 1460, 700).reset, rtt: 100 * MS },
      },
      'possible client-app',
    ],
    [
      '… more than that: the rest may have waited for an acknowledgment',
      { ...pieces(5, 1460, 700), reset: { ...pieces(5, 1460, 700).reset, rtt: 100 * MS } },
      'likely client-app',
    ],
    ['… that took longer', pieces(40, 1460, 700), 'likely client-app'],
    ['… that ended in a full one', pieces(5, 1460, 1460), 'likely client-app'],
    ['… of one segment', pieces(5, 700), 'likely client-app'],
    ['right after the last data', STOPPED, 'likely client-app'],
    [
      'it had closed with FIN just before',
      { ...STOPPED, sender: { ...STOPPED.sender, fin: fin(1) } },
      'no: the client had closed with FIN (90), which takes no data back',
    ],
    [
      'the server had closed, and all of it was acknowledged',
      { ...STOPPED, receiver: { ...STOPPED.receiver, fin: fin(5) } },
      'no: the server had sent all it had and closed (90), and all of it was acknowledged',
    ],
    ['… a little later', silent(31), 'possible client-app'],
    ['… long after', silent(71), 'no: the last data was 71 ms old: nothing was running'],
    [
      '… long after, with its window shut',
      { ...silent(500), sender: { ...STOPPED.sender, zeroWindow: ago(400, 98) } },
      'likely client-app (transfer cut short)',
    ],
    [
      '… long after, unread by the window',
      { ...silent(500), reset: { ...STOPPED.reset, unread: UNREAD } },
      'certain client-app',
    ],
    [
      'segments still on the way drew RSTs',
      { ...STOPPED, reset: { ...STOPPED.reset, siblings: [bare] } },
      'certain client-app (transfer cut short)',
    ],
    [
      '… RSTs with ACK are none of those',
      { ...STOPPED, reset: { ...STOPPED.reset, siblings: [{ ...bare, hasAck: true }] } },
      'likely client-app',
    ],
    [
      '… earlier ones neither',
      { ...STOPPED, reset: { ...STOPPED.reset, siblings: [{ ...bare, frame: 98 }] } },
      'likely client-app',
    ],
    [
      '… the other end’s neither',
      { ...STOPPED, reset: { ...STOPPED.reset, siblings: [{ ...bare, fromSender: false }] } },
      'likely client-app',
    ],
    [
      'the server was still sending',
      { ...STOPPED, aftermath: { receiverWentOn: { ...mark(104, 10_020), length: 1460 } } },
      'certain client-app (transfer cut short)',
    ],
    [
      '… again what had been acknowledged: that was lost',
      { ...STOPPED, aftermath: { receiverWentOn: { ...mark(104, 10_020), length: 0 } } },
      'likely client-app',
    ],
    [
      'acknowledged by nothing but the RST',
      { ...silent(60), reset: { ...STOPPED.reset, freshlyAcked: 2 } },
      'likely client-app',
    ],
    [
      'less than two segments',
      { ...STOPPED, receiver: { ...STOPPED.receiver, lastMessage: message(2919, 30, { frame: 97 }) } },
      'no: no transfer of more than two segments was running',
    ],
    [
      'two segments',
      { ...STOPPED, receiver: { ...STOPPED.receiver, lastMessage: message(2920, 30, { frame: 97 }) } },
      'likely client-app',
    ],
    [
      'nothing sent',
      { ...STOPPED, receiver: { ...STOPPED.receiver, lastMessage: null } },
      'no: no transfer of more than two segments was running',
    ],
    [
      'the client asked for more',
      { ...STOPPED, sender: { ...STOPPED.sender, lastData: ago(10, 98) } },
      'no: the client had asked for more (98)',
    ],
    [
      'of a server',
      { ...STOPPED, sender: { ...STOPPED.sender, role: 'server' }, receiver: { ...STOPPED.receiver, role: 'client' } },
      'not asked',
    ],
    ['of a third party', { ...STOPPED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
  ])('%s', (_, given, answer) => {
    expect(answerOf('cancelled-download', given)).toBe(answer);
  });

  test('cancelled-download says what it saw', () => {
    expect(tellsOf('cancelled-download', STOPPED)).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes by then',
      '100 30 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
      'Whether the transfer was complete: its length is not known. SO_LINGER 0 at the end of a complete transfer gives the same packets.',
    ]);
    expect(tellsOf('cancelled-download', silent(31))).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes by then',
      '100 31 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
      'Whether the transfer was complete: its length is not known. SO_LINGER 0 at the end of a complete transfer gives the same packets.',
    ]);
    expect(tellsOf('cancelled-download', { ...silent(500), reset: { ...STOPPED.reset, unread: UNREAD } })).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes and was still sending',
      '60 the client had stopped reading: at least 5,000 bytes lay unread {"unread":5000}',
      '100 500 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
    ]);
    expect(
      tellsOf('cancelled-download', { ...silent(500), sender: { ...STOPPED.sender, zeroWindow: ago(400, 98) } }),
    ).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes by then',
      '100 500 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
      'Whether the transfer was complete: its length is not known. SO_LINGER 0 at the end of a complete transfer gives the same packets.',
    ]);
    expect(tellsOf('cancelled-download', { ...STOPPED, reset: { ...STOPPED.reset, siblings: [bare] } })).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes and was still sending',
      '100 30 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
      '103 1 segment still on the way drew another RST: the transfer was not over',
    ]);
  });
});
