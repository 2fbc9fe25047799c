/** Packets that a NAT let through untranslated. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/causes/index.js';
import { makeSegment, mark } from '../support/diagnosis.js';
import { verdictsOf } from '../support/listing.js';
import { ACK, ago, answerOf, fin, type Given, tellsOf, trigger } from '../support/signatures.js';

const KNOWN = {
  untranslated: () => ({
    frame: 80,
    client: { address: '10.9.9.9', port: 1234 },
    server: { address: '10.8.8.8', port: 443 },
  }),
};
const STRANGER: Given = {
  reset: { trigger: trigger({ seq: 77, ack: 88 }) },
  context: KNOWN,
  mechanism: 'kernel-reply likely',
};

/** In the middle of its connection the server has received up to 1001, its window is 65536 octets. */
const stray = (seq: number, length: number, more: Parameters<typeof makeSegment>[4] = {}) =>
  makeSegment(99, 9_999, 'receiver', ACK, { seq, length, ack: 5001, ...more });
const OUTSIDE: Given = {
  sender: { sndNxt: 5001, rcvNxt: 1001, rcvWnd: 65_536, lastSegment: ago(20, 95) },
  receiver: { mss: 1460 },
  rst: { seq: 5001 },
  reset: { shape: 'reply', tail: [stray(900_000, 100)] },
  mechanism: 'kernel-reply likely',
};
const tail = (...segments: readonly ReturnType<typeof stray>[]): Given => ({
  ...OUTSIDE,
  reset: { ...OUTSIDE.reset, tail: segments },
});
const quiet = { ...OUTSIDE, sender: { ...OUTSIDE.sender, lastSegment: ago(52, 95) } };
const made = (ttl: number | null, usual: number, confidence: 'likely' | 'certain' = 'likely'): Given => ({
  ...OUTSIDE,
  rst: { seq: 5001, ttl },
  provenance: { ttl: { rst: ttl ?? 0, usual, samples: 4, ofHost: false } },
  mechanism: `third-party ${confidence}`,
});

