/**
 * SEGMENT ARRIVES as an onlooker has it (RFC 9293 §3.10.7.4): what each segment leaves of both ends. Every listing ends
 * in an RST, and the facts are what was known when it came.
 */
import { describe, expect, test } from 'vitest';
import type { Reset } from '../../src/reset/types.js';
import { verdictsOf } from '../support/listing.js';

const HANDSHAKE = `
  0.000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,nop,wscale 7>
  0.010 S > C: [S.] seq 0 ack 1 win 65160 <mss 1400,sackOK,nop,wscale 8>
  0.020 C > S: [.] ack 1 win 502`;

/** What is known of both ends, `client` and `server`, and of the connection when the server's RST comes at 9 s. */
async function known(lines: string, handshake = HANDSHAKE) {
  const verdicts = await verdictsOf(`${handshake}\n${lines}\n 9.000 S > C: [R.] seq 1 ack 1 win 0`);
  const { reset } = verdicts.at(-1)!;
  return { reset, client: reset.receiver, server: reset.sender };
}
const notes = ({ tail }: Reset) => tail.map(({ frame, note }) => `${frame} ${note}`);

describe('the handshake leaves', () => {
  test('ISS, MSS, the scales and the times of its three parts', async () => {
    const { client, server, reset } = await known('');
    expect(client).toMatchObject({
      role: 'client',
      iss: 0,
      mss: 1460,
      windowScale: 7,
      rcvWnd: 502 << 7,
      sndNxt: 1,
      rcvNxt: 1,
      syn: { frame: 1 },
    });
    expect(server).toMatchObject({
      role: 'server',
      iss: 0,
      mss: 1400,
      windowScale: 8,
      rcvWnd: 65_160,
      sndNxt: 1,
      sndUna: 1,
      syn: { frame: 2 },
    });
    expect(reset).toMatchObject({
      rtt: 20e6,
      rttParts: { server: 10e6, client: 10e6 },
      phase: 'established',
      history: 'ShA',
    });
  });

  test.each([
    ['neither offered', '', '', 0, 0],
    ['only the client offered', ',nop,wscale 7', '', 0, 0],
    ['only the server offered', '', ',nop,wscale 8', 0, 0],
    ['both offered', ',nop,wscale 7', ',nop,wscale 8', 7, 8],
  ])('a window scale only where both offered one (RFC 7323 §2.2): %s', async (_, client, server, one, other) => {
    const known_ = await known(
      '',
      `
      0.000 C > S: [S] seq 0 win 64240 <mss 1460${client}>
      0.010 S > C: [S.] seq 0 ack 1 win 65160 <mss 1400${server}>
      0.020 C > S: [.] ack 1 win 502`,
    );
    expect([known_.client.windowScale, known_.server.windowScale]).toEqual([one, other]);
  });

  test('retransmissions of a SYN, counted; its round trip cannot be told then', async () => {
    const { client, reset } = await known(
      '',
      `
      0.000 C > S: [S] seq 0 win 64240
      1.000 C > S: [S] seq 0 win 64240
      1.010 S > C: [S.] seq 0 ack 1 win 65160
      1.020 C > S: [.] ack 1 win 502`,
    );
    expect(client).toMatchObject({ retransmissions: 1, segments: 3, syn: { frame: 1 } });
    expect(notes(reset).slice(0, 2)).toEqual(['1 new', '2 retransmission']);
  });
});

