/** Causes that the packets of one connection decide, each branch with its nearest look-alike. */
import { describe, expect, test } from 'vitest';
import { expectCause, SYN, SYN_ACK, verdictsOf } from '../support/listing.js';

const TS = '<nop,nop,TS val 102 ecr 900>';
const BACK = '<nop,nop,TS val 902 ecr 102>';

const handshake = `
  0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
  0.001 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63 id 0 DF
  0.002 C > S: [.] ack 1 win 502 ${TS} ttl 64 id 2 DF`;
const exchange = `${handshake}
  0.003 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "ask"
  0.004 S > C: [P.] seq 1 ack 4 win 509 ${BACK} ttl 63 id 70 DF "reply"
  0.005 C > S: [.] ack 6 win 502 ${TS} ttl 64 id 4 DF`;

describe('unacceptable-syn-ack', () => {
  const wrong = `
    0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
    0.001 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63 id 0 DF
    0.500 C > S: [.] seq 1 ack 100000 win 502 ${TS} ttl 64 id 2 DF
    0.501 S > C: [R] seq 100000 win 0 ttl 63 id 0 DF`;

  test('the client acknowledged what the server had not sent, and the server waits on', async () => {
    await expectCause(
      `${wrong}
      1.002 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63 id 0 DF`,
      { gives: 'unacceptable-syn-ack likely', not: 'host-lost-state?' },
    );
  });

  test('without another SYN-ACK the same, with a doubt more: the capture may have lost data', async () => {
    await expectCause(wrong, { gives: 'unacceptable-syn-ack likely', not: 'host-lost-state?' });
  });

  test('who has asked and closed by then acknowledges what the capture lost', async () => {
    await expectCause(
      `${handshake}
      0.100 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "ask"
      0.120 C > S: [.] seq 4 ack 84 win 502 ${TS} ttl 64 id 4 DF
      9.000 C > S: [F.] seq 4 ack 85 win 502 ${TS} ttl 64 id 5 DF
      9.001 S > C: [R] seq 85 win 0 ttl 63 id 0 DF`,
      { gives: 'unexplained-reply', not: 'unacceptable-syn-ack' },
    );
  });
});

describe('stalled-reader', () => {
  const shut = (from: number) => `${exchange}
    0.300 S > C: [P.] seq 6 ack 4 win 509 ${BACK} ttl 63 id 71 DF length 1000
    0.310 C > S: [.] seq 4 ack 1006 win 0 ${TS} ttl 64 id 5 DF
    ${from.toFixed(3)} C > S: [.] seq 4 ack 1006 win 502 ${TS} ttl 64 id 6 DF
    ${(from + 0.001).toFixed(3)} S > C: [R] seq 1006 win 0 ttl 63 id 0 DF`;

  test('a window shut for seconds opens, and nobody is there any more', async () => {
    await expectCause(shut(6), { gives: 'stalled-reader likely', not: 'host-lost-state?' });
  });

  test('shut for a moment only', async () => {
    await expectCause(shut(0.6), { gives: 'unexplained-reply', not: 'stalled-reader' });
  });
});

describe('an RST that never arrived', () => {
  const probes = `${exchange}
    10.000 C > S: [.] seq 3 ack 6 win 502 ${TS} ttl 64 id 5 DF
    20.000 C > S: [.] seq 3 ack 6 win 502 ${TS} ttl 64 id 6 DF
    30.000 C > S: [.] seq 3 ack 6 win 502 ${TS} ttl 64 id 7 DF
    40.000 C > S: [R.] seq 4 ack 6 win 502 ${TS} ttl 64 id 8 DF cksum wrong
    42.000 S > C: [P.] seq 6 ack 4 win 509 ${BACK} ttl 63 id 71 DF "more"`;

  test('its sender answers without a socket: it was genuine', async () => {
    const verdicts = await verdictsOf(`${probes}
    42.001 C > S: [R] seq 4 win 0 ttl 64 id 0 DF`);
    expect(verdicts.map(({ cause, role }) => [cause.id, role])).toEqual([
      ['tcp-keepalive-timeout', 'first'],
      ['tcp-keepalive-timeout', 'aftershock'],
    ]);
  });

  test('its sender acknowledges: it was ignored', async () => {
    await expectCause(
      `${probes}
      42.001 C > S: [.] seq 4 ack 10 win 502 ${TS} ttl 64 id 9 DF`,
      { gives: 'rst-ignored', not: 'host-lost-state' },
    );
  });
});