test.each<[string, Given, string]>([
  ['its numbers are those of another connection', STRANGER, 'certain network-device'],
  ['… nothing drew it', { ...STRANGER, reset: { trigger: null } }, 'possible network-device'],
  ['far ahead', OUTSIDE, 'likely network-device (the connection at the other end)'],
  [
    'the first octet beyond the window',
    tail(stray(1001 + 65_536, 100)),
    'likely network-device (the connection at the other end)',
  ],
  [
    'the last within it',
    tail(stray(1000 + 65_536, 100)),
    'no: no packet of this connection was seen under another address',
  ],
  [
    'a window that nobody knows',
    { ...tail(stray(1001 + 1_048_576, 100)), sender: { ...OUTSIDE.sender, rcvWnd: null } },
    'likely network-device (the connection at the other end)',
  ],
  [
    '… within a MiB',
    { ...tail(stray(1000 + 1_048_576, 100)), sender: { ...OUTSIDE.sender, rcvWnd: null } },
    'no: no packet of this connection was seen under another address',
  ],
  ['a whole segment behind', tail(stray(1001 - 1560, 100)), 'likely network-device (the connection at the other end)'],
  ['less behind', tail(stray(1001 - 1559, 100)), 'no: no packet of this connection was seen under another address'],
  [
    'behind, by an MSS that nobody knows',
    { ...tail(stray(901, 100)), receiver: { mss: null } },
    'likely network-device (the connection at the other end)',
  ],
  ['no data', tail(stray(900_000, 0)), 'no: no packet of this connection was seen under another address'],
  [
    'the last segment was its own',
    tail(stray(900_000, 100, { from: 'sender' })),
    'no: no packet of this connection was seen under another address',
  ],
  ['nothing is known of the connection', tail(), 'no: no packet of this connection was seen under another address'],
  [
    'no reply',
    { ...OUTSIDE, reset: { ...OUTSIDE.reset, shape: 'active' } },
    'no: no packet of this connection was seen under another address',
  ],
  [
    'it had closed',
    { ...OUTSIDE, sender: { ...OUTSIDE.sender, fin: fin(5) } },
    'no: no packet of this connection was seen under another address',
  ],
  [
    'nothing had been received',
    { ...OUTSIDE, sender: { ...OUTSIDE.sender, rcvNxt: null } },
    'no: no packet of this connection was seen under another address',
  ],
  [
    'nothing had been sent',
    { ...OUTSIDE, sender: { ...OUTSIDE.sender, sndNxt: null } },
    'no: no packet of this connection was seen under another address',
  ],
  [
    'it acknowledges another number',
    tail(stray(900_000, 100, { ack: 5000 })),
    'no: no packet of this connection was seen under another address',
  ],
  ['its host had been silent', quiet, 'no: no packet of this connection was seen under another address'],
  [
    '… for as long as an exchange takes',
    { ...quiet, sender: { ...quiet.sender, lastSegment: ago(51, 95) } },
    'likely network-device (the connection at the other end)',
  ],
  [
    '… but went on',
    { ...quiet, aftermath: { senderWentOn: { ...mark(110, 11_000), length: 5 } } },
    'likely network-device (the connection at the other end)',
  ],
  [
    'its host was never heard',
    { ...quiet, sender: { ...quiet.sender, lastSegment: null } },
    'no: no packet of this connection was seen under another address',
  ],
  ['made by the machine that translates', made(64, 63), 'likely network-device (the connection at the other end)'],
  ['… surely another', made(64, 63, 'certain'), 'no: no packet of this connection was seen under another address'],
  ['… two hops nearer', made(64, 62), 'no: no packet of this connection was seen under another address'],
  ['… with no fresh TTL', made(63, 62), 'no: no packet of this connection was seen under another address'],
  ['… with none', made(null, 63), 'no: no packet of this connection was seen under another address'],
  [
    '… with none to compare',
    { ...made(64, 63), provenance: { ttl: null } },
    'no: no packet of this connection was seen under another address',
  ],
  [
    'a stray packet of it was reset just before',
    { mechanism: 'kernel-reply likely', context: { leakBefore: () => ({ frame: 90 }) } },
    'likely network-device',
  ],
  [
    'nothing of the kind',
    { mechanism: 'kernel-reply likely' },
    'no: no packet of this connection was seen under another address',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('conntrack-invalid-leak', given)).toBe(answer);
});

test('says what reached whom', () => {
  expect(tellsOf('conntrack-invalid-leak', STRANGER)).toEqual([
    '99 a packet arrived from 10.0.1.2:46840, from which 10.0.2.2:5007 had no connection {"seq":77,"ack":88}',
    '80 its numbers are those of the connection 10.9.9.9:1234 → 10.8.8.8:443: it is a packet of that one that was not translated',
    '100 the server reset the stranger {"seq":5001}',
  ]);
  expect(tellsOf('conntrack-invalid-leak', { ...STRANGER, reset: { trigger: null } })).toEqual([
    '80 its numbers are those of the connection 10.9.9.9:1234 → 10.8.8.8:443: it is a packet of that one that was not translated',
    '100 the server reset the stranger {"seq":5001}',
    'The packet that it answers is not in this capture.',
  ]);
  expect(tellsOf('conntrack-invalid-leak', OUTSIDE)).toEqual([
    '99 a segment 898,999 bytes ahead of what the server expected arrived: a NAT takes such a one for invalid {"seq":900000,"length":100}',
    `100 the server's host answered as if it knew no such connection, though a socket would have acknowledged: the segment had reached it untranslated {"seq":5001}`,
    '95 19 ms before the server had spoken for this connection',
    'Inferred from the numbers. A firewall that rejects what it takes for invalid answers alike, but lets nothing through.',
  ]);
  expect(
    tellsOf('conntrack-invalid-leak', {
      ...tail(stray((1001 - 2000) >>> 0, 100)),
      aftermath: { senderWentOn: { ...mark(110, 11_000), length: 5 } },
    }),
  ).toEqual([
    '99 a segment 2,000 bytes behind what the server expected arrived: a NAT takes such a one for invalid {"seq":4294966297,"length":100}',
    `100 the server's host answered as if it knew no such connection, though a socket would have acknowledged: the segment had reached it untranslated {"seq":5001}`,
    '110 the server went on with the connection: its socket had not seen any of this',
    'Inferred from the numbers. A firewall that rejects what it takes for invalid answers alike, but lets nothing through.',
  ]);
  expect(
    tellsOf('conntrack-invalid-leak', {
      mechanism: 'kernel-reply likely',
      context: { leakBefore: () => ({ frame: 90 }) },
    }),
  ).toEqual([
    '90 a packet of this connection had reached the client untranslated and had been reset there',
    '100 that reset, translated on its way back, had ended the connection at the other side: its answer to the next packet was an RST {"seq":5001}',
    'Inferred from the reset of the stray packet just before.',
  ]);
});

