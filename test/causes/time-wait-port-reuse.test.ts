/** The port was used again while the other end was still closing the old connection, or had it still. */
import { describe, expect, test } from 'vitest';
import { BACK, expectCause, SYN, served, TS } from '../support/listing.js';

/** A new SYN on the port, which the server answers for the old connection: an answer that the client's kernel resets. */
const again = (ack: number, seq = 21) => `
  2.000 C > S: [S] seq 900000 win 64240 ${SYN} ttl 64 id 50 DF
  2.001 S > C: [.] seq ${seq} ack ${ack} win 509 ${BACK} ttl 57 id 73 DF
  2.002 C > S: [R] seq ${ack} win 0 ttl 64 id 0 DF`;
const serverClosed = `${served()}
  1.000 S > C: [F.] seq 20 ack 19 win 509 ${BACK} ttl 57 id 71 DF`;

describe('time-wait-port-reuse', () => {
  test('both had closed: TIME-WAIT', async () => {
    const verdict = await expectCause(
      `${serverClosed}
      1.001 C > S: [F.] seq 19 ack 21 win 502 ${TS} ttl 64 id 5 DF
      1.002 S > C: [.] seq 21 ack 20 win 509 ${BACK} ttl 57 id 72 DF${again(20)}`,
      { gives: 'time-wait-port-reuse likely', not: ['half-open-port-reuse', 'host-lost-state'] },
    );
    expect(verdict.doubt).toEqual(['That the old one had been closed at the server as well is inferred.']);
  });

  test('the server had closed, and its FIN was acknowledged', async () => {
    await expectCause(
      `${serverClosed}
      1.001 C > S: [.] seq 19 ack 21 win 502 ${TS} ttl 64 id 5 DF${again(19)}`,
      { gives: 'time-wait-port-reuse certain', not: 'half-open-port-reuse' },
    );
  });

  test('nobody had closed: the server had it still', async () => {
    await expectCause(served() + again(19, 20), { gives: 'half-open-port-reuse certain', not: 'time-wait-port-reuse' });
  });

  test.each([
    ['one octet, or a FIN', 21],
    ['more', 1020],
  ])('its answer counts %s that the capture lacks: whether it had closed cannot be told', async (_, seq) => {
    const verdict = await expectCause(served() + again(19, seq), {
      gives: 'half-open-port-reuse likely',
      not: 'time-wait-port-reuse',
    });
    expect(verdict.doubt[0]).toContain(`counts ${(seq - 20).toLocaleString('en')} more than the capture holds`);
  });

  test('the client alone had closed: the server had it still', async () => {
    await expectCause(
      `${served()}
      1.000 C > S: [F.] seq 19 ack 20 win 502 ${TS} ttl 64 id 5 DF
      1.001 S > C: [.] seq 20 ack 20 win 509 ${BACK} ttl 57 id 71 DF${again(20, 20)}`,
      { gives: 'half-open-port-reuse certain', not: 'time-wait-port-reuse' },
    );
  });

  test('the old connection is not in the capture', async () => {
    await expectCause(again(90_000).replace('900000', '0'), {
      gives: 'half-open-port-reuse likely',
      not: 'time-wait-port-reuse',
    });
  });
});
