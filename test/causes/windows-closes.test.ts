/**
 * How Windows ends connections, which no machine here can record: packets after public captures, each story beside
 * the same RST with another story before it.
 */
import { expect, test } from 'vitest';
import { diagnose } from '../../src/index.js';
import { pcap } from '../support/captures.js';
import { octets, option, type PacketFields, tcpPacket } from '../support/packets.js';

const CLIENT = { source: '10.0.0.2', destination: '10.0.0.3', sourcePort: 49_725, destinationPort: 445, ttl: 128 };
const SERVER = { source: '10.0.0.3', destination: '10.0.0.2', sourcePort: 445, destinationPort: 49_725, ttl: 128 };
/** The order of options that only Windows sends. */
const WINDOWS = octets(option.mss(1460), 1, option.windowScale(8), 1, 1, option.sackPermitted);
const LINUX = octets(option.mss(1460), option.sackPermitted, option.timestamps(7, 0), 1, option.windowScale(7));

type Step = readonly [number, PacketFields];

/** A handshake, a request and its answer; both hosts count their packets. */
const exchange = (port = 445, options = WINDOWS): readonly Step[] => {
  const [c, s] = [
    { ...CLIENT, destinationPort: port },
    { ...SERVER, sourcePort: port },
  ];
  return [
    [0, { ...c, flags: 'S', seq: 100, ipId: 10, window: 64_240, options }],
    [1, { ...s, flags: 'SA', seq: 500, ack: 101, ipId: 90, window: 65_535, options }],
    [2, { ...c, flags: 'A', seq: 101, ack: 501, ipId: 11, window: 8212 }],
    [3, { ...c, flags: 'PA', seq: 101, ack: 501, ipId: 12, window: 8212, payload: 'request' }],
    [4, { ...s, flags: 'PA', seq: 501, ack: 108, ipId: 91, window: 2053, payload: 'answer' }],
    [5, { ...c, flags: 'A', seq: 108, ack: 507, ipId: 13, window: 8212 }],
  ];
};

/** The only first verdict of these packets; milliseconds. */
async function verdictOf(steps: readonly Step[]) {
  const { verdicts } = await diagnose(
    pcap(steps.map(([at, fields]) => ({ time: Math.round(at * 1e6), data: tcpPacket(fields) }))),
  );
  const [verdict] = verdicts.filter((v) => v.role === 'first');
  return verdict!;
}

const reset = { flags: 'RA', window: 0 };

test('the server drops what the client had closed: harmless, and its own live socket', async () => {
  const verdict = await verdictOf([
    ...exchange(),
    [6, { ...CLIENT, flags: 'FA', seq: 108, ack: 507, ipId: 14, window: 8212 }],
    [6.1, { ...SERVER, flags: 'A', seq: 507, ack: 109, ipId: 92, window: 2053 }],
    [6.2, { ...SERVER, ...reset, seq: 507, ack: 109, ipId: 93 }],
  ]);
  expect([verdict.cause.id, verdict.severity, verdict.mechanism.kind, verdict.reset.shape]).toEqual([
    'routine-close-by-reset',
    'note',
    'live-socket',
    'active',
  ]);
  expect(verdict.reset.sender.stack?.family).toBe('windows');
});

test.each([
  ['a request that was never answered', 20, 'PA', 'more', 'close-with-unread-data'],
  ['nothing else: the client had not closed', 600, 'A', '', 'abortive-close'],
] as const)('the same RST after %s is no routine', async (_, at, flags, payload, cause) => {
  const verdict = await verdictOf([
    ...exchange(),
    [at, { ...CLIENT, flags, seq: 108, ack: 507, ipId: 14, window: 8212, payload }],
    [at + 0.2, { ...SERVER, ...reset, seq: 507, ack: 108 + payload.length, ipId: 92 }],
  ]);
  expect([verdict.cause.id, verdict.mechanism.kind]).toEqual([cause, 'live-socket']);
});

