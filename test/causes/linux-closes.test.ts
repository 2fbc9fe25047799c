/** How Linux ends connections, after recordings of the random lab: each beside its nearest look-alike. */
import { describe, expect, test } from 'vitest';
import { diagnosisOf, expectCause, SYN, SYN_ACK } from '../support/listing.js';

const C = '<nop,nop,TS val 110 ecr 910>';
const S = '<nop,nop,TS val 910 ecr 110>';

const OPENED = `
    0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
    0.001 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63 id 0 DF
    0.002 C > S: [.] ack 1 win 502 ${C} ttl 64 id 2 DF`;
/** One request and its answer, of ten octets each. */
const USED = `${OPENED}
    0.003 C > S: [P.] seq 1 ack 1 win 502 ${C} ttl 64 id 3 DF "question 1"
    0.004 S > C: [P.] seq 1 ack 11 win 509 ${S} ttl 63 id 71 DF "response 1"
    0.005 C > S: [.] ack 11 win 502 ${C} ttl 64 id 4 DF`;

describe('a server that announces its close and resets', () => {
  const pipelined = (head: string, at = 0.0301) => `${USED}
    0.010 C > S: [P.] seq 11 ack 11 win 502 ${C} ttl 64 id 5 DF "question 2"
    0.011 S > C: [.] ack 21 win 509 ${S} ttl 63 id 72 DF
    0.012 C > S: [P.] seq 21 ack 11 win 502 ${C} ttl 64 id 6 DF "question 3"
    0.013 S > C: [.] ack 31 win 509 ${S} ttl 63 id 73 DF
    0.030 S > C: [P.] seq 11 ack 31 win 509 ${S} ttl 63 id 74 DF "${head}"
    ${at} S > C: [R.] seq ${11 + head.replace(/\\./g, '-').length} ack 31 win 509 ${S} ttl 63 id 75 DF`;

  test('closed with the next request unread', async () => {
    await expectCause(pipelined('HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n'), {
      gives: 'close-with-unread-data likely',
      not: 'abortive-close?',
    });
  });
  test('… not where it announced nothing', async () => {
    await expectCause(pipelined('HTTP/1.1 200 OK\\r\\nConnection: keep-alive\\r\\n\\r\\n'), {
      gives: 'unexplained-abort possible',
      not: 'close-with-unread-data?',
    });
  });
  test('… nor long after it had', async () => {
    await expectCause(pipelined('HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n', 0.0801), {
      gives: 'abortive-close likely',
      not: 'close-with-unread-data?',
    });
  });
});

describe('an answer before the upload was whole', () => {
  const upload = (announced: number) => `${OPENED}
    0.003 C > S: [P.] seq 1 ack 1 win 502 ${C} ttl 64 id 3 DF "POST / HTTP/1.1\\r\\nContent-Length: ${announced}\\r\\n\\r\\n"
    0.004 C > S: [P.] seq 41:541 ack 1 win 502 ${C} ttl 64 id 4 DF
    0.005 S > C: [.] ack 541 win 505 ${S} ttl 63 id 71 DF
    0.006 S > C: [P.] seq 1 ack 541 win 505 ${S} ttl 63 id 72 DF "HTTP/1.1 413 Too Large\\r\\n\\r\\n"
    0.100 S > C: [R.] seq 27 ack 541 win 505 ${S} ttl 63 id 73 DF`;

  test('the head announces more than came: it was unread, or still to come', async () => {
    await expectCause(upload(9000), { gives: 'unread-request-body likely', not: 'abortive-close?' });
  });
  test('all that the head announces had come: an abort looks the same', async () => {
    await expectCause(upload(500), { gives: 'abortive-close likely', not: 'unread-request-body?' });
  });
});

