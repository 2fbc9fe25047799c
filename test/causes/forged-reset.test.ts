/** A forgery by the marks of the packet alone, and what is said of it where others may have made it. */
import { describe, expect, test } from 'vitest';
import { evidence, mark } from '../support/diagnosis.js';
import { expectCause, served, TS } from '../support/listing.js';
import { ago, answerOf, type Given, otherReset, tellsOf, trigger } from '../support/signatures.js';

const FORGED: Given = {
  sender: { bytes: 50 },
  receiver: { bytes: 30, dataSegments: 1 },
  reset: { effective: true },
  mechanism: 'third-party certain',
};
const drawn = { trigger: null, drawn: ago(1, 99) } as const;
const unseen = { segments: 0, bytes: 30, dataSegments: 1 };
const handshake = (ack: boolean) => ({
  phase: 'handshake' as const,
  handshake: { syn: ago(9), synAck: ago(8), ack: ack ? ago(7) : null },
});
const likely: Given = { ...FORGED, mechanism: 'third-party likely' };

test.each<[string, Given, string]>([
  ['surely not the host’s', FORGED, 'certain third-party'],
  ['hardly the host’s', likely, 'likely third-party'],
  ['perhaps not the host’s', { ...FORGED, mechanism: 'third-party possible' }, 'possible third-party'],
  [
    'the host’s',
    { ...FORGED, mechanism: 'kernel-reply certain' },
    'no: nothing shows that anyone but the named sender made it',
  ],
  ['without effect', { ...FORGED, reset: { effective: false } }, 'no: it took no effect'],
  [
    'before anything was said',
    { ...FORGED, sender: { bytes: 0 }, receiver: { bytes: 0, dataSegments: 1 } },
    'likely third-party',
  ],
  ['the server alone had spoken', { ...FORGED, receiver: { bytes: 0, dataSegments: 1 } }, 'certain third-party'],
  ['the client alone had spoken', { ...FORGED, sender: { bytes: 0 } }, 'certain third-party'],
  ['in the handshake', { ...FORGED, reset: { effective: true, ...handshake(true) } }, 'likely third-party'],
  ['instead of a SYN-ACK', { ...FORGED, reset: { effective: true, phase: 'syn-sent' } }, 'likely third-party'],
  [
    'before the handshake’s last packet',
    { ...FORGED, reset: { effective: true, ...handshake(false) } },
    'possible third-party',
  ],
  [
    '… drawn by something',
    { ...FORGED, reset: { effective: true, ...handshake(false), trigger: trigger() } },
    'likely third-party',
  ],
  [
    'new data came right behind it, and none before',
    { ...FORGED, receiver: { bytes: 0, dataSegments: 0 }, aftermath: { crossed: 101 } },
    'possible third-party',
  ],
  ['… and some before', { ...FORGED, aftermath: { crossed: 101 } }, 'certain third-party'],
  [
    'the client was not captured',
    { ...FORGED, receiver: unseen, reset: { effective: true, ...drawn } },
    'certain third-party',
  ],
  [
    '… hardly the host’s',
    { ...likely, receiver: unseen, reset: { effective: true, ...drawn } },
    'possible third-party',
  ],
  [
    '… the server had said nothing',
    { ...FORGED, sender: { bytes: 0 }, receiver: unseen, reset: { effective: true, ...drawn } },
    'possible third-party',
  ],
  [
    '… nothing need have drawn it',
    { ...likely, receiver: unseen, reset: { effective: true, drawn: null } },
    'likely third-party',
  ],
  [
    '… at a wrong number',
    { ...FORGED, receiver: unseen, reset: { effective: true, drawn: null, shape: 'ahead' } },
    'possible third-party',
  ],
  ['at a wrong number', { ...FORGED, reset: { effective: true, shape: 'ahead' } }, 'certain third-party'],
])('%s', (_, given, answer) => {
  expect(answerOf('forged-reset', given)).toBe(answer);
});

test('says what marks it has, and what it brought about', () => {
  const facts = [evidence(100, 'the TTL is another')];
  const answer = otherReset(103, 10_003, { fromSender: false, ack: 1 });
  const siblings = [{ ...answer, frame: 98 }, { ...answer, frame: 102, fromSender: true }, answer];
  const senderWentOn = { ...mark(101, 10_001), length: 9 };
  expect(tellsOf('forged-reset', { ...FORGED, facts })).toEqual([
    `100 it bears the server's address and a sequence number that the client obeyed {"seq":5001,"ttl":63}`,
    '100 the TTL is another',
    'Who sent it. A forger chooses the TTL, so it tells no distance.',
  ]);
  expect(
    tellsOf('forged-reset', { ...likely, facts, reset: { effective: true, siblings }, aftermath: { senderWentOn } }),
  ).toEqual([
    `100 it bears the server's address and a sequence number that the client obeyed {"seq":5001,"ttl":63}`,
    '100 the TTL is another',
    '103 the client, now without a socket, answered that with an RST: so the server was cut off too',
    'That the server did not send it rests on these marks alone; a capture on 10.0.2.2 decides.',
  ]);
  expect(tellsOf('forged-reset', { ...FORGED, reset: { effective: true, siblings } })).toHaveLength(2);
  expect(
    tellsOf('forged-reset', {
      ...FORGED,
      reset: { effective: true, siblings: siblings.slice(0, 2) },
      aftermath: { senderWentOn },
    }),
  ).toHaveLength(2);
});

describe('in packets', () => {
  // As far from here as the server, by another TTL: another machine there, or a forger.
  const bare = (at: string) => `
    ${at} S > C: [R] seq 20 win 0 ttl 249 id 4000`;

  test('with another TTL, when nothing had come for ten round trips', async () => {
    const verdict = await expectCause(served() + bare('0.100'), {
      gives: 'forged-reset likely',
      not: 'host-lost-state',
    });
    expect(verdict.mechanism.kind).toBe('third-party');
  });

  test('… right behind a segment: another machine answered in its place', async () => {
    const more = `
    0.099 C > S: [P.] seq 19:23 ack 20 win 502 ${TS} ttl 64 id 5 DF "more"`;
    const verdict = await expectCause(served() + more + bare('0.100'), {
      gives: 'unexplained-reply',
      not: 'forged-reset',
    });
    expect(verdict.mechanism.kind).toBe('kernel-reply');
  });

  /** RST,ACK with window 0 and without timestamps, long after the last segment. */
  const sealed = (ttl: number) => `
    0.400 S > C: [R.] seq 20 ack 19 win 0 ttl ${ttl} id 0 DF`;

  test('RST,ACK as no Linux host writes it, by another TTL', async () => {
    await expectCause(served() + sealed(128), { gives: 'forged-reset likely', not: 'abortive-close' });
  });

  test('… by its own TTL: a box before it may have made it', async () => {
    await expectCause(served() + sealed(57), { gives: 'unexplained-reply', not: 'forged-reset' });
  });
});
