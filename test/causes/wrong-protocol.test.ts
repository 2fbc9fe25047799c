/** What each end speaks first, and that it is the mismatch which is told; protocols that change in agreement are none. */
import { expect, test } from 'vitest';
import { said, verdictsOf } from '../support/listing.js';

const OPTIONS = '<mss 1460,nop,wscale 7>';
const HELLO = '\\x16\\x03\\x01\\x00\\x20\\x01\\x00\\x00\\x1c\\x03\\x03abcdefgh';
const TLS_ALERT = '\\x15\\x03\\x01\\x00\\x02\\x02\\x46';

/** A handshake, then who says what, then the RST of the client that leaves the answer unread. */
const talk = (client: string, server: string, serverFirst = false) => {
  const [c, s] = ['"' + client + '"', '"' + server + '"'];
  const C = `C > S: [P.] seq 1 ack ${serverFirst ? 200 : 1} win 502 ${c} ttl 64 id 3 DF`;
  return `
      0.000 C > S: [S] seq 0 win 64240 ${OPTIONS} ttl 64 id 1 DF
      0.010 S > C: [S.] seq 0 ack 1 win 65160 ${OPTIONS} ttl 57 id 0 DF
      0.011 C > S: [.] ack 1 win 502 ttl 64 id 2 DF
      ${serverFirst ? `0.020 S > C: [P.] seq 1:200 ack 1 win 509 ${s} ttl 57 id 40 DF\n 0.030 ${C}` : `0.020 ${C}\n 0.030 S > C: [P.] seq 1 ack LENGTH win 509 ${s} ttl 57 id 40 DF`}`;
};

/** Octets of a payload in C escapes. */
const size = (text: string) => text.replace(/\\x..|\\./g, '.').length;

async function told(client: string, server: string) {
  const listing = talk(client, server).replace('LENGTH', String(1 + size(client)));
  const [verdict] = await verdictsOf(`${listing}
      0.040 C > S: [R.] seq ${1 + size(client)} ack ${1 + size(server)} win 502 ttl 64 id 4 DF`);
  return said(verdict!);
}

test.each([
  ['TLS answered by HTTP', HELLO, 'HTTP/1.1 400 Bad Request\\r\\n\\r\\n'],
  ['TLS answered by a mail server', HELLO, '500 unrecognized command\\r\\n'],
  ['HTTP answered by TLS', 'GET / HTTP/1.1\\r\\n\\r\\n', TLS_ALERT],
  ['HTTP sent to sshd', 'GET / HTTP/1.1\\r\\n\\r\\n', 'SSH-2.0-OpenSSH_9.2\\r\\n'],
])('%s', async (_, client, server) => {
  expect(await told(client, server)).toBe('wrong-protocol likely');
});

test.each([
  ['HTTP answered by HTTP', 'GET / HTTP/1.1\\r\\n\\r\\n', 'HTTP/1.1 400 Bad Request\\r\\n\\r\\n'],
  ['TLS answered by TLS', HELLO, TLS_ALERT],
  ['SSH answered by SSH', 'SSH-2.0-client\\r\\n', 'SSH-2.0-OpenSSH_9.2\\r\\n'],
  ['a banner answered by a command', 'EHLO me\\r\\n', '220 mail ready\\r\\n'],
])('%s is no mismatch', async (_, client, server) => {
  expect(await told(client, server)).not.toContain('wrong-protocol');
});
