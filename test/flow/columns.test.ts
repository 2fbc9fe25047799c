/** The layout of a row is a contract between flow/, context/ and reset/: held here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import * as columns from '../../src/flow/columns.js';

const c = { ...columns };
const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

type Column = Exclude<keyof typeof c, 'BLANK' | 'endpointAt' | 'messageAt'>;

const CONNECTION_WORDS: readonly Column[] = [
  ...(['NEXT', 'PORTS', 'BITS', 'TAIL', 'CLIENT', 'INCARNATION', 'OTHER_SEGMENTS', 'START_FRAME'] as const),
  ...(['ESTABLISHED_FRAME', 'PENDING_SEQ', 'PENDING_SIDE', 'PENDING_FRAME', 'RESET_FIRST', 'RESET_LAST'] as const),
  ...(['ICMP_FRAME', 'ICMP_TYPE_CODE', 'HISTORY_LENGTH', 'ENCAPSULATION', 'LISTENER', 'LISTENER_CLIENT'] as const),
  'FIRST_HASH',
];
const CONNECTION_TIMES: readonly Column[] = ['LAST', 'LAST_PAYLOAD', 'START', 'ESTABLISHED', 'PENDING', 'ICMP'];
const ENDPOINT_WORDS: readonly Column[] = [
  ...(['SND_NXT', 'RCV_NXT', 'E_BITS', 'WINDOW', 'WINDOW_SCALE', 'RIGHT_EDGE', 'LAST_EDGE_ACK', 'SEGMENTS'] as const),
  ...(['LAST_FRAME', 'ACK_MOVED_FRAME', 'RUN', 'PROBES', 'TTL', 'TTL_COUNT', 'IPID_LAST', 'TS_VAL', 'FROZEN'] as const),
  ...(['DATA_SEGMENTS', 'LAST_DATA_FRAME', 'MESSAGES', 'MESSAGE_LENGTH', 'MESSAGE_FRAME', 'ISS', 'FIRST_SEQ'] as const),
  ...(['MSS', 'FIN_SEQ', 'TTL_OTHER', 'MAC', 'RETRANSMISSIONS', 'ZERO_PROBES', 'HOLE_SEQ', 'PATH', 'PATH2'] as const),
  ...(['TTL2', 'TTL2_COUNT', 'SYN_FRAME', 'FIN_FRAME', 'FIN_ACKED_FRAME', 'FIRST_DATA_FRAME', 'SYNS'] as const),
  ...(['ZERO_WINDOW_FRAME', 'FROZEN_FRAME', 'RUN_FIRST_FRAME', 'RUN_LAST_FRAME', 'PROBE_FIRST_FRAME'] as const),
  ...(['PROBE_LAST_FRAME', 'HOLE_END', 'LONGEST', 'SYN_OPTIONS', 'SYN_WINDOW', 'LARGE_SEQ', 'LARGE_BEFORE'] as const),
  ...(['SACK_FRAME', 'SACK_RIGHT', 'SACK_LONGEST', 'SACKS'] as const),
];
const ENDPOINT_TIMES: readonly Column[] = [
  ...(['LAST_TIME', 'ACK_MOVED_TIME', 'LAST_DATA_TIME', 'BYTES', 'MESSAGE_TIME', 'MESSAGE_IDLE', 'SYN_TIME'] as const),
  ...(['FIN_TIME', 'FIN_ACKED_TIME', 'FIRST_DATA_TIME', 'ZERO_WINDOW_TIME', 'FROZEN_TIME', 'RUN_FIRST_TIME'] as const),
  ...(['RUN_LAST_TIME', 'PROBE_FIRST_TIME', 'PROBE_LAST_TIME', 'FIN_IDLE', 'LAST_SYN_TIME', 'UNSEEN'] as const),
  'SACK_TIME',
];
/** What is no column: where something begins, and how much of it there is. */
const PLACES: readonly Column[] = [
  ...(['ADDRESS', 'ENDPOINTS', 'ENDPOINT_WORDS', 'MESSAGE_OCTETS', 'HISTORY_OCTETS', 'HISTORY_AT'] as const),
  ...(['WORDS', 'TIMES', 'OCTETS', 'E_HISTORY_SHIFT', 'SMALL_PAYLOAD'] as const),
];