describe('captured on the machine that translates, before and behind it', () => {
  const endpoints = { V: '10.96.0.1.443', P: '10.244.0.7.8443' };
  const near = 'mac 02:00:00:00:00:0c>02:00:00:00:00:01';
  const nearBack = 'mac 02:00:00:00:00:01>02:00:00:00:00:0c';
  const far = 'mac 02:00:00:00:00:02>02:00:00:00:00:07';
  const farBack = 'mac 02:00:00:00:00:07>02:00:00:00:00:02';
  /** A packet of the client, as it comes and as it goes on; one of the server the other way round. */
  const asked = (at: number, what: string, id: number) => `
    ${at.toFixed(5)} C > V: ${what} ttl 64 id ${id} DF ${near}
    ${(at + 0.00002).toFixed(5)} C > P: ${what} ttl 63 id ${id} DF ${far}`;
  const answered = (at: number, what: string, id: number) => `
    ${at.toFixed(5)} P > C: ${what} ttl 64 id ${id} DF ${farBack}
    ${(at + 0.00002).toFixed(5)} V > C: ${what} ttl 63 id ${id} DF ${nearBack}`;
  const begun =
    asked(0, '[S] seq 100 win 64240 <mss 1460>', 1) +
    answered(0.001, '[S.] seq 900 ack 101 win 65160 <mss 1460>', 0) +
    asked(0.002, '[.] seq 101 ack 901 win 502', 2) +
    asked(0.003, '[P.] seq 101:133 ack 901 win 502', 3) +
    answered(0.004, '[P.] seq 901:941 ack 133 win 509', 70) +
    asked(0.005, '[.] seq 133 ack 941 win 502', 4);
  const leak = (ttl: number, mac: string) => `
    0.50000 P > C: [P.] seq 941:1441 ack 133 win 509 ttl 63 id 71 DF ${nearBack}
    0.50010 C > P: [R] seq 133 win 0 ttl ${ttl} id 0 DF ${mac}
    0.50012 C > P: [R] seq 133 win 0 ttl ${ttl - 1} id 0 DF ${far}`;
  const told = async (ttl: number, mac: string) => {
    const [first] = await verdictsOf(begun + leak(ttl, mac) + asked(0.7, '[P.] seq 133:165 ack 941 win 502', 5), {
      endpoints,
      causes,
    });
    return `${first?.cause.id} ${first?.confidence}, ${first?.mechanism.kind}`;
  };
  test('the client answered a packet that it did not know, and went on by the name that it knows', async () => {
    expect(await told(64, near)).toBe('conntrack-invalid-leak likely, kernel-reply');
  });
  test('not what came from another machine, or with a TTL that the client has nowhere', async () => {
    expect(await told(64, 'mac 02:00:00:00:00:0d>02:00:00:00:00:01')).toContain('forged-reset');
    expect(await told(128, near)).toContain('forged-reset');
  });
});
