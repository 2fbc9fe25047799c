/** A second answer to one request, which nobody was there to read; and what only looks like one. */
import { describe, expect, test } from 'vitest';
import { BACK, expectCause, opened, TS, verdictsOf } from '../../support/listing.js';

const GET = 'GET /a HTTP/1.1\\r\\nHost: s\\r\\n\\r\\n';
const ANSWER = 'HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n';
const octets = (text: string) => text.replaceAll('\\r', 'r').replaceAll('\\n', 'n').length;

/** A request, what the server sends for it and when, each acknowledged; the client resets half a second after the last. */
function dialogue(asked: string, ...said: readonly { readonly at: number; readonly text: string }[]): string {
  const next = 1 + octets(asked);
  let seq = 1;
  let at = 0.1;
  const lines = said.map(({ at: when, text }, i) => {
    const [from, to] = [seq, seq + octets(text)];
    seq = to;
    at = when;
    return `
  ${when.toFixed(4)} S > C: [P.] seq ${from}:${to} ack ${next} win 509 ${BACK} ttl 57 id ${80 + i} DF "${text}"
  ${(when + 0.0001).toFixed(4)} C > S: [.] ack ${to} win 502 ${TS} ttl 64 id ${4 + i} DF`;
  });
  return `${opened()}
  0.1000 C > S: [P.] seq 1:${next} ack 1 win 502 ${TS} ttl 64 id 3 DF "${asked}"${lines.join('')}
  ${(at + 0.5).toFixed(4)} C > S: [R.] seq ${next} ack ${seq} win 502 ${TS} ttl 64 id ${4 + said.length} DF`;
}

const once = { at: 0.102, text: ANSWER };
const again = { at: 0.3, text: ANSWER };
const left = { gives: 'close-with-unread-data likely', not: 'cancelled-download' };
const open = { gives: 'unexplained-abort', not: 'close-with-unread-data?' };

describe('HTTP', () => {
  test('two answers to one request', async () => {
    const verdict = await expectCause(dialogue(GET, once, again), left);
    expect(verdict.evidence.map(({ text }) => text)).toEqual([
      "the server answered the client's only request",
      'and then sent another answer of 38 bytes, for which nobody had asked',
      '500 ms later the program closed. With bytes unread a kernel then sends RST instead of FIN',
    ]);
  });

  test('one answer in two segments', async () => {
    await expectCause(dialogue(GET, once, { at: 0.3, text: 'aaaaaaaaaaaaaaaa' }), open);
  });

  test('one answer behind an interim one (RFC 9110 §15.2)', async () => {
    await expectCause(dialogue(GET, { at: 0.102, text: 'HTTP/1.1 103 Early Hints\\r\\n\\r\\n' }, again), open);
  });

  test('the answers to two requests that were sent at once', async () => {
    const second = `
  0.1001 C > S: [P.] seq 29:57 ack 1 win 502 ${TS} ttl 64 id 3 DF "${GET}"`;
    const [first, ...others] = dialogue(GET, once, again).split('\n  0.1020');
    const text = `${first}${second}\n  0.1020${others.join('').replaceAll('ack 29', 'ack 57')}`.replace(
      '[R.] seq 29',
      '[R.] seq 57',
    );
    await expectCause(text, open);
  });

  test('what the server said behind its answer is no answer', async () => {
    await expectCause(dialogue(GET, { at: 0.102, text: 'aaaaaaaaaaaaaaaa' }, again), open);
  });

  test('a second answer after more than a message’s pause: the first may have been an interim one', async () => {
    await expectCause(dialogue(GET, once, { at: 1.5, text: ANSWER }), open);
  });
});

describe('Redis', () => {
  const COMMAND = '*2\\r\\n$3\\r\\nGET\\r\\n$1\\r\\nk\\r\\n';
  const BULK = '$5\\r\\nvalue\\r\\n';
  const one = (at: number, text = BULK) => ({ at, text });

  test.each([
    ['two strings to one command', BULK],
    ['a line and a string', '+OK\\r\\n'],
  ])('%s', async (_, first) => {
    await expectCause(dialogue(COMMAND, one(0.102, first), one(0.3)), left);
  });

  test('… after more than a message’s pause: Redis has no interim answers', async () => {
    await expectCause(dialogue(COMMAND, one(0.102), one(1.5)), left);
  });

  test('strings in several segments', async () => {
    const text = dialogue(
      COMMAND,
      one(0.102, '$20\\r\\nvaluevalue'),
      one(0.103, 'valuevalue\\r\\n'),
      one(0.3, '$20\\r\\nvaluevalue'),
      one(0.301, 'valuevalue\\r\\n'),
    );
    const verdict = await expectCause(text, left);
    expect(verdict.evidence[1]?.text).toBe('and then sent another answer of 27 bytes, for which nobody had asked');
  });

  test.each([
    ['two commands at once', COMMAND + COMMAND, BULK, BULK],
    ['what was subscribed to comes as arrays', COMMAND, BULK, '*2\\r\\n$1\\r\\na\\r\\n$1\\r\\nb\\r\\n'],
    ['a string in two segments', COMMAND, '$20\\r\\nvalue', 'valuevaluevalue\\r\\n'],
    ['a line that nobody asked for, as MONITOR sends', COMMAND, BULK, '+OK\\r\\n'],
    ['a second string that is not whole', COMMAND, BULK, '$20\\r\\nvalue'],
    ['two answers in one segment', COMMAND, BULK + BULK, BULK],
    ['a command that is not whole', COMMAND.slice(0, -4), BULK, BULK],
    ['no command', 'value\\r\\n', BULK, BULK],
    ['an array that is none', '*2\\r\\nvalue\\r\\n', BULK, BULK],
  ])('%s', async (_, asked, first, second) => {
    const [verdict] = await verdictsOf(dialogue(asked, one(0.102, first), one(0.3, second)));
    expect(verdict.cause.id).toBe('unexplained-abort');
  });
});