const run = (from: number, length: number) => Array.from({ length }, (_, i) => from + i);
/** The words that columns occupy: a time is two of them. */
const occupied = (words: readonly Column[], times: readonly Column[]) => [
  ...words.map((name) => c[name]),
  ...times.flatMap((name) => run(2 * c[name], 2)),
];
const bits = Object.keys(c).filter((name) => /^[CE]_/.test(name) && name !== 'E_BITS' && name !== 'E_HISTORY_SHIFT');

describe('the layout of a row', () => {
  test('names every column once: a new one is entered here', () => {
    const listed = [CONNECTION_WORDS, CONNECTION_TIMES, ENDPOINT_WORDS, ENDPOINT_TIMES, PLACES].flat();
    const exported = Object.keys(c).filter((name) => !bits.includes(name));
    expect([...listed, 'BLANK', 'NEVER', 'endpointAt', 'messageAt'].sort()).toEqual(exported.sort());
  });

  test('an endpoint’s columns fill it and never overlap', () => {
    const words = occupied(ENDPOINT_WORDS, ENDPOINT_TIMES).sort((a, b) => a - b);
    expect(words).toEqual(run(0, c.ENDPOINT_WORDS));
  });

  test('nothing of a connection overlaps: words, times, addresses, endpoints, octets', () => {
    const words = [
      ...occupied(CONNECTION_WORDS, CONNECTION_TIMES),
      ...run(c.ADDRESS, 8),
      ...run(c.ENDPOINTS, 2 * c.ENDPOINT_WORDS),
      ...run(Math.floor(c.messageAt(0) / 4), Math.ceil((c.HISTORY_AT + c.HISTORY_OCTETS - c.messageAt(0)) / 4)),
    ];
    expect(new Set(words).size).toBe(words.length);
    expect(Math.max(...words)).toBeLessThan(c.WORDS);
  });

  test('the octets of a message and of the history follow each other', () => {
    expect(c.messageAt(1)).toBe(c.messageAt(0) + 1 + c.MESSAGE_OCTETS);
    expect(c.HISTORY_AT).toBe(c.messageAt(1) + 1 + c.MESSAGE_OCTETS);
    expect(c.HISTORY_AT + c.HISTORY_OCTETS).toBeLessThanOrEqual(4 * c.FIRST_HASH);
  });

  test('a row and an endpoint hold whole float64', () => {
    expect([c.WORDS % 2, c.ENDPOINTS % 2, c.ENDPOINT_WORDS % 2]).toEqual([0, 0, 0]);
    expect([c.TIMES, c.OCTETS]).toEqual([c.WORDS / 2, c.WORDS * 4]);
    expect(c.endpointAt(3, 1)).toBe(3 * c.WORDS + c.ENDPOINTS + c.ENDPOINT_WORDS);
  });

  test.each(['C', 'E'])('bits %s_… are single and different', (kind) => {
    const values = bits.filter((name) => name.startsWith(kind)).map((name) => c[name as Column]);
    expect(values.filter((value) => (value & (value - 1)) !== 0)).toEqual([]);
    expect(new Set(values).size).toBe(values.length);
    if (kind === 'E') expect(Math.max(...values)).toBeLessThan(1 << c.E_HISTORY_SHIFT);
  });
});

describe('outside flow/', () => {
  const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.startsWith('flow/'))
    .map((path) => [path, readFileSync(join(SRC, path), 'utf8')] as const);
  const written = (pattern: RegExp) =>
    new Set(sources.flatMap(([, text]) => [...text.matchAll(pattern)].map(([, name]) => name)));

  test('columns are read by context/, reset/ and what wires and counts', () => {
    const readers = sources.filter(([, text]) => /from '[^']*flow\/columns\.js'/.test(text)).map(([path]) => path);
    expect(readers.filter((path) => !/^(context|reset|summary)\/|^diagnose\.ts$/.test(path))).toEqual([]);
  });

  test('only the words and bits of the observers are written', () => {
    expect([...written(/setWord\((?:c\.)?(\w+)/g)].sort()).toEqual([
      'LISTENER',
      'LISTENER_CLIENT',
      'RESET_FIRST',
      'RESET_LAST',
    ]);
    expect([...written(/\.bits [|&]= ~?(?:c\.)?(\w+)/g)].sort()).toEqual(['C_REFUSED', 'C_SERVED', 'C_TRANSLATED']);
    expect([...written(/\.setTime\((?:c\.)?(\w+)/g)]).toEqual([]);
  });
});
