/** What comes to a socket that both ends had closed: nothing was lost, unless it was new. */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import { BACK, said, served, TS, verdictsOf } from '../support/listing.js';
import { ACK, ago, answerOf, FIN, fin, type Given, tellsOf, trigger } from '../support/signatures.js';

/** Both closed; the client's FIN takes number 1041, and all before it had arrived. */
const CLOSED: Given = {
  sender: { fin: fin(100, { frame: 90 }), rcvNxt: 1042 },
  receiver: { fin: fin(50, { frame: 95, seq: 1041 }) },
  reset: { trigger: trigger({ seq: 1042 }) },
  mechanism: 'kernel-reply likely',
};
const drawnBy = (more: Parameters<typeof trigger>[0]): Given => ({ ...CLOSED, reset: { trigger: trigger(more) } });
const theirFin = { ...makeSegment(95, 9_950, 'receiver', ACK | FIN), seq: 1041, latency: 50e6, index: 0 };
const flagsOnly = { quality: { flagsOnly: true } };

test.each<[string, Given, string]>([
  ['a late acknowledgment', CLOSED, 'certain nobody'],
  ['old data once more', drawnBy({ seq: 1001, length: 41 }), 'certain nobody'],
  ['… and an octet more', drawnBy({ seq: 1001, length: 42 }), 'no: new data came after the close (99)'],
  [
    'data, of which nobody knows what had come',
    { ...drawnBy({ seq: 1, length: 1 }), sender: { ...CLOSED.sender, rcvNxt: null } },
    'no: new data came after the close (99)',
  ],
  [
    'octets that were never acknowledged',
    { ...CLOSED, receiver: { ...CLOSED.receiver, bytesUnacked: 19 } },
    'likely nobody',
  ],
  ['the other FIN itself', { ...CLOSED, reset: { trigger: theirFin } }, 'likely nobody'],
  [
    '… whose own had been acknowledged',
    { ...CLOSED, sender: { ...CLOSED.sender, fin: fin(100, { acked: ago(80, 92) }) }, reset: { trigger: theirFin } },
    'certain nobody',
  ],
  ['what drew it was not captured', { ...CLOSED, reset: { trigger: null, drawn: ago(0, 100) } }, 'likely nobody'],
  ['it had not closed', { ...CLOSED, sender: { ...CLOSED.sender, fin: null } }, 'no: not both sides had closed'],
  ['the other had not closed', { ...CLOSED, receiver: { fin: null } }, 'no: not both sides had closed'],
  ['of a third party', { ...CLOSED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
  [
    'the FIN stands behind a hole',
    { ...CLOSED, sender: { ...CLOSED.sender, rcvNxt: 1031 }, receiver: { ...CLOSED.receiver, hole: true } },
    "no: 10 bytes before the client's FIN had never arrived",
  ],
  ['… that nobody saw', { ...CLOSED, sender: { ...CLOSED.sender, rcvNxt: 1031 } }, 'certain nobody'],
  ['a hole that was filled', { ...CLOSED, receiver: { ...CLOSED.receiver, hole: true } }, 'certain nobody'],
  [
    'a hole, nobody knows where',
    { ...CLOSED, sender: { ...CLOSED.sender, rcvNxt: null }, receiver: { ...CLOSED.receiver, hole: true } },
    'certain nobody',
  ],
  [
    'a hole, and what drew it was not captured',
    {
      ...CLOSED,
      sender: { ...CLOSED.sender, rcvNxt: 1031 },
      receiver: { ...CLOSED.receiver, hole: true },
      reset: { trigger: null, drawn: ago(0, 100) },
    },
    'likely nobody',
  ],
  [
    'data before the other FIN that a capture of flags lacks',
    { ...CLOSED, sender: { ...CLOSED.sender, rcvNxt: 1031 }, reset: { ...CLOSED.reset, ...flagsOnly } },
    'no: 10 bytes that are not in this capture came after the close',
  ],
  [
    '… none',
    { ...CLOSED, sender: { ...CLOSED.sender, rcvNxt: 1041 }, reset: { ...CLOSED.reset, ...flagsOnly } },
    'certain nobody',
  ],
  [
    '… nobody knows',
    { ...CLOSED, sender: { ...CLOSED.sender, rcvNxt: null }, reset: { ...CLOSED.reset, ...flagsOnly } },
    'certain nobody',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('late-segment-after-close', given)).toBe(answer);
});

test('says what came', () => {
  expect(tellsOf('late-segment-after-close', CLOSED)).toEqual([
    '90 the server closed its side (FIN)',
    '95 the client closed its side (FIN)',
    '99 a late segment without new data followed',
    '100 the server had forgotten the connection by then: RST',
  ]);
  expect(tellsOf('late-segment-after-close', drawnBy({ seq: 1001, length: 41 }))[2]).toBe(
    '99 old data was sent once more',
  );
  expect(tellsOf('late-segment-after-close', drawnBy({ seq: 1041, control: ACK | FIN }))[2]).toBe(
    '99 the FIN was sent once more',
  );
  expect(tellsOf('late-segment-after-close', { ...CLOSED, reset: { trigger: theirFin } })).toHaveLength(3);
  expect(tellsOf('late-segment-after-close', { ...CLOSED, reset: { trigger: null, drawn: ago(0, 100) } })).toEqual([
    '90 the server closed its side (FIN)',
    '95 the client closed its side (FIN)',
    '100 the server had forgotten the connection by then: RST',
    'What drew it is not in this capture: after both FINs nothing new can have come.',
  ]);
});

describe('an acknowledgment of both FINs, which drew an RST', () => {
  const closed = (first: string) => `
    ${served()}
    1.000 S > C: [F.] seq 20 ack 19 win 509 ${BACK} ttl 57 id 71 DF
    1.001 C > S: [F.] seq 19 ack 21 win 502 ${TS} ttl 64 id 5 DF
    ${first}
    1.300 S > C: [.] seq 21 ack 20 win 509 ${BACK} ttl 57 id 73 DF
    1.301 C > S: [R] seq 20 win 0 ttl 64 id 0 DF`;
  const last = async (text: string) => (await verdictsOf(text)).map(said).at(-1);

  test('is likely where it is the first in the capture: its receiver would have waited for it', async () => {
    expect(await last(closed(''))).toBe('late-segment-after-close likely');
  });
  test('… and where it was said before, and nothing asked again', async () => {
    const said = closed(`1.002 S > C: [.] seq 21 ack 20 win 509 ${BACK} ttl 57 id 72 DF`);
    expect(await last(said)).toBe('late-segment-after-close likely');
  });
  test('is certain where the FIN was sent once more', async () => {
    const again = closed(`1.002 S > C: [.] seq 21 ack 20 win 509 ${BACK} ttl 57 id 72 DF
    1.250 C > S: [F.] seq 19 ack 21 win 502 ${TS} ttl 64 id 6 DF`);
    expect(await last(again)).toBe('late-segment-after-close certain');
  });
});
