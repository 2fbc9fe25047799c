/** What the sender's kernel prints as the reason, as far as the packets predict it. */
import { expect, test } from 'vitest';
import { kernelReasonsOf } from '../../../src/reset/facts/kernel-reasons.js';
import { ACK, FIN } from '../../../src/tcp/control.js';
import { mark } from '../../support/diagnosis.js';
import { ago, fin, type Given, MS, resetOf, trigger } from '../../support/signatures.js';

const reasons = (given: Given) => {
  const reset = resetOf(given);
  return kernelReasonsOf(reset, reset.mechanism).join(' ');
};
const SYN = 2;
const probes = (count: number, last = 50) => ({
  keepAliveProbes: { count, first: ago(200, 90), last: ago(last, 95), interval: 100 * MS },
});
/** A reply of the server's kernel to an acknowledgment, in a connection that was in use. */
const REPLY: Given = {
  sender: { segments: 5, bytes: 10, dataSegments: 1, iss: 5000 },
  reset: { shape: 'reply', trigger: trigger({ ack: 5011 }) },
  mechanism: 'kernel-reply likely',
};
const reply = (reset: Given['reset'], more: Given = {}): Given => ({
  ...REPLY,
  ...more,
  reset: { ...REPLY.reset, ...reset },
});
const closed = (more: Parameters<typeof fin>[1], reset: Given['reset'] = {}, receiver: Given['receiver'] = {}): Given =>
  reply(reset, { sender: { ...REPLY.sender, fin: fin(100, more) }, receiver });
const sibling = (frame: number, fromSender = true) => ({
  siblings: [
    { ...mark(frame, 9_000), fromSender, seq: 1, ack: 1, ttl: 64, ipId: 0, df: true, hasAck: false, window: 0 },
  ],
});
/** The client, which had said nothing yet. */
const waiting = { role: 'client', dataSegments: 0, iss: 1000, segments: 2, bytes: 0 } as const;

