/** Connections that end without an RST: what the packets show of why. */
import { expect, test } from 'vitest';
import { diagnosisOf } from '../../support/listing.js';

const SYN = '<mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>';
const SYN_ACK = '<mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7>';

/** A client that completes its handshake at `seconds` and gets no answer to what it says, however often. */
const silent = (name: string, seconds: number, answer = '') => {
  const at = (after: number) => (seconds + after).toFixed(3);
  return `
    ${at(0)} ${name} > S: [S] seq 0 win 64240 ${SYN} ttl 64
    ${at(0.001)} S > ${name}: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63
    ${at(0.002)} ${name} > S: [.] ack 1 win 502 ttl 64${answer === '' ? '' : `\n${at(0.0035)} ${answer}`}
    ${[0.003, 0.21, 0.63, 1.5].map((again) => `${at(again)} ${name} > S: [P.] seq 1 ack 1 win 502 ttl 64 "ask"`).join('\n')}`;
};
/** One whose acknowledged SYN-ACK comes again: nobody took it out of the accept queue. */
const queued = (seconds: number) => `${silent('Q', seconds)}
    ${(seconds + 1.51).toFixed(3)} S > Q: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63
    ${(seconds + 1.52).toFixed(3)} Q > S: [.] seq 4 ack 1 win 502 ttl 64`;

const endings = async (text: string) => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const inOrder = lines.sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b)).join('\n');
  const endpoints = { D: '10.0.0.1.40001', Q: '10.0.0.1.40002' };
  const diagnosis = await diagnosisOf(inOrder, { endpoints });
  return diagnosis.endings.map(({ kind, client }) => `${client.split(':')[1]} ${kind}`).sort();
};

test('what goes silent behind the SYN-ACK may be a path that went dark just then', async () => {
  expect(await endings(silent('D', 0))).toEqual(['40001 went-silent']);
});

test('… where others show that the accept queue was full, it waited in it', async () => {
  expect(await endings(silent('D', 0) + queued(0.2))).toEqual(['40001 accept-queue-full', '40002 accept-queue-full']);
});

test('… not a minute later', async () => {
  expect(await endings(silent('D', 0) + queued(60))).toEqual(['40001 went-silent', '40002 accept-queue-full']);
});

test('… not where the server had acknowledged what it was sent', async () => {
  const once = 'S > D: [.] ack 2 win 509 ttl 63';
  expect(await endings(silent('D', 0, once) + queued(0.2))).toEqual(['40001 went-silent', '40002 accept-queue-full']);
});

test('a reset tells of the full queue as well', async () => {
  const given = `${queued(0.2)}
    5.000 Q > S: [R.] seq 4 ack 1 win 502 <nop,nop,TS val 5100 ecr 900> ttl 64`;
  expect(await endings(silent('D', 0) + given)).toEqual(['40001 accept-queue-full']);
});
