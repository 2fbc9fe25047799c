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

const USED = `
    0.0000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> ttl 64 id 1 DF
    0.0001 S > C: [S.] seq 0 ack 1 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7> ttl 64 id 0 DF
    0.0002 C > S: [.] seq 1 ack 1 win 502 <nop,nop,TS val 100 ecr 900> ttl 64 id 2 DF
    0.0003 C > S: [P.] seq 1:33 ack 1 win 502 <nop,nop,TS val 100 ecr 900> ttl 64 id 3 DF
    0.0004 S > C: [P.] seq 1:41 ack 33 win 509 <nop,nop,TS val 900 ecr 100> ttl 64 id 1 DF
    0.0005 C > S: [.] seq 33 ack 41 win 502 <nop,nop,TS val 100 ecr 900> ttl 64 id 4 DF
    1.3410 S > C: [.] seq 41 ack 33 win 509 <nop,nop,TS val 2241 ecr 100> ttl 64 id 2 DF
    1.3411 C > S: [R] seq 33 win 0 ttl 64 id 0 DF`;

test('who goes on with the numbers of the connection ignored it', async () => {
  const { verdicts } = await diagnosisOf(`${USED}
    2.3510 C > S: [P.] seq 33:65 ack 41 win 502 <nop,nop,TS val 1451 ecr 2241> ttl 64 id 5 DF
    2.3511 S > C: [.] seq 41 ack 65 win 509 <nop,nop,TS val 2251 ecr 1451> ttl 64 id 3 DF`);
  expect(verdicts.map(said)).toEqual(['rst-ignored likely ignored']);
});

// A reused port: the RST answered what a challenge to the new SYN had drawn, and neither SYN is in the capture.
test.each([
  ['', ['2.3510 S > C: [S.] seq 20000000 ack 15000001', '2.3511 C > S: [.] seq 15000001 ack 20000001']],
  [
    ' and whose packets changed places',
    ['2.3510 C > S: [.] seq 15000001 ack 20000001', '2.3511 S > C: [S.] seq 20000000 ack 15000001'],
  ],
])('a connection whose SYN is missing%s goes on with none before it', async (_, [first, second]) => {
  const { verdicts } = await diagnosisOf(`${USED}
    ${first} win 509 <nop,nop,TS val 2251 ecr 1451> ttl 64 id 9 DF
    ${second} win 502 <nop,nop,TS val 2251 ecr 1451> ttl 64 id 9 DF
    2.3520 C > S: [P.] seq 15000001:15000033 ack 20000001 win 502 <nop,nop,TS val 1452 ecr 2251> ttl 64 id 6 DF
    2.3521 S > C: [.] seq 20000001 ack 15000033 win 509 <nop,nop,TS val 2252 ecr 1452> ttl 64 id 3 DF`);
  expect(verdicts.map(said)).toEqual(['unexplained-reply possible']);
});
