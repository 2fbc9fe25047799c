/** An RST with marks that are not its sender's, too few to say that somebody else made it. */
import { expect, test } from 'vitest';
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
