/** What each program was told. */
import { expect, test } from 'vitest';
import { applicationsOf } from '../../../src/reset/verdicts/applications.js';
import { ago, fin, type Given, MS, resetOf } from '../../support/signatures.js';

/** `client: …; server: …` of the errors; `eof` where an end of file came first, `?` where nothing can be told. */
function told(...given: readonly Given[]): string {
  const resets = given.map(resetOf);
  const outcomes = applicationsOf(resets.map((reset) => ({ reset, mechanism: reset.mechanism.kind })));
  const of = (one: (typeof outcomes)['client']) =>
    one === null ? '?' : `${one.eofFirst ? 'eof, ' : ''}${one.error ?? one.text}`;
  return `${of(outcomes.client)} | ${of(outcomes.server)}`;
}

const KERNEL = 'kernel-reply likely';
const probes = (count: number, last = 50) => ({
  keepAliveProbes: { count, first: ago(200, 90), last: ago(last, 95), interval: 100 * MS },
});
const run = { retransmitting: { count: 3, first: ago(90), last: ago(10) } };
const ofClient: Given = { sender: { role: 'client' }, receiver: { role: 'server' } };
const NONE = 'no error';
const CLOSED = 'no error: it had closed before';

test.each<[string, readonly Given[], string]>([
  ['no RST', [], '? | ?'],
  ['of a connection that was not captured', [{ reset: { phase: 'orphan' } }], '? | ?'],
  ['an abort of the server', [{}], `ECONNRESET | ${NONE}`],
  ['… of the client', [ofClient], `${NONE} | ECONNRESET`],
  ['… of the responder', [{ sender: { role: 'responder' }, receiver: { role: 'originator' } }], `ECONNRESET | ${NONE}`],
  ['… behind two probes', [{ sender: probes(2), receiver: { lastSegment: ago(300) } }], 'ECONNRESET | ETIMEDOUT'],
  ['… behind one', [{ sender: probes(1), receiver: { lastSegment: ago(300) } }], `ECONNRESET | ${NONE}`],
  ['… that were answered', [{ sender: probes(2), receiver: { lastSegment: ago(50) } }], `ECONNRESET | ${NONE}`],
  [
    '… by an end that was never heard',
    [{ sender: probes(2), receiver: { lastSegment: null } }],
    'ECONNRESET | ETIMEDOUT',
  ],
  ['a reply behind two probes', [{ sender: { ...probes(2), segments: 1 }, mechanism: KERNEL }], `ECONNRESET | ${NONE}`],
  ['a reply of a kernel in a connection', [{ sender: { segments: 2 }, mechanism: KERNEL }], 'ECONNRESET | ?'],
  ['… that had said one thing', [{ sender: { segments: 1 }, mechanism: KERNEL }], `ECONNRESET | ${NONE}`],
  [
    '… to the other’s close',
    [{ sender: { segments: 2 }, reset: { phase: 'receiver-closed' }, mechanism: KERNEL }],
    `ECONNRESET | ${NONE}`,
  ],
  [
    '… that had sent the same again and again',
    [{ sender: { segments: 5, ...run }, mechanism: KERNEL }],
    'ECONNRESET | ETIMEDOUT',
  ],
  [
    '… and had closed',
    [{ sender: { segments: 5, ...run, fin: fin(50) }, mechanism: KERNEL, reset: { phase: 'sender-closed' } }],
    `eof, EPIPE | ${NONE}`,
  ],
  ['an abort behind the same sent again', [{ sender: run }], `ECONNRESET | ${NONE}`],
  [
    'an abort behind the same sent again so often that its stack gave up',
    [{ sender: { retransmitting: { ...run.retransmitting, count: 4 } }, receiver: { lastSegment: ago(300) } }],
    'ECONNRESET | ETIMEDOUT',
  ],
  [
    '… though the other end had spoken since',
    [{ sender: { retransmitting: { ...run.retransmitting, count: 4 } }, receiver: { lastSegment: ago(5) } }],
    `ECONNRESET | ${NONE}`,
  ],
  [
    'behind the goodbye of the one that is reset',
    [{ sender: { fin: fin(50) }, goodbye: { by: 'receiver' } }],
    `eof, no error: its last word was a goodbye, and end of file came first | ${NONE}`,
  ],
  ['… of the other', [{ sender: { fin: fin(50) }, goodbye: { by: 'sender' } }], `eof, EPIPE | ${NONE}`],
  ['a refusal', [{ reset: { phase: 'syn-sent' }, mechanism: KERNEL }], `ECONNREFUSED | ${NONE}`],
  ['in the handshake, by the server', [{ reset: { phase: 'handshake' }, mechanism: KERNEL }], `ECONNRESET | ${NONE}`],
  [
    'in the handshake, by the client',
    [{ ...ofClient, reset: { phase: 'handshake' }, mechanism: KERNEL }],
    `${NONE} | no error: the connection never reached accept()`,
  ],
  [
    '… by another machine in its name',
    [{ ...ofClient, reset: { phase: 'handshake' }, mechanism: KERNEL, provenance: { macDiffers: true } }],
    '? | no error: the connection never reached accept()',
  ],
  ['a close came first', [{ sender: { fin: fin(50) } }], `eof, EPIPE | ${NONE}`],
  ['a close came with it', [{ sender: { fin: fin(0) } }], `ECONNRESET | ${NONE}`],
  ['the receiver had closed', [{ receiver: { fin: fin(50), bytesUnacked: 0 } }], `${CLOSED} | ${NONE}`],
  ['… in the same moment', [{ receiver: { fin: fin(0), bytesUnacked: 0 } }], `${CLOSED} | ${NONE}`],
  ['… later', [{ receiver: { fin: fin(-1), bytesUnacked: 0 } }], `ECONNRESET | ${NONE}`],
  ['… and its data was not acknowledged', [{ receiver: { fin: fin(50), bytesUnacked: 9 } }], `ECONNRESET | ${NONE}`],
  [
    '… of a kernel',
    [{ sender: { segments: 1 }, receiver: { fin: fin(50), bytesUnacked: 9 }, mechanism: KERNEL }],
    `${CLOSED} | ${NONE}`,
  ],
  [
    '… both had closed',
    [{ sender: { fin: fin(60) }, receiver: { fin: fin(50), bytesUnacked: 9 } }],
    `${CLOSED} | ${NONE}`,
  ],
  ['a forgery', [{ mechanism: 'third-party likely' }], 'ECONNRESET | ?'],
  ['nobody knows whose', [{ mechanism: 'undecided possible' }], `ECONNRESET | ${NONE}`],
  [
    'a forgery to both',
    [{ mechanism: 'third-party likely' }, { ...ofClient, mechanism: 'third-party likely' }],
    'ECONNRESET | ECONNRESET',
  ],
  ['an abort, and the answer to it', [{}, { ...ofClient, mechanism: KERNEL }], `ECONNRESET | ${NONE}`],
  [
    'a forgery, and an answer to what came after it',
    [{ mechanism: 'third-party likely' }, { ...ofClient, sender: { role: 'client', segments: 1 }, mechanism: KERNEL }],
    'ECONNRESET | ECONNRESET',
  ],
])('%s', (_, given, expected) => {
  expect(told(...given)).toBe(expected);
});

