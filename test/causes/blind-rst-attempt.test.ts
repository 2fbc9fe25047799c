/** Numbers that are wrong: blind-rst-attempt and sequence-rewriting. */
import { describe, expect, test } from 'vitest';
import { makeSegment, mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ACK, answerOf, otherReset, tellsOf } from '../support/signatures.js';

const ON = { ...mark(105, 10_100), length: 5 };

describe('numbers that are wrong', () => {
  const ATTEMPT: Given = { reset: { effective: false }, rst: { seq: 9000 } };
  const other = (frame: number, seq: number, more = {}) => otherReset(frame, 9_990, { seq, ...more });
  const guessed = (...siblings: readonly ReturnType<typeof other>[]): Given => ({
    ...ATTEMPT,
    reset: { effective: false, siblings },
    aftermath: { receiverWentOn: ON },
  });
  test.each<[string, Given, string]>([
    ['three of them', guessed(other(98, 1), other(99, 2)), 'certain third-party'],
    ['two of them', guessed(other(98, 1)), 'no: only 2 RSTs came in the name of that end'],
    ['the same number again', guessed(other(98, 1), other(99, 9000)), 'no: only 2 RSTs came in the name of that end'],
    [
      'the other end’s',
      guessed(other(98, 1), other(99, 2, { fromSender: false })),
      'no: only 2 RSTs came in the name of that end',
    ],
    ['effective', { ...guessed(other(98, 1), other(99, 2)), reset: { effective: true } }, 'not asked'],
  ])('blind-rst-attempt: %s', (_, given, answer) => {
    expect(answerOf('blind-rst-attempt', given)).toBe(answer);
  });

  test('blind-rst-attempt says what it saw', () => {
    expect(tellsOf('blind-rst-attempt', guessed(other(98, 1), other(99, 2)))).toEqual([
      '98 3 RSTs came in the name of the server within 10 ms, at numbers over a range of 8,999 (frames 98, 99, 100)',
      '105 the connection went on',
    ]);
  });

  const OFF: Given = { ...ATTEMPT, sender: { sndNxt: 5001 }, context: { sameOffset: (off) => (off === 3999 ? 2 : 0) } };
  test.each<[string, Given, string]>([
    ['as another connection’s', OFF, 'certain network-device'],
    [
      'as no other’s',
      { ...OFF, context: { sameOffset: () => 1 } },
      'no: no RST of another connection is off by the same number',
    ],
    [
      'right',
      { ...OFF, sender: { sndNxt: 9000 }, context: { sameOffset: () => 5 } },
      'no: no RST of another connection is off by the same number',
    ],
    ['effective', { ...OFF, reset: { effective: true } }, 'not asked'],
    [
      'effective or not: the receiver was not captured',
      { ...OFF, reset: { effective: true }, receiver: { segments: 0 } },
      'certain network-device',
    ],
    [
      'known from acknowledgments only',
      { ...OFF, sender: { sndNxt: null }, receiver: { rcvNxt: 5001 } },
      'certain network-device',
    ],
    ...(
      [
        [
          'where a segment of its own begins',
          'sender',
          9000,
          'no: its number is where a segment of its own begins (98): an answer to what came before it',
        ],
        ['where one ends', 'sender', 8969, 'certain network-device'],
        ["where one of the other end's begins", 'receiver', 9000, 'certain network-device'],
      ] as const
    ).map(([name, from, seq, answer]): [string, Given, string] => [
      name,
      { ...OFF, reset: { effective: false, tail: [{ ...makeSegment(98, 9_990, from, ACK), seq, length: 31 }] } },
      answer,
    ]),
    ['of nobody known', { ...OFF, sender: { sndNxt: null }, receiver: { rcvNxt: null } }, 'not asked'],
  ])('sequence-rewriting: %s', (_, given, answer) => {
    expect(answerOf('sequence-rewriting', given)).toBe(answer);
  });

  test('sequence-rewriting says what it saw', () => {
    expect(tellsOf('sequence-rewriting', OFF)).toEqual([
      '100 its number is off by 3,999 {"seq":9000,"off":3999}',
      '- 2 connections have an RST that is off by exactly that: a constant, not a guess',
    ]);
    expect(tellsOf('sequence-rewriting', { ...OFF, rst: { seq: 1002 }, context: { sameOffset: () => 2 } })).toEqual([
      '100 its number is off by -3,999 {"seq":1002,"off":-3999}',
      '- 2 connections have an RST that is off by exactly that: a constant, not a guess',
    ]);
  });
});