describe('sequence numbers', () => {
  test('new data moves SND.NXT and is counted once', async () => {
    const { client } = await known(`
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.2 C > S: [P.] seq 101:151 ack 1 win 502
      0.3 S > C: [.] ack 101 win 509`);
    expect(client).toMatchObject({
      sndNxt: 151,
      sndUna: 101,
      bytes: 150,
      bytesUnacked: 50,
      dataSegments: 2,
      firstData: { frame: 4 },
      lastData: { frame: 5 },
      segments: 4,
    });
  });

  test.each([
    [
      'sent again while outstanding: a run',
      '0.4 C > S: [P.] seq 1:101 ack 1 win 502',
      { retransmissions: 1, retransmitting: { count: 1, first: { frame: 5 }, last: { frame: 5 } } },
      'retransmission',
    ],
    [
      'in part old, in part new: new',
      '0.4 C > S: [P.] seq 51:151 ack 1 win 502',
      { retransmissions: 0, bytes: 150, retransmitting: null },
      'new',
    ],
    [
      'beyond a gap: a hole',
      '0.4 C > S: [P.] seq 201:301 ack 1 win 502',
      { retransmissions: 0, hole: true, sndNxt: 301 },
      'new',
    ],
    [
      'right behind: no hole',
      '0.4 C > S: [P.] seq 101:201 ack 1 win 502',
      { retransmissions: 0, hole: false, sndNxt: 201 },
      'new',
    ],
  ])('%s', async (_, second, facts, note) => {
    const { client, reset } = await known(`0.1 C > S: [P.] seq 1:101 ack 1 win 502\n ${second}`);
    expect(client).toMatchObject(facts);
    expect(notes(reset).at(-1)).toBe(`5 ${note}`);
  });

  test('a run of retransmissions has its first and last, and ends with an acknowledgment', async () => {
    const run = `
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.4 C > S: [P.] seq 1:101 ack 1 win 502
      1.0 C > S: [P.] seq 1:101 ack 1 win 502
      2.2 C > S: [P.] seq 1:101 ack 1 win 502`;
    expect((await known(run)).client).toMatchObject({
      retransmissions: 3,
      retransmitting: { count: 3, first: { frame: 5, time: 400e6 }, last: { frame: 7, time: 2200e6 } },
    });
    expect((await known(`${run}\n 2.3 S > C: [.] ack 101 win 509`)).client).toMatchObject({
      retransmissions: 3,
      retransmitting: null,
    });
  });

  test('data that was acknowledged and comes again is a retransmission but no run', async () => {
    const { client } = await known(`
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.2 S > C: [.] ack 101 win 509
      0.3 C > S: [P.] seq 1:101 ack 1 win 502`);
    expect(client).toMatchObject({ retransmissions: 1, retransmitting: null });
  });

  test('a FIN sent again is a retransmission', async () => {
    const { client } = await known(`
      0.1 C > S: [F.] seq 1 ack 1 win 502
      0.4 C > S: [F.] seq 1 ack 1 win 502`);
    expect(client).toMatchObject({ retransmissions: 1, fin: { frame: 4 }, retransmitting: { count: 1 } });
  });

  test('numbers wrap', async () => {
    const { client } = await known(
      `
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.2 C > S: [P.] seq 101:201 ack 1 win 502
      0.3 S > C: [.] ack 201 win 509`,
      `
      0.000 C > S: [S] seq 4294967200 win 64240
      0.010 S > C: [S.] seq 4294967294 ack 4294967201 win 65160
      0.020 C > S: [.] ack 1 win 502`,
    );
    expect(client).toMatchObject({
      iss: 4294967200,
      sndNxt: 105,
      sndUna: 105,
      bytes: 200,
      hole: false,
      retransmissions: 0,
    });
  });
});

