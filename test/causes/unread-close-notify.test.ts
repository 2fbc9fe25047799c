/** A TLS goodbye that nobody read, and what is no goodbye. */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import { BACK, expectCause, opened, TS } from '../support/listing.js';
import { ACK, ago, answerOf, fin, type Given, tellsOf, trigger } from '../support/signatures.js';

const segment = (head: readonly number[], length: number, frame = 98) =>
  makeSegment(frame, 9_990, 'receiver', ACK, { length, head: Uint8Array.from(head) });
const ALERT = segment([21, 3, 3, 0, 26, 0, 0, 0], 31);
const RECORD = segment([23, 3, 3, 0, 19, 9, 9, 9], 24);

/** The client said goodbye and closed; the server's socket is closed with that unread. */
const said = (last: ReturnType<typeof segment>, more: Given = {}): Given => ({
  ...more,
  receiver: { fin: fin(5, { frame: 99 }), lastData: last, ...more.receiver },
  reset: { exchanges: 2, tail: [segment([23, 3, 3, 1, 0], 261, 91), last], ...more.reset },
});
const open = { receiver: { fin: null } };

test.each<[string, Given, string]>([
  ['an alert, and a FIN', said(ALERT), 'certain nobody'],
  ['an alert alone', said(ALERT, open), 'likely nobody'],
  ['… its own FIN came first', said(ALERT, { ...open, sender: { fin: fin(50) } }), 'certain nobody'],
  ['a record as small as one, and a FIN', said(RECORD), 'likely nobody'],
  [
    '… before any data had been exchanged',
    said(RECORD, { reset: { exchanges: 1 } }),
    'no: no application data had been exchanged',
  ],
  [
    '… before the capture, for all that is known',
    said(RECORD, { reset: { exchanges: 1, quality: { midStream: true } } }),
    'likely nobody',
  ],
  ['an alert before any data had been exchanged', said(ALERT, { reset: { exchanges: 0 } }), 'certain nobody'],
  [
    '… and no FIN of either side',
    said(RECORD, open),
    'no: neither side had closed, and only its size makes a goodbye of the last record',
  ],
  ['a record as small as one with the tag of CCM_8', said(segment([23, 3, 3, 0, 11], 16)), 'likely nobody'],
  [
    'a record too small for any tag',
    said(segment([23, 3, 3, 0, 8], 13)),
    'no: the last data of the receiver was no TLS closing alert',
  ],
  [
    'a record larger by two octets',
    said(segment([23, 3, 3, 0, 21], 26)),
    'no: the last data of the receiver was no TLS closing alert',
  ],
  [
    'a larger record',
    said(segment([23, 3, 3, 0, 60], 65)),
    'no: the last data of the receiver was no TLS closing alert',
  ],
  ['a warning in clear', said(segment([21, 3, 3, 0, 2, 1, 0], 7)), 'certain nobody'],
  ['a fatal alert in clear', said(segment([21, 3, 3, 0, 2, 2, 40], 7)), 'no: it was a fatal alert, not a goodbye'],
  ['a sealed alert whose sixth octet happens to be 2', said(segment([21, 3, 3, 0, 26, 2, 0], 31)), 'certain nobody'],
  [
    'an alert that was captured before the record it follows',
    said(
      { ...ALERT, seq: 1261 },
      {
        reset: {
          tail: [
            { ...ALERT, seq: 1261 },
            { ...segment([23, 3, 3, 1, 0], 261, 99), seq: 1000 },
          ],
        },
      },
    ),
    'certain nobody',
  ],
  [
    '… which it does not follow',
    said(
      { ...ALERT, seq: 1000 },
      {
        reset: {
          tail: [
            { ...ALERT, seq: 1000 },
            { ...segment([23, 3, 3, 1, 0], 261, 99), seq: 1031 },
          ],
        },
      },
    ),
    'no: the last data of the receiver was no TLS closing alert',
  ],
  ['no TLS', said(segment([71, 69, 84], 31)), 'no: the last data of the receiver was no TLS closing alert'],
  ['nothing was said', { receiver: { fin: fin(5) } }, 'no: the last data of the receiver was no TLS closing alert'],
  ['of a third party', said(ALERT, { mechanism: 'third-party likely' }), 'no: the sender named in it did not make it'],
  [
    'data followed the alert',
    said(ALERT, { ...open, sender: { lastData: ago(2, 99) } }),
    'no: data followed the alert',
  ],
  ['… which came before it', said(ALERT, { ...open, sender: { lastData: ago(2, 97) } }), 'likely nobody'],
  ['… and the end was closed', said(ALERT, { sender: { lastData: ago(2, 99) } }), 'certain nobody'],
  [
    'its socket was gone: a reply',
    said(ALERT, { sender: { fin: fin(50) }, reset: { shape: 'reply', trigger: { ...ALERT, latency: 1e6, index: 1 } } }),
    'certain nobody',
  ],
  ['… without a FIN', said(ALERT, { reset: { shape: 'reply' } }), 'no: the sender had not closed'],
  [
    '… drawn by data before it',
    said(ALERT, {
      sender: { fin: fin(50) },
      reset: { shape: 'reply', trigger: trigger({ length: 261, head: Uint8Array.of(23, 3, 3, 1, 0) }) },
    }),
    'no: application data met the closed socket',
  ],
  [
    '… drawn by the FIN',
    said(ALERT, { sender: { fin: fin(50) }, reset: { shape: 'reply', trigger: trigger() } }),
    'certain nobody',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('unread-close-notify', given)).toBe(answer);
});

