/** A balancer that drops all it holds to one backend, and clients that look alike. */
import { expect, test } from 'vitest';
import type { BurstFacts, HostFacts } from '../../src/context/types.js';
import { answerOf, type Given, listener, MS, tellsOf } from '../support/signatures.js';

const S = 1000 * MS;
const BURST: BurstFacts = {
  ended: 3,
  byFin: 0,
  byReset: 3,
  live: 5,
  accepted: 0,
  between: 0,
  shortestIdle: 1 * S,
  longestIdle: 9 * S,
  span: 1 * MS,
  frames: [98, 99, 100],
  first: 9999 * MS,
};
const END = 10_000 * MS;
/** It serves clients itself, and went on 11 ms after the last of these endings. */
const HOST: HostFacts = {
  address: '10.0.2.2',
  ttl: 64,
  ttlSamples: 9,
  stack: null,
  lastSpoke: END + 11 * MS,
  served: 1,
  forgotten: 0,
  forgottenWhileBusy: 0,
  forgottenFrames: [],
};
const removed = (
  burst: Partial<BurstFacts> | null = {},
  host: Partial<HostFacts> | null = {},
  more: Given = {},
): Given => ({
  sender: { role: 'client', bytes: 50 },
  receiver: { role: 'server' },
  ...more,
  context: {
    burst: () => (burst === null ? null : { ...BURST, ...burst }),
    host: () => (host === null ? null : { ...HOST, ...host }),
    ...more.context,
  },
});
const timestamps = { tsVal: 1, tsEcr: 2 };
const again = (after: number) => ({ context: { listener: listener({ acceptedAfter: () => END + after }) } });

test.each<[string, Given, string]>([
  ['all at once, of a proxy', removed(), 'likely network-device'],
  [
    '… within the time of an exchange',
    removed({ span: 50 * MS }, { lastSpoke: END + 99 * MS }),
    'likely network-device',
  ],
  ['… more', removed({ span: 51 * MS }, { lastSpoke: END + 99 * MS }), 'possible network-device'],
  ['it serves nobody', removed({}, { served: 0 }), 'possible network-device'],
  [
    '… but its socket resets all within a millisecond',
    removed({}, { served: 0 }, { rst: { timestamps, window: 9 } }),
    'likely network-device',
  ],
  ['… with window 0', removed({}, { served: 0 }, { rst: { timestamps, window: 0 } }), 'possible network-device'],
  [
    '… without timestamps',
    removed({}, { served: 0 }, { rst: { timestamps: null, window: 9 } }),
    'possible network-device',
  ],
  [
    '… within more',
    removed({ span: 1.1 * MS }, { served: 0 }, { rst: { timestamps, window: 9 } }),
    'possible network-device',
  ],
  ['its host fell silent', removed({}, { lastSpoke: END + 10 * MS }), 'possible network-device'],
  ['its host is unknown', removed({}, null), 'possible network-device'],
  ['two', removed({ ended: 2 }), 'no: no other connection of that host to this backend ended at that moment'],
  ['none', removed(null), 'no: no other connection of that host to this backend ended at that moment'],
  ['three of six', removed({ live: 6 }), 'likely network-device'],
  ['three of seven', removed({ live: 7 }), 'no: other connections to this backend lived on'],
  ['one with FIN', removed({ byFin: 1 }), 'no: some of them ended with FIN'],
  ['more than were open at once', removed({ live: 1 }), 'no: they had not been open at the same time'],
  ['as many as were open', removed({ live: 3 }), 'likely network-device'],
  [
    'the backend is given more within a minute',
    removed({}, {}, again(60 * S)),
    'no: 10.0.1.2:46840 was given new connections 1 min later: it had not been taken out',
  ],
  ['… later', removed({}, {}, again(61 * S)), 'likely network-device'],
  ['the backend itself', removed({}, {}, { sender: { role: 'server' } }), 'not asked'],
  [
    'of a third party',
    removed({}, {}, { mechanism: 'third-party likely' }),
    'no: the sender named in it did not make it',
  ],
  [
    'nothing was sent, and the backend was not captured',
    removed({}, {}, { sender: { role: 'client', bytes: 0 }, receiver: { role: 'server', segments: 0 } }),
    'possible network-device',
  ],
  ['… something was', removed({}, {}, { receiver: { role: 'server', segments: 0 } }), 'likely network-device'],
  ['nothing was sent', removed({}, {}, { sender: { role: 'client', bytes: 0 } }), 'likely network-device'],
])('%s', (_, given, answer) => {
  expect(answerOf('lb-target-removed', given)).toBe(answer);
});

test('says how many, and what else it may be', () => {
  expect(tellsOf('lb-target-removed', removed())).toEqual([
    '98 10.0.2.2 reset all 3 of its connections to 10.0.1.2:46840 within 1 ms, none with FIN (frames 98, 99, 100)',
    '- 10.0.2.2 went on with other connections and serves clients itself: a proxy that lived',
    '100 this is one of them',
    'A pool that drops all connections to one server at once (after an error on one of them) looks the same.',
  ]);
  expect(tellsOf('lb-target-removed', removed({}, { served: 0 }, { rst: { timestamps, window: 9 } }))[1]).toBe(
    '- 10.0.2.2 went on with other connections: its process lived',
  );
  expect(tellsOf('lb-target-removed', removed({}, { served: 0 }))).toEqual([
    '98 10.0.2.2 reset 3 connections to 10.0.1.2:46840 within 1 ms',
    'A client that drops what it holds to one server looks the same, unless the capture shows it as a server too.',
  ]);
  expect(tellsOf('lb-target-removed', removed({}, null)).at(-1)).toBe(
    'A client process that ended with unread data on each looks the same.',
  );
  expect(
    tellsOf(
      'lb-target-removed',
      removed({}, {}, { sender: { role: 'client', bytes: 0 }, receiver: { role: 'server', segments: 0 } }),
    ).at(-1),
  ).toBe('A scan of many ports looks the same where the answers were not captured.');
});