describe('a hole', () => {
  const HOLE = `
    0.1 C > S: [P.] seq 1:101 ack 1 win 502
    0.2 C > S: [P.] seq 201:301 ack 1 win 502`;
  const after = async (line: string) => {
    const { client, reset } = await known(`${HOLE}\n ${line}`);
    return [client.hole, reset.quality.unseen, notes(reset).at(-1)];
  };

  test.each([
    ['stands while what is missing has not come', '0.3 C > S: [P.] seq 301:401 ack 1 win 502', [true, false, '6 new']],
    ['is filled from its start', '0.3 C > S: [P.] seq 101:201 ack 1 win 502', [false, false, '6 out-of-order']],
    ['is not closed from its middle', '0.3 C > S: [P.] seq 151:201 ack 1 win 502', [true, false, '6 out-of-order']],
    [
      'is not closed by what lies before it',
      '0.3 C > S: [P.] seq 1:101 ack 1 win 502',
      [true, false, '6 retransmission'],
    ],
    [
      'is not closed by an acknowledgment of what lies before it',
      '0.3 S > C: [.] ack 101 win 509',
      [true, false, '6 new'],
    ],
    [
      'is the capture’s own where what lies behind it is acknowledged',
      '0.3 S > C: [.] ack 301 win 509',
      [false, true, '6 new'],
    ],
  ])('%s', async (_, line, result) => {
    const [hole, unseen, note] = await after(line);
    expect([hole, unseen, note === '6 none' ? '6 new' : note]).toEqual(result);
  });

  test('is known from SACK blocks of the other end too', async () => {
    const { client } = await known(`
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.2 S > C: [.] ack 1 win 509 <nop,nop,sack 1 {51:101}>`);
    expect(client.hole).toBe(true);
  });

  test('what was acknowledged and never captured is unseen', async () => {
    const { reset } = await known(`
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.2 S > C: [.] ack 151 win 509`);
    expect(reset.quality.unseen).toBe(true);
  });
});

describe('probes carry the number before SND.NXT', () => {
  const DATA = `
    0.1 C > S: [P.] seq 1:101 ack 1 win 502
    0.2 S > C: [.] ack 101 win 509`;

  test.each([
    ['without an octet', '[.] seq 100 ack 1 win 502'],
    ['with one octet of garbage', '[.] seq 100:101 ack 1 win 502'],
  ])('keep-alive, %s: counted, with first, last and interval', async (_, probe) => {
    const { client, reset } = await known(`${DATA}
      1.0 C > S: ${probe}
      2.0 C > S: ${probe}
      3.5 C > S: ${probe}`);
    expect(client.keepAliveProbes).toMatchObject({
      count: 3,
      first: { frame: 6, time: 1e9 },
      last: { frame: 8, time: 3.5e9 },
      interval: 1.25e9,
    });
    expect(client.retransmissions).toBe(0);
    expect(notes(reset).slice(-3)).toEqual(['6 keep-alive', '7 keep-alive', '8 keep-alive']);
  });

  test('an answer ends the count', async () => {
    const { client } = await known(`${DATA}
      1.0 C > S: [.] seq 100 ack 1 win 502
      1.1 S > C: [.] ack 101 win 509`);
    expect(client.keepAliveProbes).toBeNull();
  });

  test('two probers do not end each other’s count', async () => {
    const { client, server } = await known(`${DATA}
      1.0 C > S: [.] seq 100 ack 1 win 502
      1.5 S > C: [.] seq 0 ack 101 win 509
      2.0 C > S: [.] seq 100 ack 1 win 502`);
    expect(client.keepAliveProbes).toMatchObject({ count: 2 });
    expect(server.keepAliveProbes).toMatchObject({ count: 1, interval: 0 });
  });

  test('against a zero window: of that, not keep-alive', async () => {
    const { client, reset } = await known(`
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.2 S > C: [.] ack 101 win 0
      1.0 C > S: [.] seq 100 ack 1 win 502
      2.0 C > S: [.] seq 100:101 ack 1 win 502`);
    expect(client).toMatchObject({ zeroWindowProbes: 2, keepAliveProbes: null });
    expect(notes(reset).slice(-2)).toEqual(['6 zero-window-probe', '7 zero-window-probe']);
  });

  test('one octet that is outstanding is a retransmission', async () => {
    const { client } = await known(`
      0.1 C > S: [P.] seq 1:2 ack 1 win 502
      1.0 C > S: [P.] seq 1:2 ack 1 win 502`);
    expect(client).toMatchObject({ retransmissions: 1, keepAliveProbes: null });
  });

  test('two octets are none', async () => {
    const { client } = await known(`${DATA}\n 1.0 C > S: [P.] seq 99:101 ack 1 win 502`);
    expect(client).toMatchObject({ retransmissions: 1, keepAliveProbes: null });
  });

  test('the FIN sent again is none', async () => {
    const { client } = await known(`
      0.1 C > S: [F.] seq 1 ack 1 win 502
      0.2 S > C: [.] ack 2 win 509
      1.0 C > S: [F.] seq 1 ack 1 win 502`);
    expect(client).toMatchObject({ retransmissions: 1, keepAliveProbes: null });
  });
});

