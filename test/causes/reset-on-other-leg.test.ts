/** A proxy handed on what it had received on its other connection. */
import { describe, expect, test } from 'vitest';
import { BACK, expectCause, SYN, SYN_ACK, TS } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { answerOf, MS, tellsOf } from '../support/signatures.js';

describe('reset-on-other-leg', () => {
  const relay = () => ({ frame: 90, time: 9_995 * MS, address: '10.0.9.9', port: 5432 });
  test.each<[string, Given, string]>([
    ['another connection had ended just before', { context: { relay } }, 'likely unknown'],
    ['none had', {}, 'no: no other connection that it could be a leg of had ended just before'],
    [
      'of a third party',
      { mechanism: 'third-party likely', context: { relay } },
      'no: the sender named in it did not make it',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('reset-on-other-leg', given)).toBe(answer);
  });

  test('reset-on-other-leg says what it saw', () => {
    expect(tellsOf('reset-on-other-leg', { context: { relay } })).toEqual([
      '90 10.0.9.9:5432 ended another connection, the one half of this conversation',
      '100 5 ms later 10.0.2.2 reset this one: the server is a proxy that handed it on {"latency":5000000}',
      'That both belong together is inferred from the time; the proxy log decides.',
    ]);
  });
  test('a server hands on what it met as a client, a client what it met as a server', () => {
    const asked: unknown[] = [];
    const context: Given['context'] = {
      relay: (...question) => {
        asked.push(question.slice(0, 2));
        return null;
      },
    };
    answerOf('reset-on-other-leg', { context });
    answerOf('reset-on-other-leg', { sender: { role: 'client' }, context });
    expect(asked).toEqual([
      ['10.0.2.2', false],
      ['10.0.2.2', true],
    ]);
  });
});

describe('reset-on-other-leg in packets', () => {
  /** A client's connection to the proxy P, and the one that P makes of it. Captured at the client. */
  const NAMES = { P: '10.0.0.9.80', Q: '10.0.0.9.50000', S: '10.0.0.2.5432' };
  const relayed = `
    0.000 C > P: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
    0.001 P > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63 id 0 DF
    0.002 C > P: [.] ack 1 win 502 ${TS} ttl 64 id 2 DF
    0.003 Q > S: [S] seq 0 win 64240 ${SYN} ttl 63 id 100 DF
    0.004 S > Q: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 62 id 0 DF
    0.005 Q > S: [.] ack 1 win 502 ${TS} ttl 63 id 101 DF
    0.010 C > P: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "ask"
    0.011 Q > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 63 id 102 DF "ask"
    0.012 S > Q: [P.] seq 1 ack 4 win 509 ${BACK} ttl 62 id 200 DF "reply"
    0.013 P > C: [P.] seq 1 ack 4 win 509 ${BACK} ttl 63 id 300 DF "reply"
    0.014 C > P: [.] ack 6 win 502 ${TS} ttl 64 id 4 DF
    0.015 Q > S: [.] ack 6 win 502 ${TS} ttl 63 id 103 DF`;
  const ended = (flags: string, more = BACK) => `
    0.500 S > Q: [${flags}.] seq 6 ack 4 win 509 ${more} ttl 62 id 201 DF`;
  const handedOn = (at: string) => `
    ${at} P > C: [R.] seq 6 ack 4 win 509 ${BACK} ttl 63 id 301 DF`;
  const of = (text: string) => ({ text, frame: text.trim().split('\n').length });

  test.each([
    ['an RST', 'R'],
    ['a FIN behind as many octets each way', 'F'],
  ])('%s on the one leg, an RST on the other a millisecond later', async (_, flags) => {
    const { text, frame } = of(relayed + ended(flags) + handedOn('0.501'));
    await expectCause(text, { endpoints: NAMES, frame, gives: 'reset-on-other-leg likely', not: 'process-exit' });
  });

  test('200 ms later it has a reason of its own', async () => {
    const { text, frame } = of(relayed + ended('R') + handedOn('0.701'));
    await expectCause(text, { endpoints: NAMES, frame, gives: 'abortive-close likely', not: 'reset-on-other-leg' });
  });

  test('a FIN where not as many octets had passed is another conversation’s', async () => {
    const longer = relayed.replace('ack 4 win 509 <nop,nop,TS val 902 ecr 102> ttl 62 id 200 DF "reply"', (line) =>
      line.replace('reply', 'a reply'),
    );
    const { text, frame } = of(
      longer.replace('ack 6 win 502 <nop,nop,TS val 102 ecr 900> ttl 63', 'ack 8 win 502 ttl 63') +
        ended('F').replace('seq 6', 'seq 8') +
        handedOn('0.501'),
    );
    await expectCause(text, { endpoints: NAMES, frame, gives: 'abortive-close likely', not: 'reset-on-other-leg' });
  });
});
