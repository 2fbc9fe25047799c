/** Wireshark's packet list: what tshark prints, what is copied from the window, what it exports as CSV. */
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import { said } from '../../support/listing.js';

const ROWS: readonly (readonly [string, string, string, string, string, string, string])[] = [
  [
    '1',
    '0.000000',
    '10.0.1.2',
    '10.0.2.2',
    'TCP',
    '74',
    '40000 → 5001 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 SACK_PERM TSval=5 TSecr=0 WS=1024',
  ],
  [
    '2',
    '0.000045',
    '10.0.2.2',
    '10.0.1.2',
    'TCP',
    '74',
    '5001 → 40000 [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460 SACK_PERM TSval=9 TSecr=5 WS=1024',
  ],
  [
    '3',
    '0.000057',
    '10.0.1.2',
    '10.0.2.2',
    'TCP',
    '66',
    '40000 → 5001 [ACK] Seq=1 Ack=1 Win=64512 Len=0 TSval=5 TSecr=9',
  ],
  ['5', '0.000131', '10.0.1.2', '10.0.2.2', 'HTTP', '98', 'GET / HTTP/1.1 '],
  [
    '6',
    '0.000153',
    '10.0.2.2',
    '10.0.1.2',
    'TCP',
    '66',
    '5001 → 40000 [ACK] Seq=1 Ack=33 Win=65536 Len=0 TSval=9 TSecr=5',
  ],
  ['7', '0.000185', '10.0.2.2', '10.0.1.2', 'HTTP', '106', 'HTTP/1.1 200 OK '],
  [
    '8',
    '0.000188',
    '10.0.1.2',
    '10.0.2.2',
    'TCP',
    '66',
    '40000 → 5001 [ACK] Seq=33 Ack=41 Win=64512 Len=0 TSval=5 TSecr=9',
  ],
  [
    '9',
    '0.100542',
    '10.0.2.2',
    '10.0.1.2',
    'TCP',
    '66',
    '5001 → 40000 [RST, ACK] Seq=41 Ack=33 Win=65536 Len=0 TSval=109 TSecr=5',
  ],
];

const HEADING = ['No.', 'Time', 'Source', 'Destination', 'Protocol', 'Length', 'Info'];

