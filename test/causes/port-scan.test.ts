/** One source that tries many, or whose packets no TCP sends. */
import { expect, test } from 'vitest';
import type { FanOutFacts } from '../../src/context/types.js';
import { makeSegment } from '../support/diagnosis.js';
import { ago, answerOf, FIN, type Given, MS, tellsOf } from '../support/signatures.js';

const SYN = 2;
const MANY: FanOutFacts = {
  targets: 10,
  ports: 5,
  hosts: 2,
  refused: 8,
  halfOpen: 2,
  unanswered: 0,
  withData: 0,
  fromOnePort: 1,
  span: 900 * MS,
};
const fan = (more: Partial<FanOutFacts> | null) => ({
  context: { fanOut: () => (more === null ? null : { ...MANY, ...more }) },
});
/** A closed port answers the SYN of a scan. */
const REFUSED: Given = {
  sender: { segments: 0 },
  receiver: { segments: 1 },
  reset: { shape: 'reply-to-syn', phase: 'syn-sent' },
  mechanism: 'kernel-reply likely',
  ...fan({}),
};
/** An open one answered, and the scanner drops it. */
const dropped = (reset: Given['reset'], more: Given = {}): Given => ({
  ...REFUSED,
  sender: { role: 'client', address: '10.0.1.2', port: 46_840 },
  receiver: { role: 'server', address: '10.0.2.2', port: 5007 },
  ...more,
  reset: { ...REFUSED.reset, ...reset },
});
/** A segment outside any connection, of which nobody knows who opened it. */
const lone = (more: Given = {}): Given => ({
  ...REFUSED,
  sender: { segments: 0, role: 'responder' },
  reset: { shape: 'reply', phase: 'orphan' },
  ...more,
  receiver: { segments: 1, role: 'originator', lastSegment: ago(1, 99), ...more.receiver },
});
const crafted = fan({ targets: 3, fromOnePort: 3 });
const probe = (control: number, from: 'receiver' | 'sender' = 'receiver') => ({
  tail: [makeSegment(99, 9_999, from, control)],
});

test.each<[string, Given, string]>([
  ['ten targets, none with data', REFUSED, 'certain nobody'],
  ['nine targets', { ...REFUSED, ...fan({ targets: 9 }) }, 'no: 10.0.1.2 tried 9 targets in 10 s'],
  ['one target', { ...REFUSED, ...fan({ targets: 1 }) }, 'no: 10.0.1.2 tried 1 target in 10 s'],
  ['no other target', { ...REFUSED, ...fan(null) }, 'no: 10.0.1.2 tried no other port in 10 s'],
  ['few, from one port', { ...REFUSED, ...crafted }, 'certain nobody'],
  [
    'two, from one port',
    { ...REFUSED, ...fan({ targets: 3, fromOnePort: 2 }) },
    'no: 10.0.1.2 tried 3 targets in 10 s',
  ],
  ['some with data', { ...REFUSED, ...fan({ withData: 10 }) }, 'likely nobody'],
  ['most with data', { ...REFUSED, ...fan({ withData: 11 }) }, 'no: most connections of 10.0.1.2 carried data'],
  ['… from one port', { ...REFUSED, ...fan({ withData: 11, fromOnePort: 3 }) }, 'likely nobody'],
  ['this one carried data', { ...REFUSED, receiver: { segments: 1, bytes: 5 } }, 'no: data was exchanged'],
  ['the other end alone said something', { ...REFUSED, sender: { segments: 0, bytes: 5 } }, 'certain nobody'],
  ['an open port, dropped in the handshake', dropped({ phase: 'handshake', shape: 'reply' }), 'certain nobody'],
  ['… after it', dropped({ phase: 'established', shape: 'active' }), 'certain nobody'],
  ['… by its kernel', dropped({ phase: 'established', shape: 'reply' }), 'certain nobody'],
  ['… by the server', { ...REFUSED, reset: { shape: 'active', phase: 'established' } }, 'not asked'],
  [
    'a reply of the server in a connection',
    { ...REFUSED, sender: { segments: 2 }, reset: { shape: 'reply', phase: 'established' } },
    'not asked',
  ],
  [
    '… in the handshake',
    { ...REFUSED, sender: { segments: 2 }, reset: { shape: 'reply', phase: 'handshake' } },
    'certain nobody',
  ],
  [
    '… mirrored',
    { ...REFUSED, sender: { segments: 2 }, reset: { shape: 'mirror', phase: 'established' } },
    'certain nobody',
  ],
  ['a lone segment to ten', lone(), 'no: 10.0.1.2 sent its segment as a server that closes an old connection does'],
  [
    '… from one port, below those it asks',
    lone({ receiver: { port: 80 }, sender: { segments: 0, role: 'responder', port: 5007 }, ...crafted }),
    'no: 10.0.1.2 sent its segment as a server that closes an old connection does',
  ],
  ['… from one port, above those it asks', lone({ receiver: { port: 46_840 }, ...crafted }), 'certain nobody'],
  ['… by a server', lone({ receiver: { role: 'server' } }), 'not asked'],
  ['… the other end had spoken', lone({ sender: { segments: 1, role: 'responder' } }), 'not asked'],
  [
    'a refusal without its SYN',
    {
      ...REFUSED,
      sender: { segments: 0, role: 'responder' },
      receiver: { segments: 0, role: 'originator' },
      rst: { seq: 0, hasAck: true },
    },
    'certain nobody',
  ],
  [
    'a NULL scan of one port',
    lone({ ...fan(null), reset: { shape: 'reply', phase: 'orphan', ...probe(0) } }),
    'likely nobody',
  ],
  ['a FIN scan of ten', lone({ reset: { shape: 'reply', phase: 'orphan', ...probe(FIN) } }), 'certain nobody'],
  [
    'a FIN scan of two',
    lone({ ...fan({ targets: 2 }), reset: { shape: 'reply', phase: 'orphan', ...probe(FIN) } }),
    'likely nobody',
  ],
  [
    'a FIN scan from one port',
    lone({ ...crafted, reset: { shape: 'reply', phase: 'orphan', ...probe(FIN) } }),
    'certain nobody',
  ],
  [
    'a SYN with a FIN to one port',
    { ...REFUSED, ...fan(null), reset: { ...REFUSED.reset, ...probe(SYN | FIN) } },
    'likely nobody',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('port-scan', given)).toBe(answer);
});