describe('a client that drops what it waits for', () => {
  const dropped = (
    request: string,
    reset = `[R.] seq ${11 + request.replace(/\\./g, '-').length} ack 11 win 502 ${C}`,
  ) => `${USED}
    0.010 C > S: [P.] seq 11 ack 11 win 502 ${C} ttl 64 id 5 DF "${request}"
    0.011 S > C: [.] ack ${11 + request.replace(/\\./g, '-').length} win 509 ${S} ttl 63 id 72 DF
    1.530 C > S: ${reset} ttl 64 id 6 DF`;

  test('gave up, where that was a request', async () => {
    const { evidence } = await expectCause(dropped('GET /slow HTTP/1.1\\r\\n\\r\\n'), {
      gives: 'response-timeout likely',
      not: 'cancelled-download',
    });
    expect(evidence.map(({ text }) => text)).toContain('the client sent a request, 22 bytes');
  });
  test('may have expected none, where nobody knows what it said', async () => {
    await expectCause(dropped('\\x01\\x02\\x03\\x04'), {
      gives: 'unexplained-abort possible',
      not: 'response-timeout?',
    });
  });
});

describe('the last word of a client of Redis', () => {
  const late = (command: string) => `${USED}
    2.000 S > C: [F.] seq 11 ack 11 win 509 ${S} ttl 63 id 72 DF
    2.040 C > S: [.] ack 12 win 502 ${C} ttl 64 id 5 DF
    6.000 C > S: [P.] seq 11 ack 12 win 502 ${C} ttl 64 id 6 DF "*1\\r\\n$4\\r\\n${command}\\r\\n"
    6.001 S > C: [R] seq 12 win 0 ttl 63 id 0 DF`;

  test('is missed by nobody', async () => {
    await expectCause(late('QUIT'), { gives: 'routine-close-by-reset likely', not: 'stale-connection-reuse?' });
  });
  test('… any other is a command, though it is as short', async () => {
    await expectCause(late('PING'), { gives: 'stale-connection-reuse certain', not: 'routine-close-by-reset' });
  });
});

describe('a refusal that crossed no router, of a host that is one away', () => {
  const refused = (ttl: number) => `${USED}
    1.000 C > D: [S] seq 0 win 64240 ${SYN} ttl 64 id 9 DF
    1.001 D > C: [R.] seq 0 ack 1 win 0 ttl ${ttl} id 0 DF`;
  const endpoints = { D: '10.0.0.2.81' };

  test('was made on the way', async () => {
    const { mechanism } = await expectCause(refused(64), {
      endpoints,
      gives: 'firewall-reject-syn likely',
      not: 'closed-port',
    });
    expect(mechanism).toMatchObject({ kind: 'third-party', hops: 0 });
  });
  test('… with the TTL of the others it is that host', async () => {
    await expectCause(refused(63), { endpoints, gives: 'closed-port likely', not: 'firewall-reject-syn' });
  });
  test('… one hop farther may be another route', async () => {
    const [{ cause }] = (await diagnosisOf(refused(62), { endpoints })).verdicts;
    expect(cause.id).not.toBe('firewall-reject-syn');
  });
});

describe('a window that shrank by half of a buffer smaller than two segments, as on loopback', () => {
  const loopback = SYN.replace('1460', '65495');
  const closed = (shut: number, again: number) => `
    0.000 C > S: [S] seq 0 win 65495 ${loopback} ttl 64 id 1 DF
    0.001 S > C: [S.] seq 0 ack 1 win 65483 ${SYN_ACK.replace('1460', '65495')} ttl 64 id 0 DF
    0.002 C > S: [.] ack 1 win 512 ${C} ttl 64 id 2 DF
    0.003 C > S: [P.] seq 1:2 ack 1 win 512 ${C} ttl 64 id 3 DF
    0.004 S > C: [.] ack 2 win 512 ${S} ttl 64 id 71 DF
    0.005 C > S: [P.] seq 2:${2 + (512 - shut) * 128} ack 1 win 512 ${C} ttl 64 id 4 DF
    0.006 S > C: [.] ack ${2 + (512 - shut) * 128} win ${shut} ${S} ttl 64 id 72 DF
    0.500 S > C: [R.] seq 1 ack ${2 + (512 - shut) * 128} win ${again} ${S} ttl 64 id 73 DF`;

  const unread = async (shut: number) => {
    const { reset } = await expectCause(closed(shut, 512), {
      gives: 'close-with-unread-data likely',
      not: 'abortive-close?',
    });
    return reset.unread?.octets;
  };

  test('proves unread data', async () => {
    expect(await unread(256)).toBe(256 * 128);
  });
  test('… by less than half it proves none: no update is sent for that', async () => {
    expect(await unread(257)).toBeUndefined();
  });
});
