/** Packets that the capture lacks, or has in another order than they arrived in: nothing is certain where one may tell another story. */
import { describe, expect, test } from 'vitest';
import { BACK, expectCause, opened, SYN, SYN_ACK, served, TS, verdictsOf } from '../support/listing.js';

describe('a request whose acknowledgment was not captured', () => {
  const asked = (...more: readonly string[]) => `${opened()}
      0.0030 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "GET /report HTTP/1.1\\r\\n\\r\\n"
      ${more.join('\n')}`;
  const aborts = (seconds: string) => `${seconds} C > S: [R.] seq 25 ack 1 win 502 ${TS} ttl 64 id 4 DF`;

  test('it was not sent again, so it had come: the client gave up waiting', async () => {
    await expectCause(asked(aborts('2.004')), { gives: 'response-timeout likely', not: 'abortive-close?' });
  });
  test('with it, an abort of one is no more sure', async () => {
    await expectCause(asked(`0.0040 S > C: [.] ack 25 win 509 ${BACK} ttl 57 id 70 DF`, aborts('2.004')), {
      gives: 'response-timeout likely',
      not: 'abortive-close?',
    });
  });
  test('too soon for a retransmission nothing is lacking', async () => {
    await expectCause(asked(aborts('0.250')), { gives: 'abortive-close certain', not: 'response-timeout' });
  });
});

describe('a greeting whose acknowledgment was not captured', () => {
  const greeted = (seconds: string) => `${opened()}
      0.0030 S > C: [P.] seq 1 ack 1 win 509 ${BACK} ttl 57 id 70 DF "220 ready\\r\\n"
      ${seconds} S > C: [R.] seq 12 ack 1 win 509 ${BACK} ttl 57 id 71 DF`;

  test('sent again it would have been by now: nothing is certain', async () => {
    const [verdict] = await verdictsOf(greeted('1.734'));
    expect(`${verdict.cause.id} ${verdict.confidence}`).toBe('abortive-close likely');
    expect(verdict.doubt).toContain('Not certain because the capture lacks the acknowledgment of what was sent last.');
  });
  test('so it would by a Linux host after 300 ms', async () => {
    const [verdict] = await verdictsOf(greeted('0.310'));
    expect(verdict.confidence).toBe('likely');
  });
  test('too soon for that, it is', async () => {
    const [verdict] = await verdictsOf(greeted('0.250'));
    expect(`${verdict.cause.id} ${verdict.confidence}`).toBe('abortive-close certain');
  });
});

describe('a bare acknowledgment a minute behind the close, and an RST', () => {
  const finished = (seconds: string) => `${served()}
      1.0000 S > C: [F.] seq 20 ack 19 win 509 ${BACK} ttl 57 id 75 DF
      1.0001 C > S: [.] ack 21 win 502 ${TS} ttl 64 id 5 DF
      71.0000 C > S: [.] ack 21 win 1004 ${TS} ttl 64 id 6 DF
      ${seconds} S > C: [R] seq 21 win 0 ttl 57 id 0 DF`;

  test('a round trip later: it drew the RST', async () => {
    const [verdict] = await verdictsOf(finished('71.0010'));
    expect(`${verdict.cause.id} ${verdict.confidence}`).toBe('fin-wait-2-timeout certain');
  });
  test('twenty round trips later: something else may have', async () => {
    const [verdict] = await verdictsOf(finished('71.0200'));
    expect(verdict.confidence).not.toBe('certain');
    expect(verdict.doubt).toContain(
      'Not certain because the capture may lack what drew it: a kernel answers an acknowledgment sooner.',
    );
  });
});

describe('a close whose SYN-ACK was not captured', () => {
  const closed = (synAck: string) => `
      0.0000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
      ${synAck}
      0.0020 C > S: [.] seq 1 ack 1 win 502 ${TS} ttl 64 id 2 DF
      0.0030 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "a request"
      0.0040 S > C: [P.] seq 1 ack 10 win 509 ${BACK} ttl 57 id 70 DF "its answer"
      0.0050 C > S: [.] seq 10 ack 11 win 502 ${TS} ttl 64 id 4 DF
      0.0060 S > C: [F.] seq 11 ack 10 win 509 ${BACK} ttl 57 id 71 DF
      0.0500 C > S: [P.] seq 10 ack 12 win 502 ${TS} ttl 64 id 5 DF "more of it"
      0.0510 S > C: [R] seq 12 win 0 ttl 57 id 0 DF`;

  test('nothing is certain', async () => {
    const [verdict] = await verdictsOf(closed(''));
    expect(verdict.confidence).toBe('likely');
    expect(verdict.doubt).toContain('Not certain because the capture lacks the SYN-ACK.');
  });
  test('with it, it is', async () => {
    const [verdict] = await verdictsOf(closed(`0.0010 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 57 id 0 DF`));
    expect(verdict.confidence).toBe('certain');
  });
});

describe('an acknowledgment that comes when both sides had closed', () => {
  const over = (late: string) => `${served()}
      0.1000 S > C: [F.] seq 20 ack 19 win 509 ${BACK} ttl 57 id 75 DF
      0.1010 C > S: [F.] seq 19 ack 21 win 502 ${TS} ttl 64 id 5 DF
      0.1020 S > C: [.] ack 20 win 509 ${BACK} ttl 57 id 76 DF
      ${late}
      0.5001 C > S: [R] seq 20 win 0 ttl 64 id 0 DF`;

  test('a second time: what asked for it may be a SYN of a new connection', async () => {
    await expectCause(over(`0.5000 S > C: [.] seq 21 ack 20 win 509 ${BACK} ttl 57 id 77 DF`), {
      gives: 'late-segment-after-close likely',
      not: 'time-wait-port-reuse?',
    });
  });
  test('in answer to an old segment that the path had held back', async () => {
    const old = `0.4990 C > S: [.] seq 19 ack 20 win 502 ${TS} ttl 64 id 6 DF
      0.5000 S > C: [.] seq 21 ack 20 win 509 ${BACK} ttl 57 id 77 DF`;
    await expectCause(over(old), { gives: 'late-segment-after-close certain', not: 'time-wait-port-reuse?' });
  });
  test('with the FIN, which was sent again', async () => {
    await expectCause(over(`0.5000 S > C: [F.] seq 20 ack 20 win 509 ${BACK} ttl 57 id 77 DF`), {
      gives: 'late-segment-after-close certain',
      not: 'time-wait-port-reuse?',
    });
  });
});