test.each([
  ['an LDAP unbind', 389, Uint8Array.of(0x30, 5, 2, 1, 9, 0x42, 0)],
  ['an SMB2 logoff', 445, octets(0, 0, 0, 68, 0xfe, 'SMB', 64, 0, 0, 0, 0, 0, 0, 0, 2, 0, new Uint8Array(50))],
  ['a MySQL quit', 3306, Uint8Array.of(1, 0, 0, 0, 1)],
] as const)('a reset after %s is a routine close', async (_, port, payload) => {
  const verdict = await verdictOf([
    ...exchange(port),
    [50, { ...CLIENT, destinationPort: port, flags: 'PA', seq: 108, ack: 507, ipId: 14, window: 8212, payload }],
    [50.2, { ...SERVER, sourcePort: port, ...reset, seq: 507, ack: 108 + payload.length, ipId: 92 }],
  ]);
  expect([verdict.cause.id, verdict.severity]).toEqual(['routine-close-by-reset', 'note']);
});

test.each([
  ['a Windows client', WINDOWS, 'routine-close-by-reset'],
  ['a Linux client, which does not do so by routine,', LINUX, 'unexplained-abort'],
] as const)('%s drops a connection that was silent for 23 s', async (_, options, cause) => {
  const ttl = options === LINUX ? 64 : 128;
  const window = options === LINUX ? 501 : 0;
  const steps = exchange(443, options).map(([at, p]): Step => [at, { ...p, ttl }]);
  const verdict = await verdictOf([
    ...steps,
    [23_000, { ...CLIENT, destinationPort: 443, flags: 'RA', seq: 108, ack: 507, ipId: 14, window, ttl }],
  ]);
  expect(verdict.cause.id).toBe(cause);
});

test('data that comes after its own FIN is answered with RST, ACK: data after close, not an abort', async () => {
  const verdict = await verdictOf([
    ...exchange(),
    [100, { ...CLIENT, flags: 'FA', seq: 108, ack: 507, ipId: 14, window: 8212 }],
    [101, { ...SERVER, flags: 'PA', seq: 507, ack: 109, ipId: 92, window: 2053, payload: 'more of the answer' }],
    [101.1, { ...CLIENT, ...reset, seq: 109, ack: 525, ipId: 15 }],
  ]);
  expect(verdict.cause.id).toBe('data-after-close');
});

test('a box with another TTL that answers with the same numbers is not taken for the host', async () => {
  const verdict = await verdictOf([
    ...exchange(),
    [6, { ...CLIENT, flags: 'FA', seq: 108, ack: 507, ipId: 14, window: 8212 }],
    [6.1, { ...SERVER, flags: 'A', seq: 507, ack: 109, ipId: 92, window: 2053 }],
    [6.2, { ...SERVER, ...reset, seq: 507, ack: 109, ipId: 4711, ttl: 250 }],
  ]);
  expect(verdict.cause.id).not.toBe('routine-close-by-reset');
  expect(verdict.mechanism.kind).toBe('third-party');
});

test.each([
  ['the answer to a QUIT is a goodbye nobody waits for', '221 closing\r\n', 'routine-close-by-reset', 'note'],
  ['an answer that somebody may have waited for is lost', '250 stored\r\n', 'data-after-close', 'error'],
] as const)('%s, though it met a closed socket', async (_, payload, cause, severity) => {
  const verdict = await verdictOf([
    ...exchange(25),
    [
      50,
      { ...CLIENT, destinationPort: 25, flags: 'FPA', seq: 108, ack: 507, ipId: 14, window: 8212, payload: 'QUIT\r\n' },
    ],
    [51, { ...SERVER, sourcePort: 25, flags: 'PA', seq: 507, ack: 115, ipId: 92, window: 2053, payload }],
    [51.1, { ...CLIENT, destinationPort: 25, ...reset, seq: 115, ack: 507 + payload.length, ipId: 15 }],
  ]);
  expect([verdict.cause.id, verdict.severity]).toEqual([cause, severity]);
});

test('Windows is told its errors in the words of Winsock', async () => {
  const verdict = await verdictOf([
    ...exchange(),
    [20, { ...CLIENT, flags: 'PA', seq: 108, ack: 507, ipId: 14, window: 8212, payload: 'more' }],
    [20.2, { ...SERVER, ...reset, seq: 507, ack: 112, ipId: 92 }],
  ]);
  expect(verdict.applications.client).toMatchObject({
    error: 'ECONNRESET',
    text: expect.stringContaining('WSAECONNRESET (10054)'),
  });
});
