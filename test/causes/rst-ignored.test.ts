/** RSTs that took no effect. */
import { expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import { answerOf, type Given, tellsOf } from '../support/signatures.js';

const later = (frame: number, length = 0) => ({ ...mark(frame, 10_000 + frame), length });
const IGNORED: Given = {
  sender: { sndNxt: 5001, dataSegments: 3 },
  rst: { seq: 5001 },
  reset: { effective: false },
  aftermath: { receiverWentOn: later(105, 40) },
  mechanism: 'third-party likely',
};

test.each<[string, Given, string]>([
  ['of a third party', IGNORED, 'certain third-party'],
  ['of nobody knows whom', { ...IGNORED, mechanism: 'undecided possible' }, 'certain unknown'],
  ['a bare one of a client that had said nothing', { ...IGNORED, sender: { role: 'client' } }, 'likely third-party'],
  ['… with ACK', { ...IGNORED, rst: { hasAck: true }, sender: { role: 'client' } }, 'certain third-party'],
  ['… that had sent data', { ...IGNORED, sender: { role: 'client', dataSegments: 1 } }, 'certain third-party'],
  ['that was obeyed', { ...IGNORED, reset: { effective: true } }, 'not asked'],
])('%s', (_, given, answer) => {
  expect(answerOf('rst-ignored', given)).toBe(answer);
});

test('says where its number was, and what went on', () => {
  expect(tellsOf('rst-ignored', IGNORED)).toEqual([
    '100 its number fitted {"seq":5001,"off":0}',
    '105 the client went on',
  ]);
  expect(
    tellsOf('rst-ignored', {
      ...IGNORED,
      rst: { seq: 5101 },
      aftermath: { challengeAck: mark(101, 10_001), senderWentOn: later(102), synAck: mark(103, 10_003) },
    }),
  ).toEqual([
    '100 its number was 100 bytes ahead {"seq":5101,"off":100}',
    '101 the client answered with a challenge ACK instead of obeying',
    '103 the server accepted the connection afterwards',
    '102 the server went on',
  ]);
  expect(tellsOf('rst-ignored', { ...IGNORED, rst: { seq: 4901 } })[0]).toBe(
    '100 its number was 100 bytes behind {"seq":4901,"off":-100}',
  );
  expect(tellsOf('rst-ignored', { ...IGNORED, rst: { seq: 5001, checksumValid: false } })[0]).toBe(
    '100 its TCP checksum is wrong {"seq":5001,"off":0}',
  );
  const unknown = { ...IGNORED, sender: { sndNxt: null } };
  expect(tellsOf('rst-ignored', { ...unknown, receiver: { rcvNxt: 4000 } })[0]).toBe(
    '100 its number was 1,001 bytes ahead {"seq":5001,"off":1001}',
  );
  expect(tellsOf('rst-ignored', { ...unknown, receiver: { rcvNxt: null } })[0]).toBe(
    '100 its number fitted {"seq":5001,"off":0}',
  );
});
