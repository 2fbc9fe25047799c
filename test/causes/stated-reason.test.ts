/** Nothing else explains it, but the RST carries a reason of its own (RFC 9293 §3.5.3). */
import { expect, test } from 'vitest';
import type { Given } from '../support/signatures.js';
import { answerOf, tellsOf } from '../support/signatures.js';

test.each<[string, Given, string]>([
  ['a device’s', { reset: { stated: { by: 'F5 BIG-IP', text: 'No route' } } }, 'likely network-device'],
  ['a NetScaler’s', { reset: { stated: { by: 'NetScaler', text: 'x' } } }, 'likely network-device'],
  [
    '… in a text that hides where it came from',
    {
      mechanism: 'undecided possible',
      provenance: { hidden: true },
      reset: { stated: { by: 'NetScaler', text: 'x' } },
    },
    'possible network-device',
  ],
  ['a program’s', { reset: { stated: { by: 'text in the RST', text: 'bye' } } }, 'likely unknown'],
])('stated-reason: %s', (_, given, answer) => {
  expect(answerOf('stated-reason', given)).toBe(answer);
});

test('stated-reason says what it saw', () => {
  expect(tellsOf('stated-reason', { reset: { stated: { by: 'F5 BIG-IP', text: 'No route' } } })).toEqual([
    '100 it states a reason itself (F5 BIG-IP): "No route"',
    'That is what its sender claims; nothing else in the capture supports or refutes it.',
  ]);
  expect(tellsOf('stated-reason', { reset: { stated: { by: 'NetScaler', text: 'x' } } })).toEqual([
    '100 it states a reason itself (NetScaler): "x"',
    'That is what its sender claims; nothing else in the capture supports or refutes it.',
  ]);
});
