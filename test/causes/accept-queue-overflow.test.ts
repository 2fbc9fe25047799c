/** A full accept queue: what its kernel answers, and what else answers so. */
import { expect, test } from 'vitest';
import type { QueueFacts } from '../../src/context/types.js';
import { mark } from '../support/diagnosis.js';
import { ago, answerOf, fin, type Given, listener, MS, tellsOf, trigger } from '../support/signatures.js';

const QUEUE: QueueFacts = { waiting: 0, overtaken: 0 };
const LISTENER = {
  accepted: 3,
  served: 2,
  live: 0,
  acceptedBefore: () => 1,
  acceptedAfter: () => null,
  refusedAfter: () => null,
};
const full = (
  heard: Parameters<typeof listener>[0] | null = {},
  queue: Partial<QueueFacts> | null = {},
  more: Given = {},
): Given => ({
  mechanism: 'kernel-reply likely',
  ...more,
  sender: { syn: ago(50, 90), segments: 1, sndNxt: 5001, ...more.sender },
  receiver: { bytes: 0, ...more.receiver },
  reset: { trigger: trigger(), ...more.reset },
  context: {
    listener: heard === null ? () => null : listener({ ...LISTENER, ...heard }),
    queue: () => (queue === null ? null : { ...QUEUE, ...queue }),
    ...more.context,
  },
});
const at = (time: number | null) => () => time;
const NOW = 10_000 * MS;

