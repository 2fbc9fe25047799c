/** A TLS goodbye that nobody read, and what is no goodbye. */
import { expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
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
