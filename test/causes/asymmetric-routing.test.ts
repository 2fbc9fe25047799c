/** A device that saw half of the handshake cuts what it takes for no connection. */
import { describe, expect, test } from 'vitest';
import { evidence } from '../support/diagnosis.js';
import { expectCause, opened, served, TS } from '../support/listing.js';
import { ago, answerOf, type Given, listener, MS, mark, tellsOf, trigger } from '../support/signatures.js';

/** The handshake's last packet, a millisecond before the RST. */
const last = trigger({ ack: 5001 });
const CUT: Given = {
  sender: { syn: ago(41, 97), iss: 5000, dataSegments: 0 },
  receiver: { dataSegments: 0 },
  reset: {
    trigger: last,
    handshake: { syn: ago(80, 96), synAck: ago(41, 97), ack: ago(1, 99) },
    accepted: ago(1, 99),
  },
  mechanism: 'third-party likely',
};
const data = trigger({ ack: 5001, length: 30 });
/** The client's direction was not captured. */
const unheard: Given = { ...CUT, reset: { ...CUT.reset, trigger: null, drawn: ago(1, 99) } };

test.each<[string, Given, string]>([
  ['the bare acknowledgment drew it', CUT, 'likely network-device'],
  ['the first data drew it', { ...CUT, reset: { ...CUT.reset, trigger: data } }, 'possible network-device'],
  ['what drew it was not captured', unheard, 'possible network-device'],
  ['… the server waits on', { ...unheard, aftermath: { synAck: mark(110, 11_000) } }, 'likely network-device'],
  ['… all ended so', { ...unheard, context: { listener: listener({ accepted: 2 }) } }, 'likely network-device'],
  ['… one ended so', { ...unheard, context: { listener: listener({ accepted: 1 }) } }, 'possible network-device'],
  [
    'the host made it',
    { ...CUT, mechanism: 'kernel-reply likely' },
    'no: nothing shows that anyone but the named sender made it',
  ],
  [
    'in the name of the client',
    { ...CUT, sender: { ...CUT.sender, role: 'client' } },
    'no: the connection was beyond its first packets',
  ],
  [
    'the server had answered',
    { ...CUT, sender: { ...CUT.sender, dataSegments: 1 } },
    'no: the connection was beyond its first packets',
  ],
  [
    'the client was in its second request',
    { ...CUT, receiver: { dataSegments: 2 } },
    'no: the connection had lived for 0 µs',
  ],
  [
    'no handshake',
    { ...CUT, reset: { ...CUT.reset, handshake: null, accepted: null, trigger: data } },
    'no: the connection was beyond its first packets',
  ],
  [
    'its last packet came out of order, and is what drew it',
    {
      ...CUT,
      reset: { ...CUT.reset, handshake: { syn: ago(80, 96), synAck: ago(41, 97), ack: null }, accepted: null },
    },
    'likely network-device',
  ],
  [
    '… or is it, at another number',
    {
      ...CUT,
      reset: { ...CUT.reset, handshake: null, accepted: null, trigger: trigger({ ack: 5002 }) },
    },
    'no: the connection was beyond its first packets',
  ],
  [
    'a slow answer',
    { ...CUT, reset: { ...CUT.reset, trigger: trigger({ ack: 5001, latency: 50 * MS }) } },
    'likely network-device',
  ],
  [
    '… slower',
    { ...CUT, reset: { ...CUT.reset, trigger: trigger({ ack: 5001, latency: 51 * MS }) } },
    'no: it came 51 ms after the packet that it should answer: a device answers at once',
  ],
  [
    '… within a longer round trip',
    { ...CUT, reset: { ...CUT.reset, rtt: 30 * MS, trigger: trigger({ ack: 5001, latency: 80 * MS }) } },
    'likely network-device',
  ],
  [
    'data after a pause',
    {
      ...CUT,
      reset: { ...CUT.reset, trigger: data, handshake: { syn: ago(80), synAck: ago(60), ack: ago(52) } },
    },
    'no: the connection had lived for 51 ms',
  ],
  [
    'the listener serves others',
    { ...CUT, context: { listener: listener({ served: 2, accepted: 3 }) } },
    'no: 2 other connections to 10.0.2.2:5007 passed',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('asymmetric-routing', given)).toBe(answer);
});

test('says what drew it', () => {
  const three = ['ttl', 'window', 'ip id'].map((text) => evidence(100, text));
  expect(tellsOf('asymmetric-routing', { ...CUT, facts: three })).toEqual([
    '97 the server accepted the connection',
    '99 the last packet of the handshake, without any content, drew the reset',
    '100 somebody else than the server made it {"ttl":63,"window":0}',
    '100 ttl',
    '100 window',
    'A rule of that device that forbids this service looks the same; its log decides.',
  ]);
  expect(tellsOf('asymmetric-routing', { ...CUT, reset: { ...CUT.reset, trigger: data } })).toEqual([
    '97 the server accepted the connection',
    "99 the client's first data drew the reset",
    '100 somebody else than the server made it {"ttl":63,"window":0}',
    'A rule of that device that forbids this service looks the same; its log decides.',
  ]);
  expect(
    tellsOf('asymmetric-routing', {
      ...unheard,
      reset: { ...unheard.reset, handshake: null },
      aftermath: { synAck: mark(110, 11_000) },
    }),
  ).toEqual([
    '97 the server accepted the connection',
    '99 what drew the reset never reached the server, which sent its SYN-ACK again',
    '100 somebody else than the server made it {"ttl":63,"window":0}',
    'A rule of that device that forbids this service looks the same; its log decides.',
  ]);
  expect(tellsOf('asymmetric-routing', { ...unheard, context: { listener: listener({ accepted: 2 }) } })).toEqual([
    '97 the server accepted the connection',
    '99 what drew the reset is not in this capture, but all of 2 connections ended so',
    '100 somebody else than the server made it {"ttl":63,"window":0}',
    'A rule of that device that forbids this service looks the same; its log decides.',
  ]);
});

describe('asymmetric-routing in packets', () => {
  const cut = (at: number, ttl: number) => `
    ${at.toFixed(4)} S > C: [R.] seq 1 ack 1 win 0 ttl ${ttl} id 4000`;

  test('a box two hops away mirrors the last packet of the handshake', async () => {
    await expectCause(opened() + cut(0.0021, 253), {
      gives: 'asymmetric-routing likely',
      not: ['listener-closed-mid-handshake', 'accept-queue-overflow'],
    });
  });

  test('with the TTL of the host and its marks it is that host: a full queue, or a listener that is gone', async () => {
    const own = `
    0.0021 S > C: [R] seq 1 win 0 ttl 57 id 0 DF`;
    await expectCause(opened() + own, { gives: 'unexplained-reply', not: 'asymmetric-routing' });
  });

  test('drawn by the first request it is a filter', async () => {
    const asked = `${opened()}
    0.003 C > S: [P.] seq 1 ack 1 win 502 ${TS} ttl 64 id 3 DF "GET / HTTP/1.1\\r\\n\\r\\n"
    0.0031 S > C: [R] seq 1 win 0 ttl 254 id 4000`;
    await expectCause(asked, { gives: 'blocked-by-policy likely', not: 'asymmetric-routing?' });
  });

  test('where others of that server passed, the device sees both directions', async () => {
    await expectCause(served('C2', 'S', 0, 3000) + opened('C', 'S', 1) + cut(1.0021, 253), {
      gives: 'forged-reset',
      not: 'asymmetric-routing',
    });
  });
});
