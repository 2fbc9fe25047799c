/** A server that answers with an error and closes: the verdict says so, whatever packet ended the connection. */
import { describe, expect, test } from 'vitest';
import { BACK, opened, TS, verdictsOf } from '../support/listing.js';

/** FTP: the login fails or not, the server closes, the client drops what is left. */
const login = (reply: string, seconds = '0.0200') => `${opened('C', '10.0.0.2.21')}
      0.0030 C > 10.0.0.2.21: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "PASS secret\\r\\n"
      0.0040 10.0.0.2.21 > C: [P.] seq 1:23 ack 14 win 509 ${BACK} ttl 57 id 70 DF "${reply}\\r\\n"
      0.0041 10.0.0.2.21 > C: [F.] seq 23 ack 14 win 509 ${BACK} ttl 57 id 71 DF
      0.0050 C > 10.0.0.2.21: [.] ack 24 win 502 ${TS} ttl 64 id 4 DF
      ${seconds} C > 10.0.0.2.21: [R.] seq 14 ack 24 win 502 ${TS} ttl 64 id 5 DF`;

describe('a connection that was over, dropped by RST', () => {
  test('behind an error it is no mere routine', async () => {
    const [verdict] = await verdictsOf(login('530 Login incorrect.'));
    expect(verdict).toMatchObject({ cause: { id: 'routine-close-by-reset' }, severity: 'warning' });
    const said = verdict.evidence.filter(({ text }) => text.includes('error'));
    expect(said).toMatchObject([
      { frame: 5, text: 'the server had answered with an error (FTP reply 530, not logged in)' },
    ]);
  });
  test('behind any other answer it is', async () => {
    const [verdict] = await verdictsOf(login('230 User logged in.'));
    expect(verdict).toMatchObject({ cause: { id: 'routine-close-by-reset' }, severity: 'note' });
    expect(verdict.evidence.some(({ text }) => text.includes('error'))).toBe(false);
  });
  test('long after it, that was not why', async () => {
    const [verdict] = await verdictsOf(login('530 Login incorrect.', '11.0000'));
    expect(verdict.evidence.some(({ text }) => text.includes('error'))).toBe(false);
  });
});

test('where the cause quotes the answer itself, it is not told twice', async () => {
  const [verdict] = await verdictsOf(`${opened()}
      0.0030 C > S: [P.] seq 1:1449 ack 1 win 502 ${TS} ttl 64 id 3 DF "POST / HTTP/1.1\\r\\nContent-Length: 9000\\r\\n\\r\\n"
      0.0040 S > C: [P.] seq 1:40 ack 1449 win 509 ${BACK} ttl 57 id 70 DF "HTTP/1.1 413 Payload Too Large\\r\\n\\r\\n"
      0.0041 C > S: [.] seq 1449:2897 ack 1 win 502 ${TS} ttl 64 id 4 DF
      0.0042 S > C: [R.] seq 40 ack 2897 win 509 ${BACK} ttl 57 id 71 DF`);
  expect(verdict.cause.id).toBe('unread-request-body');
  expect(verdict.evidence.filter(({ text }) => text.includes('413'))).toHaveLength(1);
});