test.each<[string, Given, readonly [string, string]]>([
  [
    'a reset',
    {},
    ['read → ECONNRESET "connection reset by peer", then write → EPIPE "broken pipe"', 'WSAECONNRESET (10054)'],
  ],
  [
    'a close and a reset',
    { sender: { fin: fin(50) } },
    ['read → EOF, then write → EPIPE "broken pipe"', 'read → EOF, then write → WSAECONNRESET (10054)'],
  ],
  [
    'a refusal',
    { reset: { phase: 'syn-sent' } },
    ['connect → ECONNREFUSED "connection refused"', 'WSAECONNREFUSED (10061)'],
  ],
])('%s in the words of each system', (_, given, [posix, winsock]) => {
  const text = (receiver: Given['receiver']) => {
    const reset = resetOf({ ...given, receiver });
    return applicationsOf([{ reset, mechanism: reset.mechanism.kind }]).client?.text;
  };
  expect(text({})).toBe(posix);
  expect(text({ stack: { family: 'linux' } as never })).toBe(posix);
  expect(text({ stack: { family: 'windows' } as never })).toContain(winsock);
});

test('a timeout in the words of each system', () => {
  const text = (more: Given['sender']) => {
    const reset = resetOf({ sender: { ...probes(2), ...more } });
    return applicationsOf([{ reset, mechanism: reset.mechanism.kind }]).server?.text;
  };
  expect(text({})).toBe('read → ETIMEDOUT "connection timed out"');
  expect(text({ stack: { family: 'windows' } as never })).toContain('WSAETIMEDOUT (10060)');
  const reply = resetOf({ sender: { segments: 5, ...run }, mechanism: KERNEL });
  expect(applicationsOf([{ reset: reply, mechanism: 'kernel-reply' }]).server?.text).toBe(
    'read → ETIMEDOUT "connection timed out", earlier than this reset',
  );
});