test('says what came and what became of it', () => {
  expect(tellsOf('unread-close-notify', said(ALERT))).toEqual([
    '98 the client said goodbye (a TLS alert of 31 bytes) {"length":31}',
    '99 and closed its side (FIN)',
    '100 the server closed without reading the alert: RST instead of FIN',
  ]);
  expect(tellsOf('unread-close-notify', said(RECORD, { sender: { fin: fin(50) }, reset: { shape: 'reply' } }))).toEqual(
    [
      '98 the client said goodbye (a TLS record as small as an alert of 24 bytes) {"length":24}',
      '99 and closed its side (FIN)',
      '90 the server had closed its side (FIN)',
      '100 the server had closed its socket: the alert drew an RST',
      'Encrypted: that the last record is the closing alert is inferred from its size.',
    ],
  );
});

describe('in packets', () => {
  /** Two exchanges of TLS records; the server's last record, of `length` octets all told, comes with `octets`, and its FIN. */
  const closed = (length: number, octets: number) => `${opened()}
    0.1000 C > S: [P.] seq 1:106 ack 1 win 502 ${TS} ttl 64 id 3 DF "\\x17\\x03\\x03\\x00\\x64${'a'.repeat(100)}"
    0.1020 S > C: [P.] seq 1:106 ack 106 win 509 ${BACK} ttl 57 id 71 DF "\\x17\\x03\\x03\\x00\\x64${'a'.repeat(100)}"
    0.1030 C > S: [P.] seq 106:211 ack 106 win 502 ${TS} ttl 64 id 4 DF "\\x17\\x03\\x03\\x00\\x64${'a'.repeat(100)}"
    0.1050 S > C: [P.] seq 106:${106 + octets} ack 211 win 509 ${BACK} ttl 57 id 72 DF "\\x17\\x03\\x03\\x00\\x${(length - 5).toString(16)}${'a'.repeat(octets - 5)}"
    0.1051 S > C: [F.] seq ${106 + octets} ack 211 win 509 ${BACK} ttl 57 id 73 DF
    0.1052 C > S: [.] ack ${107 + octets} win 502 ${TS} ttl 64 id 5 DF
    0.1070 C > S: [R.] seq 211 ack ${107 + octets} win 502 ${TS} ttl 64 id 6 DF`;

  test('a record, room for a goodbye behind it, and the FIN', async () => {
    await expectCause(closed(105, 129), { gives: 'unread-close-notify likely', not: 'cancelled-download' });
  });

  test('one record that ends where the segment does: there was no goodbye', async () => {
    await expectCause(closed(129, 129), { gives: 'routine-close-by-reset likely', not: 'unread-close-notify' });
  });
});

/** A TLS client that closed when it had the answer; the server's goodbye of 24 octets met it, captured in either order with the answer's end. */
const met = (last: string) => `
  0.000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> ttl 64
  0.010 S > C: [S.] seq 0 ack 1 win 65160 <mss 1460,sackOK,TS val 900 ecr 100,nop,wscale 7> ttl 57
  0.010 C > S: [.] seq 1 ack 1 win 502 <nop,nop,TS val 110 ecr 900> ttl 64
  0.011 C > S: [P.] seq 1:201 ack 1 win 502 <nop,nop,TS val 111 ecr 900> ttl 64 "\\x16\\x03\\x01\\x00\\xc3\\x01\\x00\\x00"
  0.021 S > C: [P.] seq 1:801 ack 201 win 509 <nop,nop,TS val 911 ecr 111> ttl 57 "\\x16\\x03\\x03\\x00\\x7a\\x02\\x00\\x00"
  0.022 C > S: [P.] seq 201:300 ack 801 win 502 <nop,nop,TS val 122 ecr 911> ttl 64 "\\x17\\x03\\x03\\x00\\x5e\\x09\\x09\\x09"
  0.032 S > C: [P.] seq 801:945 ack 300 win 509 <nop,nop,TS val 922 ecr 122> ttl 57 "\\x17\\x03\\x03\\x00\\x8b\\x09\\x09\\x09"
  0.033 C > S: [F.] seq 300 ack 945 win 502 <nop,nop,TS val 133 ecr 922> ttl 64
  ${last}
  0.043 C > S: [R] seq 300 win 0 ttl 64`;
const GOODBYE =
  'S > C: [P.] seq 945:969 ack 300 win 509 <nop,nop,TS val 933 ecr 122> ttl 57 "\\x17\\x03\\x03\\x00\\x13\\x09\\x09\\x09"';
const AGAIN =
  'S > C: [P.] seq 801:945 ack 300 win 509 <nop,nop,TS val 932 ecr 122> ttl 57 "\\x17\\x03\\x03\\x00\\x8b\\x09\\x09\\x09"';
const LARGER =
  'S > C: [P.] seq 945:1089 ack 300 win 509 <nop,nop,TS val 933 ecr 122> ttl 57 "\\x17\\x03\\x03\\x00\\x8b\\x09\\x09\\x09"';

test.each([
  ['as it was sent', `0.043 ${GOODBYE}`, 'unread-close-notify likely', 'rst-ignored'],
  [
    'captured before data that it follows',
    `0.0429 ${GOODBYE}\n  0.043 ${AGAIN}`,
    'unread-close-notify likely',
    'rst-ignored',
  ],
  ['no goodbye: a record of another size', `0.043 ${LARGER}`, 'data-after-close certain', 'unread-close-notify'],
])('a goodbye that met a closed client, %s', async (_, last, gives, not) => {
  await expectCause(met(last), { gives, not });
});