describe('conntrack-invalid-leak', () => {
  const stray = (seq: number, later: string) => `${exchange}
    0.020 S > C: [P.] seq ${seq} ack 4 win 509 ${BACK} ttl 63 id 71 DF length 100
    0.021 C > S: [R] seq 4 win 0 ttl 64 id 0 DF${later}`;
  const wentOn = `
    0.300 C > S: [P.] seq 4 ack 6 win 502 ${TS} ttl 64 id 5 DF "more"
    0.301 S > C: [R] seq 6 win 0 ttl 63 id 0 DF`;

  test('a segment far beyond the window drew an RST from a host that goes on', async () => {
    await expectCause(stray(900_000_000, wentOn), { gives: 'conntrack-invalid-leak likely', not: 'host-lost-state?' });
  });

  test('one in the window is what a host without that socket answers', async () => {
    await expectCause(stray(6, ''), { gives: 'unexplained-reply', not: 'conntrack-invalid-leak' });
  });
});

describe('closed-right-after-accept', () => {
  const said = (words: string) =>
    `${handshake}
    0.003 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "PING\\r\\n"
    0.004 S > C: [.] ack 7 win 509 ${BACK} ttl 63 id 70 DF
    0.005 S > C: [P.] seq 1 ack 7 win 509 ${BACK} ttl 63 id 71 DF "${words}"
    0.006 S > C: [R.] seq ${words.replaceAll(/\\./g, '.').length + 1} ack 7 win 509 ${BACK} ttl 63 id 72 DF`;

  test.each([
    '-ERR max number of clients reached\\r\\n',
    'FATAL: sorry, too many clients already',
    'HTTP/1.1 503 Service Unavailable\\r\\n',
    '421 Too many connections\\r\\n',
    '-ERR Server too busy\\r\\n',
  ])('the server said that a limit was reached: %s', async (words) => {
    const verdict = await expectCause(said(words), { gives: 'closed-right-after-accept likely', not: 'port-scan' });
    expect(verdict.evidence.some(({ text }) => text.startsWith('the server said why: '))).toBe(true);
  });

  test('any other answer was served', async () => {
    await expectCause(said('+PONG, and goodbye'), { gives: 'unexplained-abort', not: 'closed-right-after-accept' });
  });
});

describe('ssh-refused-before-banner', () => {
  const dropped = (words: string) => ({
    text: `${handshake}
    0.003 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "${words}"
    0.004 S > C: [R.] seq 1 ack ${words.replaceAll(/\\./g, '.').length + 1} win 509 ${BACK} ttl 63 id 72 DF`,
    endpoints: { S: '10.0.0.2.22' },
  });

  test('a greeting met a server that said nothing', async () => {
    const { text, endpoints } = dropped('SSH-2.0-OpenSSH_9.8\\r\\n');
    await expectCause(text, { endpoints, gives: 'ssh-refused-before-banner certain', not: 'port-scan' });
  });

  test('who asks for a page on port 22 does not speak ssh', async () => {
    const { text, endpoints } = dropped('GET / HTTP/1.1\\r\\n');
    await expectCause(text, { endpoints, gives: 'close-with-unread-data', not: 'ssh-refused-before-banner' });
  });
});

describe('forged-reset', () => {
  const far = (latency: number, ttl: number) => `
    0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
    0.100 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 53 id 0 DF
    0.101 C > S: [.] ack 1 win 502 ${TS} ttl 64 id 2 DF
    0.102 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "ask"
    0.202 S > C: [.] ack 4 win 509 ${BACK} ttl 53 id 70 DF
    0.203 S > C: [P.] seq 1 ack 4 win 509 ${BACK} ttl 53 id 71 DF "reply"
    0.204 C > S: [.] ack 6 win 502 ${TS} ttl 64 id 4 DF
    0.300 S > C: [F.] seq 6 ack 4 win 509 ${BACK} ttl 53 id 72 DF
    0.301 C > S: [.] ack 7 win 502 ${TS} ttl 64 id 5 DF
    5.000 C > S: [P.] seq 4 ack 7 win 502 ${TS} ttl 64 id 6 DF "more"
    ${(5 + latency).toFixed(3)} S > C: [R] seq 7 win 0 ttl ${ttl} id 0 DF`;

  test("an early reply with the host's own TTL is that host's: delays vary", async () => {
    await expectCause(far(0.04, 53), { gives: 'data-after-close certain', not: 'forged-reset' });
  });

  test('an early reply with another TTL is not', async () => {
    await expectCause(far(0.04, 60), { gives: 'forged-reset', not: 'data-after-close' });
  });
});