test('says how many it tried, and what this port answered', () => {
  expect(tellsOf('port-scan', REFUSED)).toEqual([
    '- 10.0.1.2 tried 10 targets within 900 ms (5 ports on 2 hosts): 8 refused, 2 dropped by the scanner {"targets":10,"ports":5,"hosts":2}',
    '100 this port is closed',
  ]);
  expect(tellsOf('port-scan', dropped({ phase: 'handshake', shape: 'reply' })).at(-1)).toBe(
    "100 this port is open: the scanner's kernel reset the SYN-ACK it had not asked for",
  );
  expect(tellsOf('port-scan', dropped({ phase: 'established', shape: 'active' })).at(-1)).toBe(
    '100 this port is open: the scanner dropped the connection at once',
  );
  expect(tellsOf('port-scan', lone({ receiver: { port: 46_840 }, ...crafted }))).toEqual([
    '- 10.0.1.2 tried 3 targets within 900 ms (5 ports on 2 hosts): 8 refused, 2 dropped by the scanner {"targets":3,"ports":5,"hosts":2}',
    '- 3 of them from one and the same port of its own: a program that writes its packets itself, no connect()',
    '100 a lone packet outside any connection drew it: no port says more to that',
  ]);
  expect(tellsOf('port-scan', { ...REFUSED, ...fan({ withData: 1 }) }).at(-1)).toBe(
    'Some connections of this source carried data: a client with many targets may look alike.',
  );
  expect(
    tellsOf('port-scan', lone({ ...fan(null), reset: { shape: 'reply', phase: 'orphan', ...probe(FIN) } })),
  ).toEqual([
    '99 10.0.1.2 sent a FIN without ACK outside any connection (a FIN scan)',
    '100 10.0.2.2 answered it as any kernel does {"seq":5001}',
    'Told by the form of the packet alone: a test tool or a half-open check of a balancer looks the same.',
  ]);
  const stack = { family: 'raw-socket tool', name: 'a scanner' } as const;
  expect(
    tellsOf(
      'port-scan',
      dropped(
        { phase: 'handshake', shape: 'reply', ...probe(SYN, 'sender') },
        { ...fan(null), sender: { role: 'client', lastSegment: ago(3, 97), stack: stack as never } },
      ),
    ),
  ).toEqual([
    '97 10.0.2.2 sent a SYN in the form of a scanner',
    `100 the scanner's kernel reset what answered: its own sockets had not asked {"seq":5001}`,
    'Told by the form of the packet alone: a test tool or a half-open check of a balancer looks the same.',
  ]);
});