const FORMS: readonly (readonly [string, string])[] = [
  [
    'tshark-text',
    ROWS.map(
      ([n, t, s, d, ...rest]) => `${n.padStart(5)} ${t.padStart(10)} ${s.padStart(12)} → ${d} ${rest.join(' ')}`,
    ).join('\n'),
  ],
  [
    'tshark-text',
    ROWS.map(([n, t, s, d, ...rest]) => `${n} ${t} ${s} -> ${d} ${rest.join(' ').replace('→', '>')}`).join('\n'),
  ],
  [
    'tshark-text',
    [HEADING, ...ROWS]
      .map((row) => row.map((cell, i) => cell.padEnd([8, 15, 22, 22, 9, 7, 0][i] ?? 0)).join(''))
      .join('\n'),
  ],
  ['tshark-text', [HEADING, ...ROWS].map((row) => row.join('\t')).join('\n')],
  // Columns that somebody added: two more times, the ports, the TTL; or without numbers.
  [
    'tshark-text',
    ROWS.map(([n, t, s, d, p, l, i]) => [n, `2026-11-27 09:00:0${t}`, t, '0.000012', s, d, p, l, i].join('\t')).join(
      '\n',
    ),
  ],
  [
    'tshark-text',
    ROWS.map(([n, t, s, d, p, l, i]) => [n, `09:00:0${t}`, s, '40000', d, '5001', p, l, '64', i].join(' ')).join('\n'),
  ],
  ['wireshark-csv', [HEADING, ...ROWS].map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\n')],
  ['wireshark-csv', ROWS.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n')],
  [
    'wireshark-csv',
    [
      '"Info","Source","Destination","Protocol","Time","No.","Length"',
      ...ROWS.map(([n, t, s, d, p, l, i]) => [i, s, d, p, t, n, l].map((cell) => `"${cell}"`).join(',')),
    ].join('\n'),
  ],
];

const read = (text: string) => diagnose(new TextEncoder().encode(text));

describe.each(FORMS)('%s', (format, text) => {
  test(text.split('\n')[0]?.slice(0, 60) ?? '', async () => {
    const { captures, verdicts } = await read(text);
    expect(captures[0]).toMatchObject({ format, records: 8, segments: 8, warnings: [] });
    expect(verdicts.map(said)).toEqual(['abortive-close likely']);
    const { rst, sender, receiver } = verdicts[0]!.reset;
    // Frames as the list numbers them; windows as on the wire; the rows without ports have their octets.
    expect([rst.frame, rst.window, sender.rawWindow, sender.bytes, receiver.bytes]).toEqual([9, 64, 64, 40, 32]);
    expect(String.fromCharCode(...(receiver.lastMessage?.octets ?? []))).toBe('GET / HTTP/1.1');
  });
});

describe('rows without ports', () => {
  const handshake = (
    port: number,
    n: number,
  ) => `${n} 0.0 10.0.1.2 → 10.0.2.2 TCP 74 ${port} → 80 [SYN] Seq=0 Win=64240 Len=0 MSS=1460
${n + 1} 0.0 10.0.2.2 → 10.0.1.2 TCP 74 80 → ${port} [SYN, ACK] Seq=0 Ack=1 Win=65160 Len=0 MSS=1460
${n + 2} 0.0 10.0.1.2 → 10.0.2.2 TCP 54 ${port} → 80 [ACK] Seq=1 Ack=1 Win=64240 Len=0\n`;

  test('belong to the connection in which a later row shows them', async () => {
    const { captures, verdicts } = await read(
      `${handshake(1000, 1)}${handshake(2000, 4)}7 0.1 10.0.1.2 → 10.0.2.2 HTTP 154 GET /a HTTP/1.1
8 0.1 10.0.1.2 → 10.0.2.2 HTTP 254 GET /b HTTP/1.1
9 0.2 10.0.2.2 → 10.0.1.2 TCP 54 80 → 2000 [RST, ACK] Seq=1 Ack=201 Win=65160 Len=0
10 0.3 10.0.2.2 → 10.0.1.2 TCP 54 80 → 1000 [RST, ACK] Seq=1 Ack=101 Win=65160 Len=0`,
    );
    expect(captures[0]?.warnings).toEqual([]);
    expect(verdicts.map(({ reset }) => [reset.receiver.port, reset.receiver.bytes])).toEqual([
      [2000, 200],
      [1000, 100],
    ]);
  });

  test('of which none shows it are counted, and nothing is likely in what they may have changed', async () => {
    const { captures, verdicts } = await read(
      `${handshake(1000, 1)}${handshake(2000, 4)}7 0.1 10.0.1.2 → 10.0.2.2 HTTP 154 GET /a HTTP/1.1
8 0.2 10.0.2.2 → 10.0.1.2 TCP 54 80 → 2000 [RST] Seq=1 Win=0 Len=0`,
    );
    expect(captures[0]?.warnings).toMatchObject([{ code: 'text-line', count: 1, frame: 7 }]);
    expect(verdicts.map(({ confidence }) => confidence)).toEqual(['possible']);
  });

  test('of other protocols are frames, and no more', async () => {
    const { captures } = await read(
      `${handshake(1000, 1)}4 0.1 10.0.1.2 → 10.0.2.2 DNS 80 Standard query 0x1 A a.example`,
    );
    expect(captures[0]).toMatchObject({ records: 4, segments: 3, warnings: [] });
  });
});

test('two connections that Wireshark counts from 0 are not one', async () => {
  const refused = (
    port: number,
    n: number,
  ) => `${n} 0.0 10.0.1.2 → 10.0.2.2 TCP 74 40000 → ${port} [SYN] Seq=0 Win=64240 Len=0
${n + 1} 0.0 10.0.2.2 → 10.0.1.2 TCP 54 ${port} → 40000 [RST, ACK] Seq=1 Ack=1 Win=0 Len=0\n`;
  const { captures } = await read(refused(80, 1) + refused(81, 3) + refused(80, 5));
  expect(captures[0]).toMatchObject({ resets: 3, deaths: 3, connections: 3 });
});