describe('acknowledgments', () => {
  test('that move forward are marked, those that do not are not', async () => {
    const { server, reset } = await known(`
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.2 S > C: [.] ack 101 win 509
      0.3 S > C: [.] ack 101 win 509
      0.4 S > C: [.] ack 101 win 510
      0.5 S > C: [.] ack 51 win 510`);
    expect(server).toMatchObject({ rcvNxt: 101, lastAckMoved: { frame: 5 } });
    expect(notes(reset).slice(-3)).toEqual(['6 duplicate-ack', '7 none', '8 none']);
  });

  test('of a FIN are told by the number behind it', async () => {
    const fin = async (ack: number) =>
      (
        await known(`
          0.1 C > S: [P.] seq 1:101 ack 1 win 502
          0.2 C > S: [F.] seq 101 ack 1 win 502
          0.3 S > C: [.] ack ${ack} win 509`)
      ).client.fin;
    expect(await fin(101)).toMatchObject({ frame: 5, seq: 101, acked: null });
    expect(await fin(102)).toMatchObject({ frame: 5, seq: 101, acked: { frame: 6, time: 300e6 } });
  });
});

describe('a zero window', () => {
  const SHUT = `
    0.1 C > S: [P.] seq 1:101 ack 1 win 502
    0.2 S > C: [.] ack 101 win 0`;
  test('is marked where it began', async () => {
    expect((await known(`${SHUT}\n 0.3 S > C: [.] ack 101 win 0`)).server).toMatchObject({
      zeroWindow: { frame: 5 },
      rcvWnd: 0,
    });
  });
  test('is over when it opens', async () => {
    expect((await known(`${SHUT}\n 0.3 S > C: [.] ack 101 win 1`)).server).toMatchObject({
      zeroWindow: null,
      rcvWnd: 256,
    });
  });
  test('in a SYN is none', async () => {
    const { server } = await known('', HANDSHAKE.replace('win 65160', 'win 0'));
    expect(server.zeroWindow).toBeNull();
  });
});

describe('the right edge (SEG.ACK + SEG.WND)', () => {
  // The server's scale is 8: a window of 250 is 64,000 octets.
  const DATA = `
    0.1 C > S: [P.] seq 1:2561 ack 1 win 502
    0.2 S > C: [.] ack 2561 win 250
    0.3 C > S: [P.] seq 2561:5121 ack 1 win 502`;
  const unread = async (lines: string) => {
    const { server } = await known(`${DATA}\n${lines}`);
    return [server.unreadLowerBound, server.frozenSince?.frame ?? null];
  };

  test('that stands still while octets are acknowledged: nobody read them', async () => {
    expect(await unread('0.4 S > C: [.] ack 5121 win 240')).toEqual([2560, 7]);
  });
  test('that moves by less than a tenth of them stands still; what it moved by was read', async () => {
    expect(await unread('0.4 S > C: [.] ack 5121 win 241')).toEqual([2560 - 256, 7]);
  });
  test('that moves by more than a tenth and less than a half tells nothing', async () => {
    expect(await unread('0.4 S > C: [.] ack 5121 win 242')).toEqual([0, null]);
  });
  test('further octets add up, from the first on', async () => {
    expect(
      await unread(`
        0.4 S > C: [.] ack 5121 win 240
        0.5 C > S: [P.] seq 5121:7681 ack 1 win 502
        0.6 S > C: [.] ack 7681 win 230`),
    ).toEqual([5120, 7]);
  });
  test('that moves on with an acknowledgment: the program reads again', async () => {
    expect(
      await unread(`
        0.4 S > C: [.] ack 5121 win 240
        0.5 C > S: [P.] seq 5121:7681 ack 1 win 502
        0.6 S > C: [.] ack 7681 win 235`),
    ).toEqual([0, null]);
  });
  test('that moves on a little leaves what was unread', async () => {
    expect(
      await unread(`
        0.4 S > C: [.] ack 5121 win 240
        0.5 C > S: [P.] seq 5121:7681 ack 1 win 502
        0.6 S > C: [.] ack 7681 win 234`),
    ).toEqual([2560, 7]);
  });
  test('that a window update moves on: so many were read', async () => {
    expect(await unread('0.4 S > C: [.] ack 5121 win 240\n 0.5 S > C: [.] ack 5121 win 244')).toEqual([2560 - 1024, 7]);
    expect(await unread('0.4 S > C: [.] ack 5121 win 240\n 0.5 S > C: [.] ack 5121 win 350')).toEqual([0, null]);
  });
  test('whose window shrinks: nothing was read', async () => {
    expect(await unread('0.4 S > C: [.] ack 5121 win 240\n 0.5 S > C: [.] ack 5121 win 230')).toEqual([2560, 7]);
  });
  test('is unknown where the scale is', async () => {
    const { server } = await known(DATA, '0.05 S > C: [.] seq 1 ack 1 win 120');
    expect(server).toMatchObject({ unreadLowerBound: null, windowScale: null, rcvWnd: null, rawWindow: 250 });
  });
});

