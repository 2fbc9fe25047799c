import { expect, test } from 'vitest';
import { expectCause, said, verdictsOf } from '../../support/listing.js';

const REFUSED = `
  0.000 C > S: [S] seq 0 win 64240 <mss 1460,wscale 7> ttl 64
  0.010 S > C: [R.] seq 0 ack 1 win 0 ttl 57
`;

test('a refusal in two lines', async () => {
  await expectCause(REFUSED, { gives: 'closed-port likely', not: 'firewall-reject-syn' });
});

test('an abort with an unanswered request', async () => {
  const verdicts = await verdictsOf(`
    0.000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> ttl 64 id 1 DF
    0.010 S > C: [S.] seq 0 ack 1 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7> ttl 57 id 0 DF
    0.010 C > S: [.] ack 1 win 502 <nop,nop,TS val 110 ecr 900> ttl 64 id 2 DF
    0.020 C > S: [P.] seq 1 ack 1 win 502 <nop,nop,TS val 120 ecr 900> ttl 64 id 3 DF "GET / HTTP/1.1\\r\\n\\r\\n"
    0.030 S > C: [.] ack 19 win 501 <nop,nop,TS val 930 ecr 120> ttl 57 id 41 DF
    5.000 S > C: [R.] seq 1 ack 19 win 501 <nop,nop,TS val 5900 ecr 120> ttl 57 id 42 DF
  `);
  expect(verdicts.map(said)).toEqual(['close-with-unread-data likely']);
});
