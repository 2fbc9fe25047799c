/** RSTs that took no effect. */
import { expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import { diagnosisOf, said } from '../support/listing.js';
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

test('one that does not acknowledge the SYN whose answer is waited for', async () => {
  // passt's refusal of 2023: the kernel drops it (RFC 9293 §3.10.7.3) and asks until its timeout
  const { verdicts } = await diagnosisOf(`
    0.000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> ttl 64
    0.001 S > C: [R] seq 881372387 win 65535 ttl 255 id 0
    1.020 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 1120 ecr 0,nop,wscale 7> ttl 64
    1.021 S > C: [R] seq 914883459 win 65535 ttl 255 id 0`);
  expect(verdicts.map(said)).toEqual(['rst-ignored certain ignored', 'rst-ignored certain ignored']);
  expect(verdicts[0]?.evidence.map(({ frame, text }) => `${frame} ${text}`)).toEqual([
    '1 the client asked for a connection (SYN)',
    '2 the RST that came does not acknowledge that SYN: whoever waits for its answer drops it',
    '3 the SYN was sent again',
  ]);
});

test('a bare RST behind which no SYN comes again may have been obeyed', async () => {
  const { verdicts } = await diagnosisOf(`
    0.000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> ttl 64
    0.001 S > C: [R] seq 881372387 win 65535 ttl 255 id 0`);
  expect(verdicts.map(({ role }) => role)).toEqual(['first']);
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