describe('messages', () => {
  test('end when the other side speaks or after a second of silence', async () => {
    const { client, server, reset } = await known(`
      0.1 C > S: [P.] seq 1 ack 1 win 502 "GET /"
      0.2 C > S: [P.] seq 6 ack 1 win 502 "index"
      0.3 S > C: [P.] seq 1:21 ack 11 win 509
      0.5 C > S: [P.] seq 11 ack 21 win 502 "more"
      1.5 C > S: [P.] seq 15:19 ack 21 win 502
      2.501 C > S: [P.] seq 19 ack 21 win 502 "last"`);
    expect(client).toMatchObject({
      messages: 3,
      lastMessage: { first: { frame: 9 }, last: { frame: 9 }, length: 4, idleBefore: 1001e6 },
    });
    expect(new TextDecoder().decode(client.lastMessage!.octets)).toBe('last');
    expect(server).toMatchObject({ messages: 1, lastMessage: { length: 20, idleBefore: 100e6 } });
    expect(reset.idleData).toBe(9e9 - 2.501e9);
  });

  test('keep their first 64 octets, and the first has no silence before it', async () => {
    const { client } = await known(`
      0.1 C > S: [P.] seq 1 ack 1 win 502 "${'0123456789'.repeat(7)}"
      0.2 C > S: [P.] seq 71 ack 1 win 502 "rest"`);
    expect(new TextDecoder().decode(client.lastMessage!.octets)).toBe('0123456789'.repeat(7).slice(0, 64));
    expect(client.lastMessage).toMatchObject({ length: 74, idleBefore: null });
  });

  test('count only octets that are new', async () => {
    const { client } = await known(`
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.2 C > S: [P.] seq 51:151 ack 1 win 502`);
    expect(client.lastMessage).toMatchObject({ length: 150 });
  });
});

describe('a FIN', () => {
  test('leaves its number and the silence before it, once', async () => {
    const { client } = await known(`
      0.1 C > S: [P.] seq 1:101 ack 1 win 502
      0.4 C > S: [FP.] seq 101:111 ack 1 win 502
      0.6 C > S: [FP.] seq 101:111 ack 1 win 502`);
    expect(client).toMatchObject({ fin: { frame: 5, seq: 111, idleBefore: 0 }, sndNxt: 112, bytes: 110 });
  });
  test('after a silence, and without any data before it', async () => {
    const { client } = await known('0.1 C > S: [P.] seq 1:101 ack 1 win 502\n 0.4 C > S: [F.] seq 101 ack 1 win 502');
    expect(client.fin).toMatchObject({ idleBefore: 300e6 });
    expect((await known('0.4 C > S: [F.] seq 1 ack 1 win 502')).client.fin).toMatchObject({ idleBefore: null });
  });
});