test.each<[string, Given, string]>([
  ['among others that were taken', full(), 'likely server-app'],
  ['none was taken before or after', full({ acceptedBefore: at(null) }), 'possible server-app'],
  ['one was taken afterwards', full({ acceptedBefore: at(null), acceptedAfter: at(NOW + 9) }), 'likely server-app'],
  ['no other was taken', full({ accepted: 1 }), 'possible server-app'],
  ['none was served, and none lives', full({ served: 0 }), 'possible server-app'],
  ['none was served, and one lives', full({ served: 0, live: 1 }), 'likely server-app'],
  [
    'none was served, and one was taken afterwards',
    full({ served: 0, acceptedAfter: at(NOW + 9) }),
    'likely server-app',
  ],
  ['nobody knows its queue', full({}, null), 'possible server-app'],
  ['others had overtaken it', full({}, { overtaken: 1 }), 'possible server-app'],
  ['two wait still', full({ accepted: 1 }, { waiting: 2 }), 'likely server-app'],
  [
    '… and were reset with it',
    full(
      { accepted: 1 },
      { waiting: 2 },
      { context: { burst: () => ({ ended: 3, frames: [100, 101, 102] }) as never } },
    ),
    'possible server-app',
  ],
  [
    '… of which one was',
    full({ accepted: 1 }, { waiting: 2 }, { context: { burst: () => ({ ended: 2, frames: [100, 101] }) as never } }),
    'likely server-app',
  ],
  [
    '… which was before it, and does not wait any more',
    full({ accepted: 1 }, { waiting: 1 }, { context: { burst: () => ({ ended: 2, frames: [99, 100] }) as never } }),
    'likely server-app',
  ],
  ['SYNs were dropped', full({ accepted: 1 }, null, { context: { unansweredAround: () => 1 } }), 'likely server-app'],
  ['nothing is known of the listener', full(null), 'possible server-app'],
  [
    'refused right after',
    full({ refusedAfter: at(NOW + 5) }),
    'no: the port refused connections right after: the listener was gone',
  ],
  [
    '… and taken later',
    full({ refusedAfter: at(NOW + 5), acceptedAfter: at(NOW + 9) }),
    'no: the port refused connections right after: the listener was gone',
  ],
  ['taken, and refused later', full({ refusedAfter: at(NOW + 9), acceptedAfter: at(NOW + 5) }), 'likely server-app'],
  [
    'with its first data',
    full({}, {}, { reset: { trigger: trigger({ length: 30 }) }, receiver: { bytes: 30 } }),
    'likely server-app (request lost)',
  ],
  [
    'what drew it was not captured',
    full({}, {}, { reset: { trigger: null, drawn: ago(0, 100) } }),
    'possible server-app',
  ],
  ['nothing drew it', full({}, {}, { reset: { trigger: null, drawn: null } }), 'not asked'],
  [
    'nothing tells who made it',
    full({}, {}, { provenance: { hidden: true }, mechanism: 'kernel-reply possible' }),
    'possible server-app',
  ],
  ['the server had sent data', full({}, {}, { sender: { bytes: 1 } }), 'no: the server had taken the connection'],
  [
    'the server had sent segments of data',
    full({}, {}, { sender: { dataSegments: 1 } }),
    'no: the server had taken the connection',
  ],
  ['the server had closed', full({}, {}, { sender: { fin: fin(5) } }), 'no: the server had taken the connection'],
  [
    'the server went on',
    full({}, {}, { aftermath: { senderWentOn: { ...mark(101, 10_001), length: 0 } } }),
    'no: the server had taken the connection',
  ],
  [
    'nothing of the server is known',
    full({}, {}, { sender: { sndNxt: null } }),
    'no: the server had taken the connection',
  ],
  ['it had sent its SYN-ACK twice', full({}, {}, { sender: { segments: 2, retransmissions: 1 } }), 'likely server-app'],
  [
    'it had sent more',
    full({}, {}, { sender: { segments: 2 } }),
    'no: the server had answered with more than SYN-ACKs',
  ],
  ['the client', full({}, {}, { sender: { role: 'client' }, receiver: { role: 'server' } }), 'not asked'],
  ['its SYN-ACK was not captured', full({}, {}, { sender: { syn: null } }), 'not asked'],
  ['another machine', full({}, {}, { mechanism: 'third-party likely' }), 'no: another machine answered'],
  [
    'no reply',
    full({}, {}, { reset: { shape: 'active' } }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
])('%s', (_, given, answer) => {
  expect(answerOf('accept-queue-overflow', given)).toBe(answer);
});

/** The SYN-ACK came again after it had been acknowledged, and the client's data was not taken; the client gives up. */
const waiting = (server: Given['sender'] = {}, client: Given['sender'] = {}, more: Given = {}): Given => ({
  mechanism: 'live-socket likely',
  ...more,
  sender: { role: 'client', bytes: 30, bytesUnacked: 30, firstData: ago(4000, 60), ...client },
  receiver: { role: 'server', segments: 3, retransmissions: 2, lastSegment: ago(1000, 95), ...server },
  reset: { handshake: { syn: ago(5000, 50), synAck: ago(4900, 51), ack: ago(4800, 52) }, ...more.reset },
});
const byServer: Given = {
  ...waiting(),
  mechanism: 'kernel-reply likely',
  sender: waiting().receiver!,
  receiver: waiting().sender!,
  reset: { ...waiting().reset, shape: 'reply', trigger: trigger() },
};
test.each<[string, Given, string]>([
  ['given up by the client', waiting(), 'likely server-app (request lost)'],
  ['forgotten by the server', byServer, 'likely server-app (request lost)'],
  ['nothing was sent', waiting({}, { bytes: 0, bytesUnacked: 0, firstData: null }), 'likely server-app'],
  [
    'an octet was taken',
    waiting({}, { bytesUnacked: 29 }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  [
    'the SYN-ACK was not repeated',
    waiting({ segments: 1, retransmissions: 0 }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  [
    'the server said more',
    waiting({ segments: 4 }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  [
    'the server closed',
    waiting({ fin: fin(10) }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  [
    'it was repeated before it was acknowledged',
    waiting({ lastSegment: ago(4850, 51) }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  [
    'the server was never heard',
    waiting({ lastSegment: null }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  [
    'it was not acknowledged',
    waiting({}, {}, { reset: { handshake: { syn: ago(5000), synAck: ago(4900), ack: null } } }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  [
    'it was not captured',
    waiting({}, {}, { reset: { handshake: { syn: ago(5000), synAck: null, ack: ago(4800, 52) } } }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  [
    'no handshake',
    waiting({}, {}, { reset: { handshake: null } }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  [
    'nobody knows who was asked',
    waiting({ role: 'responder' }),
    'no: the server did not repeat a SYN-ACK that had been acknowledged',
  ],
  ['another machine', waiting({}, {}, { mechanism: 'third-party likely' }), 'no: another machine answered'],
])('never accepted: %s', (_, given, answer) => {
  expect(answerOf('accept-queue-overflow', given)).toBe(answer);
});

test('says what the kernel did, and what shows that the listener was there', () => {
  expect(tellsOf('accept-queue-overflow', full())).toEqual([
    '90 the kernel accepted the SYN',
    '3 the client completed the handshake: connect() succeeded',
    `100 1 ms after that the server's kernel answered as if there were no connection, with the number of its own SYN-ACK + 1 {"seq":5001,"window":0}`,
    '- the same listener took 2 other connections',
    'A listener that was closed and opened again in that moment (a reload) gives the same packets; nstat TcpExtListenOverflows decides.',
  ]);
  expect(
    tellsOf(
      'accept-queue-overflow',
      full(
        { accepted: 1 },
        { waiting: 2 },
        {
          reset: { trigger: trigger({ length: 30 }) },
          receiver: { bytes: 30 },
          context: { unansweredAround: () => 1 },
        },
      ),
    ),
  ).toEqual([
    '90 the kernel accepted the SYN',
    '3 the client completed the handshake: connect() succeeded',
    `100 1 ms after its first data the server's kernel answered as if there were no connection, with the number of its own SYN-ACK + 1 {"seq":5001,"window":0}`,
    '- SYNs to the same listener had to be repeated in the same seconds: a full queue drops them in silence, a closed port would refuse them',
    '- 2 other connections that had come before and had not been served either lived on: the listener was still there',
    'A listener that was closed and opened again in that moment (a reload) gives the same packets; nstat TcpExtListenOverflows decides.',
  ]);
  expect(
    tellsOf(
      'accept-queue-overflow',
      full(
        {},
        {},
        { reset: { trigger: null, drawn: ago(10, 99), handshake: { syn: ago(60), synAck: ago(50), ack: null } } },
      ),
    ),
  ).toEqual([
    '90 the kernel accepted the SYN',
    `100 40 ms later the server's kernel answered as if there were no connection, with the number of its own SYN-ACK + 1 {"seq":5001,"window":0}`,
    '- the same listener took 2 other connections',
    'A listener that was closed and opened again in that moment (a reload) gives the same packets; nstat TcpExtListenOverflows decides.',
  ]);
  expect(tellsOf('accept-queue-overflow', waiting())).toEqual([
    '52 the client completed the handshake: connect() succeeded',
    '60 its first 30 bytes were never acknowledged, however often they were sent',
    '95 the server sent its SYN-ACK again (2 times), though it had been acknowledged: its kernel had no room in the queue and forgot the acknowledgment',
    '100 at last the client gave up: its socket reset the connection {"seq":5001}',
    "A path on which the client's packets no longer reach the server looks the same at the client; nstat TcpExtListenOverflows on the server decides.",
  ]);
  expect(tellsOf('accept-queue-overflow', { ...byServer, context: { unansweredAround: () => 1 } })).toEqual([
    '52 the client completed the handshake: connect() succeeded',
    '60 its first 30 bytes were never acknowledged, however often they were sent',
    '95 the server sent its SYN-ACK again (2 times), though it had been acknowledged: its kernel had no room in the queue and forgot the acknowledgment',
    '- SYNs to the same listener had to be repeated in the same seconds: a full queue drops them in silence, a closed port would refuse them',
    `100 at last the server's kernel had forgotten the half-open connection: what the client sent drew an RST {"seq":5001}`,
    "A path on which the client's packets no longer reach the server looks the same at the client; nstat TcpExtListenOverflows on the server decides.",
  ]);
});
