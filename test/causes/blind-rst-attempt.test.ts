/** Numbers that are wrong: blind-rst-attempt and sequence-rewriting. */
import { describe, expect, test } from 'vitest';
import { RST } from '../../src/tcp/control.js';
import { makeSegment, mark } from '../support/diagnosis.js';
import { BACK, expectCause, served, TS, verdictsOf } from '../support/listing.js';
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
    ...(
      [
        ['at the next number', 5001, [], 'no: one of them (99) has a number of that connection: no guess'],
        ['where data began', 2, [{ seq: 2 }], 'no: one of them (99) has a number of that connection: no guess'],
        [
          'what the other end acknowledged',
          2,
          [{ from: 'receiver', ack: 2 }],
          'no: one of them (99) has a number of that connection: no guess',
        ],
        ["at the other end's number", 2, [{ from: 'receiver', seq: 2 }], 'certain third-party'],
        ['at that of another RST', 2, [{ seq: 2, control: RST }], 'certain third-party'],
      ] as const
    ).map(([name, seq, tail, answer]): [string, Given, string] => [
      name,
      {
        ...guessed(other(98, 1), other(99, seq)),
        reset: {
          effective: false,
          siblings: [other(98, 1), other(99, seq)],
          tail: tail.map((more) => ({ ...makeSegment(90, 9_000, 'sender', ACK), ...more })),
        },
      },
      answer,
    ]),
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

describe('numbers that are wrong, in packets', () => {
  const bare = (at: number, seq: number) => `
    ${at.toFixed(4)} S > C: [R] seq ${seq} win 0 ttl 64 id 0 DF`;
  const volley = (...numbers: readonly number[]) =>
    numbers
      .map(
        (seq, i) => `
    ${(0.0051 + i / 10_000).toFixed(4)} S > C: [R.] seq ${seq} ack 19 win 1024 ttl 112 id 4711`,
      )
      .join('');
  const goesOn = `
    1.000 C > S: [P.] seq 19 ack 20 win 502 ${TS} ttl 64 id 5 DF "more"
    1.001 S > C: [P.] seq 20 ack 23 win 509 ${BACK} ttl 57 id 71 DF "this"`;

  test('three guesses, and the connection goes on', async () => {
    await expectCause(served() + bare(0.5, 900_000) + bare(0.6, 9_000_000) + bare(0.7, 90_000_000) + goesOn, {
      gives: 'blind-rst-attempt certain ignored',
      not: 'forged-reset',
      frame: 7,
    });
  });

  test.each([
    ['two are one device that corrects itself', bare(0.5, 900_000) + bare(0.6, 9_000_000)],
    ['the same number three times is no guess', bare(0.5, 900_000) + bare(0.6, 900_000) + bare(0.7, 900_000)],
    ['nor are three of which one is right: a filter saw the traffic', volley(20, 1480, 4400)],
  ])('%s', async (_, resets) => {
    await expectCause(served() + resets + goesOn, {
      gives: 'rst-ignored certain ignored',
      not: 'blind-rst-attempt',
      frame: 7,
    });
  });

  /** An RST that is so much ahead draws a challenge ACK, and both ends go on. */
  const missed = (client: string, iss: number, ahead: number, at = 0) => `${served(client, 'S', at, iss)}
    ${at + 0.5} S > ${client}: [R.] seq ${20 + ahead} ack 19 win 0 ttl 57 id ${iss + 71} DF
    ${at + 0.5001} ${client} > S: [.] seq 19 ack 20 win 502 ${TS} ttl 64 id ${iss + 5} DF
    ${at + 1.5} S > ${client}: [P.] seq 20 ack 19 win 509 ${BACK} ttl 57 id ${iss + 72} DF "more"
    ${at + 1.501} ${client} > S: [.] ack 24 win 502 ${TS} ttl 64 id ${iss + 6} DF`;

  test('two connections miss by the same: a device shifts the numbers of all but its RSTs', async () => {
    await expectCause(missed('C', 0, 1000) + missed('C2', 3000, 1000, 2), {
      gives: 'sequence-rewriting certain ignored',
      not: 'blind-rst-attempt',
      frame: 7,
    });
  });

  test.each([
    ['by different numbers', missed('C', 0, 1000) + missed('C2', 3000, 2000)],
    ['on one connection only', missed('C', 0, 1000)],
    ['and where both are right nothing is shifted', missed('C', 0, 0) + missed('C2', 3000, 0)],
  ])('%s', async (_, text) => {
    const verdicts = await verdictsOf(text);
    expect(verdicts.map(({ cause }) => cause.id)).toEqual(verdicts.map(() => 'rst-ignored'));
  });
});