test.each<[string, Given, string]>([
  ['of a third party', { mechanism: 'third-party likely' }, ''],
  ['of Windows', { sender: { stack: { family: 'windows' } as never } }, ''],
  ['of Linux', { sender: { stack: { family: 'linux' } as never } }, 'TCP_STATE'],
  ['of a connection that was not captured', { reset: { phase: 'orphan' } }, ''],
  ['with a reason of Multipath TCP', { rst: { mptcp: 8 } }, 'TCP_ABORT_ON_CLOSE'],

  ['an abort behind data', { receiver: { bytes: 1 } }, 'TCP_ABORT_ON_CLOSE TCP_STATE'],
  [
    '… at a shrunk window',
    { receiver: { bytes: 1 }, reset: { shape: 'active-shrunk' } },
    'TCP_ABORT_ON_CLOSE TCP_STATE',
  ],
  ['… behind nothing', { receiver: { bytes: 0 } }, 'TCP_STATE'],
  [
    '… behind what was not captured',
    { receiver: { bytes: 0 }, reset: { quality: { midStream: true } } },
    'TCP_ABORT_ON_CLOSE TCP_STATE',
  ],
  ['… behind two probes', { sender: probes(2), receiver: { lastSegment: ago(300) } }, 'TCP_KEEPALIVE_TIMEOUT'],
  ['… that nobody was heard before', { sender: probes(2) }, 'TCP_KEEPALIVE_TIMEOUT'],
  ['… behind one', { sender: probes(1), receiver: { lastSegment: ago(300) } }, 'TCP_STATE'],
  ['… that was answered', { sender: probes(2), receiver: { lastSegment: ago(50) } }, 'TCP_STATE'],
  ['any other shape', { reset: { shape: 'mirror' } }, ''],

  ['a reply', REPLY, 'NO_SOCKET TCP_FLAGS'],
  ['… of a client', reply({}, { sender: { ...REPLY.sender, role: 'client' } }), 'NO_SOCKET'],
  ['… that follows its own RST', reply(sibling(99), { receiver: { zeroWindow: ago(50) } }), 'NO_SOCKET TCP_FLAGS'],
  ['… of a client', reply(sibling(99), { sender: waiting }), 'NO_SOCKET'],
  ['… which comes before another', reply(sibling(101), { receiver: { zeroWindow: ago(50) } }), 'TCP_ABORT_ON_DATA'],
  [
    '… which follows one of the other end',
    reply(sibling(99, false), { receiver: { zeroWindow: ago(50) } }),
    'TCP_ABORT_ON_DATA',
  ],
  ['to a SYN', reply({ phase: 'syn-sent', shape: 'reply-to-syn' }, { receiver: { zeroWindow: ago(50) } }), 'NO_SOCKET'],
  [
    'to a SYN-ACK of a wrong number',
    reply({ trigger: trigger({ ack: 1500 }) }, { sender: waiting }),
    'TCP_INVALID_ACK_SEQUENCE',
  ],
  [
    '… of the right one',
    reply({ trigger: trigger({ ack: 1001, control: SYN | ACK }) }, { sender: waiting }),
    'NO_SOCKET',
  ],
  [
    '… of a client that had spoken',
    reply({ trigger: trigger({ ack: 1500 }) }, { sender: { ...waiting, dataSegments: 1 } }),
    'NO_SOCKET',
  ],
  [
    '… whose SYN was not captured',
    reply({ trigger: trigger({ ack: 1500 }) }, { sender: { ...waiting, iss: null } }),
    'NO_SOCKET',
  ],
  [
    '… of a server',
    reply({ trigger: trigger({ ack: 1500 }) }, { sender: { ...waiting, role: 'server' } }),
    'NO_SOCKET TCP_FLAGS',
  ],
  ['to nothing that was captured', reply({ trigger: null }, { sender: waiting }), 'NO_SOCKET'],
  ['to a SYN in a connection', reply({ trigger: trigger({ control: SYN | ACK }) }), 'NO_SOCKET'],
  ['where its own SYN waits', reply({ pendingSyn: { ...ago(5), seq: 7, from: 'sender' } }), 'TCP_INVALID_ACK_SEQUENCE'],
  ['where the other’s waits', reply({ pendingSyn: { ...ago(5), seq: 7, from: 'receiver' } }), 'NO_SOCKET TCP_FLAGS'],
  ['of a server that had sent its SYN-ACK', reply({}, { sender: { segments: 1, bytes: 0 } }), ''],
  ['… twice', reply({}, { sender: { segments: 2, retransmissions: 1, bytes: 0 } }), ''],
  ['… and more', reply({}, { sender: { segments: 3, retransmissions: 1, bytes: 0 } }), 'NO_SOCKET TCP_FLAGS'],
  [
    'of a client that had sent one segment',
    reply({}, { sender: { segments: 1, role: 'client', bytes: 0, dataSegments: 1 } }),
    'NO_SOCKET',
  ],
  ['to data that waits at a shut window', reply({}, { receiver: { zeroWindow: ago(50) } }), 'TCP_ABORT_ON_DATA'],
  [
    '… where nothing had been sent',
    reply({}, { sender: { segments: 5, bytes: 0 }, receiver: { zeroWindow: ago(50) } }),
    'NO_SOCKET TCP_FLAGS',
  ],

  ['after its FIN, to data', closed({}, { trigger: trigger({ length: 9 }) }), 'TCP_ABORT_ON_DATA'],
  [
    '… that was acknowledged',
    closed({ acked: ago(80, 95) }, { trigger: trigger({ length: 9 }) }),
    'TCP_TIMEWAIT_SOCKET',
  ],
  ['… with the data', closed({ acked: ago(1, 99) }, { trigger: trigger({ length: 9 }) }), 'TCP_ABORT_ON_DATA'],
  ['… with the bare acknowledgment', closed({ acked: ago(1, 99) }), 'TCP_ABORT_ON_DATA'],
  ['… behind the data', closed({ acked: ago(0, 101) }, { trigger: trigger({ length: 9 }) }), 'TCP_ABORT_ON_DATA'],
  ['… to a bare acknowledgment', closed({}), 'NO_SOCKET TCP_FLAGS'],
  ['… to a FIN', closed({}, { trigger: trigger({ control: ACK | FIN }) }), 'TCP_ABORT_ON_DATA'],
  ['… to nothing that was captured', closed({}, { trigger: null }), 'TCP_ABORT_ON_DATA'],
  [
    'after both FINs',
    closed({}, { trigger: trigger({ length: 9 }) }, { fin: fin(50, { frame: 95 }) }),
    'NO_SOCKET TCP_FLAGS',
  ],
  [
    '… to nothing that was captured',
    closed({}, { trigger: null }, { fin: fin(50, { frame: 95 }) }),
    'NO_SOCKET TCP_FLAGS',
  ],
  [
    'to the other FIN',
    closed({}, { trigger: trigger({ control: ACK | FIN }) }, { fin: fin(1, { frame: 99 }) }),
    'TCP_ABORT_ON_DATA',
  ],
])('%s', (_, given, expected) => {
  expect(reasons(given)).toBe(expected);
});
