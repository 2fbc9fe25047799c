/** A refusal raced the real SYN-ACK. */
import { describe, expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, otherReset, REFUSED, RST_TIME, saidOf, tellsOf } from '../support/signatures.js';

const sibling = otherReset(98, RST_TIME - 500, { fromSender: false, seq: 1001 });

describe('forged-refusal', () => {
  const ACCEPTED: Given = { ...REFUSED, aftermath: { synAck: mark(105, 10_020) } };
  test.each<[string, Given, string]>([
    ['the named host accepted after it', ACCEPTED, 'certain third-party'],
    ['… it had a window', { ...ACCEPTED, rst: { ...REFUSED.rst, window: 9 } }, 'likely third-party'],
    ['no SYN-ACK followed', REFUSED, 'no: no SYN-ACK came after it'],
    ['its sender had been heard of', { ...ACCEPTED, sender: { segments: 1 } }, 'not asked'],
    [
      'of a client',
      { ...ACCEPTED, sender: { segments: 0, role: 'client' }, reset: { ...REFUSED.reset, shape: 'reply' } },
      'not asked',
    ],
    [
      'of nobody known, as an answer to a SYN',
      { ...ACCEPTED, sender: { segments: 0, role: 'originator' } },
      'certain third-party',
    ],
    [
      'the client was not captured, and the connection went on',
      {
        ...ACCEPTED,
        receiver: { segments: 0 },
        aftermath: { synAck: mark(105, 10_020), senderWentOn: { ...mark(107, 10_050), length: 5 } },
      },
      'no: the connection went on (107): the client had not obeyed it',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('forged-refusal', given)).toBe(answer);
  });

  test('forged-refusal says what it saw', () => {
    expect(tellsOf('forged-refusal', ACCEPTED)).toEqual([
      '1 the client asked for a connection (SYN)',
      '100 10 s later an RST came in the name of the server {"seq":0,"ack":1001,"ttl":63,"window":0}',
      '105 the server itself accepted the connection 20 ms after that: its port was open',
    ]);
    expect(tellsOf('forged-refusal', { ...ACCEPTED, rst: { ...REFUSED.rst, window: 9 } })).toEqual([
      '1 the client asked for a connection (SYN)',
      '100 10 s later an RST came in the name of the server {"seq":0,"ack":1001,"ttl":63,"window":9}',
      '105 the server itself accepted the connection 20 ms after that: its port was open',
      'Who forged it: a window in a refusal is a mark of volleys, of which others may be missing here.',
    ]);
  });

  test('counts the volley before the SYN-ACK', () => {
    const forged = { ...sibling, fromSender: true };
    const siblings = [
      forged,
      { ...forged, frame: 101 },
      { ...forged, frame: 102 },
      { ...forged, frame: 106 },
      { ...forged, frame: 103, fromSender: false },
    ];
    expect(
      saidOf('forged-refusal', {
        ...ACCEPTED,
        reset: { ...REFUSED.reset, siblings, handshake: { syn: ago(30, 98), synAck: null, ack: null } },
      }),
    ).toEqual([
      '98 the client asked for a connection (SYN)',
      '100 30 ms later 3 RSTs came in the name of the server',
      '105 the server itself accepted the connection 20 ms after that: its port was open',
    ]);
  });
});