describe('baselines of a sender', () => {
  const sent = (segments: readonly string[], rst: string) =>
    verdictsOf(`0.020 C > S: [.] seq 1 ack 1 win 502\n${segments.map((rest, i) => `0.${i + 1} S > C: [P.] seq ${1 + i}:${2 + i} ack 1 win 509 ${rest}`).join('\n')}
      9.0 S > C: [R.] seq ${segments.length + 1} ack 1 win 0 ${rst}`).then((verdicts) => verdicts[0]!.reset.provenance);

  test('its usual TTL is the first one; others are not counted for it', async () => {
    const { ttl } = await sent(['ttl 60', 'ttl 60', 'ttl 61', 'ttl 60'], 'ttl 50');
    expect(ttl).toMatchObject({ rst: 50, usual: 60, samples: 3 });
  });
  test.each([
    ['goes on', 'id 8 DF', { ipId: 'continues', ipIdStep: 1 }],
    ['goes on, some packets not captured', 'id 71 DF', { ipId: 'continues', ipIdStep: 64 }],
    ['jumps', 'id 72 DF', { ipId: 'breaks', ipIdStep: 65 }],
    ['stands still', 'id 7 DF', { ipId: 'breaks', ipIdStep: 0 }],
    ['is 0', 'id 0 DF', { ipId: 'zero' }],
    ['is not told', '', { ipId: null }],
  ])('its IP ID %s', async (_, rst, result) => {
    expect(await sent(['id 6 DF', 'id 7 DF'], rst)).toMatchObject(result);
  });
  test('the IP ID wraps', async () => {
    expect(await sent(['id 65535 DF'], 'id 0 DF')).toMatchObject({ ipId: 'continues', ipIdStep: 1 });
    expect(await sent(['id 65535 DF'], 'id 3 DF')).toMatchObject({ ipId: 'continues', ipIdStep: 4 });
  });
  test.each([
    ['set as ever', ['id 1 DF', 'id 2 DF'], 'id 3 DF', false],
    ['clear, though always set', ['id 1 DF', 'id 2 DF'], 'id 3 -DF', true],
    ['set, though always clear', ['id 1 -DF', 'id 2 -DF'], 'id 3 DF', true],
    ['now so, now so', ['id 1 DF', 'id 2 -DF'], 'id 3 DF', null],
    ['not told', ['', ''], 'id 3 DF', null],
  ])('its DF bit is %s', async (_, segments, rst, result) => {
    expect((await sent(segments, rst)).dfDiffers).toBe(result);
  });
  test.each([
    ['the same', 'mac 02:00:00:00:00:01>02:00:00:00:00:02', false],
    ['another', 'mac 02:00:00:00:00:07>02:00:00:00:00:02', true],
    ['not told', '', null],
  ])('its MAC address is %s', async (_, rst, result) => {
    expect((await sent(['mac 02:00:00:00:00:01>02:00:00:00:00:02'], rst)).macDiffers).toBe(result);
  });
  test.each([
    ['in line', '<nop,nop,TS val 8 ecr 1>', 'kept'],
    ['the same moment', '<nop,nop,TS val 7 ecr 1>', 'kept'],
    ['backwards', '<nop,nop,TS val 6 ecr 1>', 'odd'],
    ['absent', '', 'missing'],
  ])('its timestamps run %s', async (_, rst, result) => {
    expect((await sent(['<nop,nop,TS val 7 ecr 1>'], rst)).timestamps).toBe(result);
  });
  test('timestamps that were never negotiated cannot be missing', async () => {
    expect((await sent([''], '')).timestamps).toBeNull();
  });
});

test('Zeek’s history has each letter once, in order, upper case for the client', async () => {
  const { reset } = await known(`
    0.1 C > S: [P.] seq 1:101 ack 1 win 502
    0.2 C > S: [P.] seq 1:101 ack 1 win 502
    0.3 S > C: [.] ack 101 win 0
    0.4 S > C: [P.] seq 1:11 ack 101 win 509
    0.5 S > C: [F.] seq 11 ack 101 win 509
    0.6 C > S: [F.] seq 101 ack 12 win 502`);
  expect(reset.history).toBe('ShADTawdfF');
});
