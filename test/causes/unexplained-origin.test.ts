/** An RST with marks that are not its sender's, too few to say that somebody else made it. */
import { describe, expect, test } from 'vitest';
import { expectCause, served } from '../support/listing.js';
import { ago, answerOf, type Given, tellsOf, trigger } from '../support/signatures.js';

test.each<[string, Given, string]>([
  ['marks of another', { mechanism: 'third-party possible' }, 'possible unknown'],
  ['… in a reply', { mechanism: 'third-party possible', reset: { shape: 'reply' } }, 'possible unknown'],
  ['a socket’s own', {}, 'not asked'],
  ['a kernel’s own', { mechanism: 'kernel-reply likely', reset: { shape: 'reply' } }, 'not asked'],
])('%s', (_, given, answer) => {
  expect(answerOf('unexplained-origin', given)).toBe(answer);
});

test('it says what was seen, and no more', () => {
  const other = { frame: 100, text: 'TTL 255, but 64 in the one other packet of that host', values: {} };
  const given: Given = { mechanism: 'third-party possible', facts: [other] };
  expect(
    tellsOf('unexplained-origin', { ...given, sender: { lastSegment: ago(7, 93) }, reset: { trigger: trigger() } }),
  ).toEqual([
    '93 the server was last heard of',
    '99 the client sent a segment',
    '100 an RST came in the name of the server {"seq":5001,"window":0,"ttl":63}',
    '100 TTL 255, but 64 in the one other packet of that host',
    'Whether that host made it: its marks differ from those of its other packets.',
  ]);
  expect(tellsOf('unexplained-origin', given)).toHaveLength(3);
});

describe('unexplained-origin in packets', () => {
  const rst = (ttl: number) => `
    1.000 S > C: [R.] seq 20 ack 19 win 0 ttl ${ttl} id 4000`;

  test('an IP ID and a DF bit unlike all other packets of its sender, with its TTL', async () => {
    await expectCause(served() + rst(57), { gives: 'unexplained-origin', not: 'blocked-by-policy' });
  });

  test('with another TTL it is forged', async () => {
    await expectCause(served() + rst(60), { gives: 'forged-reset likely', not: 'unexplained-origin' });
  });
});
