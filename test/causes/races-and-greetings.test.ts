/** Causes that one connection decides by when it was closed and what was said first, each beside its nearest look-alike. */
import { describe, expect, test } from 'vitest';
import { expectCause, SYN, SYN_ACK } from '../support/listing.js';

const TS = '<nop,nop,TS val 102 ecr 900>';
const BACK = '<nop,nop,TS val 902 ecr 102>';

const handshake = `
  0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
  0.001 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 57 id 0 DF
  0.002 C > S: [.] ack 1 win 502 ${TS} ttl 64 id 2 DF`;
const exchange = `${handshake}
  0.003 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "GET / HTTP/1.1\\r\\n\\r\\n"
  0.004 S > C: [P.] seq 1 ack 19 win 509 ${BACK} ttl 57 id 70 DF "HTTP/1.1 204 OK\\r\\n\\r\\n"
  0.005 C > S: [.] ack 20 win 502 ${TS} ttl 64 id 4 DF`;
const again = (at: number, ack: number) =>
  `\n${at.toFixed(3)} C > S: [P.] seq 19 ack ${ack} win 502 ${TS} ttl 64 id 6 DF "GET / HTTP/1.1\\r\\n\\r\\n"`;

describe('keepalive-race-after-fin', () => {
  const closes = `${exchange}
  5.005 S > C: [F.] seq 20 ack 19 win 509 ${BACK} ttl 57 id 71 DF`;
  /** A kernel answers at the number that was acknowledged (RFC 9293 §3.10.7.1). */
  const reset = (at: number, seq: number) => `\n${at.toFixed(4)} S > C: [R] seq ${seq} win 0 ttl 57 id 0 DF`;

  test('a request on an idle connection crosses the FIN', async () => {
    const verdict = await expectCause(`${closes}${again(5.006, 20)}${reset(5.007, 20)}`, {
      gives: 'keepalive-race-after-fin certain',
      not: 'stale-connection-reuse',
    });
    expect(verdict.lost).toBe('18 bytes lost');
  });

  test('long after the FIN it is no race: a pool did not look', async () => {
    await expectCause(`${closes}${again(65.006, 21)}${reset(65.007, 21)}`, {
      gives: 'stale-connection-reuse',
      not: 'keepalive-race-after-fin',
    });
  });
});

describe('keepalive-race-unread', () => {
  test('a request reaches a server that closes in that moment', async () => {
    await expectCause(
      `${exchange}${again(5.005, 20)}
      5.006 S > C: [R.] seq 20 ack 37 win 509 ttl 57 id 71 DF`,
      { gives: 'keepalive-race-unread', not: ['keepalive-race-after-fin', 'server-idle-timeout'] },
    );
  });

  test('in the middle of a conversation it is a request left unread', async () => {
    await expectCause(
      `${exchange}${again(0.006, 20)}
      0.007 S > C: [R.] seq 20 ack 37 win 509 ttl 57 id 71 DF`,
      { gives: 'close-with-unread-data', not: 'keepalive-race-unread' },
    );
  });
});

describe('nat-state-expired', () => {
  const more = `${exchange}
    0.006 S > C: [P.] seq 20 ack 19 win 509 ${BACK} ttl 57 id 71 DF "one"
    0.007 S > C: [P.] seq 23 ack 19 win 509 ${BACK} ttl 57 id 72 DF "two"
    0.008 C > S: [.] ack 26 win 502 ${TS} ttl 64 id 5 DF`;
  const forgotten = (ttl: number, at: number) => `${more}${again(at, 26)}
    ${(at + 0.0001).toFixed(4)} S > C: [R] seq 26 win 0 ttl ${ttl} id 0 DF`;

  test('a device on the way answers for the host after a long silence', async () => {
    await expectCause(forgotten(63, 900), { gives: 'nat-state-expired likely', not: 'host-lost-state' });
  });

  test('with the TTL of the host it may have been the host, and one connection does not tell', async () => {
    await expectCause(forgotten(57, 900), { gives: 'unexplained-reply possible', not: 'nat-state-expired?' });
  });
});

describe('tls-hello-rejected and tls-alert', () => {
  const hello = `${handshake}
    0.003 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "\\x16\\x03\\x01\\x00\\x2f\\x01\\x00\\x00\\x2b\\x03\\x03"`;

  test('a server that resets right behind the greeting does not want it', async () => {
    await expectCause(
      `${hello}
      0.004 S > C: [R.] seq 1 ack 12 win 509 ttl 57 id 70 DF`,
      { gives: 'tls-hello-rejected', not: ['tls-alert', 'close-with-unread-data?'] },
    );
  });

  test('one that says why first is told by its alert', async () => {
    await expectCause(
      `${hello}
      0.004 S > C: [P.] seq 1 ack 12 win 509 ${BACK} ttl 57 id 70 DF "\\x15\\x03\\x03\\x00\\x02\\x02\\x28"
      0.0041 S > C: [R.] seq 8 ack 12 win 509 ttl 57 id 71 DF`,
      { gives: 'tls-alert certain', not: 'tls-hello-rejected?' },
    );
  });
});
