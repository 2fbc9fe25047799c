/** What an RST shares with the other packets of its sender: each fact, what is told of it, and where it cannot be told. */
import { describe, expect, test } from 'vitest';
import type { Provenance } from '../../../src/reset/types.js';
import { type ListingOptions, verdictsOf } from '../../support/listing.js';

const MS = 1e6;
const OPTIONS = '<mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7>';

/** The client resets a connection on which it has sent 101 octets; 10 ms lie between the capture and the server. */
const HANDSHAKE = `
  0.000 C > S: [S] seq 0 win 64240 ${OPTIONS} ttl 64 id 100 DF
  0.010 S > C: [S.] seq 0 ack 1 win 65160 ${OPTIONS} ttl 57 id 0 DF
  0.010 C > S: [.] ack 1 win 502 <nop,nop,TS val 10 ecr 1> ttl 64 id 101 DF`;
const SENT = `${HANDSHAKE}
  0.100 C > S: [P.] seq 1:102 ack 1 win 502 <nop,nop,TS val 100 ecr 1> ttl 64 id 102 DF
  0.110 S > C: [.] ack 102 win 509 <nop,nop,TS val 200 ecr 100> ttl 57 id 501 DF`;
const ABORT = '0.500 C > S: [R.] seq 102 ack 1 win 502';
const TS = '<nop,nop,TS val 500 ecr 200>';

async function provenanceOf(listing: string, options: ListingOptions = {}): Promise<Provenance> {
  return (await verdictsOf(listing, options)).at(-1)!.reset.provenance;
}

describe('the TTL of the sender', () => {
  const ttl = async (before: string, fields: string) => (await provenanceOf(`${before}\n ${ABORT} ${fields}`)).ttl;
  const TWICE = SENT.replace(/\n.*seq 1:102.*/, '');

  test('is that of its other packets on the connection', async () => {
    expect(await ttl(SENT, 'ttl 64')).toEqual({ rst: 64, usual: 64, samples: 3, ofHost: false });
    expect(await ttl(SENT, 'ttl 51')).toEqual({ rst: 51, usual: 64, samples: 3, ofHost: false });
  });
  test('is known from two where its host sent no more', async () => {
    expect(await ttl(TWICE, 'ttl 51')).toEqual({ rst: 51, usual: 64, samples: 2, ofHost: false });
  });
  test('… else from the other connections of the host', async () => {
    const other = SENT.replaceAll('C', 'D').replaceAll(/id \d+ /g, '');
    const given = await provenanceOf(`${other}\n${TWICE}\n ${ABORT} ttl 51`, { endpoints: { D: '10.0.0.1.39999' } });
    expect(given.ttl).toEqual({ rst: 51, usual: 64, samples: 4, ofHost: true });
  });
  test('counts only those packets that had it', async () => {
    const rerouted = SENT.replace(/(seq 1:102.*ttl) 64/, '$1 60');
    expect(await ttl(rerouted, 'ttl 60')).toMatchObject({ usual: 64, samples: 2 });
  });
  test('is that of the packets that came by the same way, though there is but one of them and the host sent others', async () => {
    const own = 'mac 02:00:00:00:00:01>02:00:00:00:00:09';
    const far = 'mac 02:00:00:00:00:07>02:00:00:00:00:08';
    const twice = SENT.replaceAll(/(C > S.*)/g, `$1 ${own}`).replace(
      /\n.*seq 1:102.*/,
      (line) => `${line}${line.replace('0.100', '0.150').replace('ttl 64', 'ttl 63').replace(own, far)}`,
    );
    expect(await ttl(twice, `ttl 64 ${far}`)).toEqual({ rst: 64, usual: 63, samples: 1, ofHost: false });
    expect(await ttl(twice, `ttl 64 ${own}`)).toEqual({ rst: 64, usual: 64, samples: 3, ofHost: false });
  });
  test('is not told by an RST without one, nor of a sender without any', async () => {
    expect(await ttl(SENT, '')).toBeNull();
    expect((await provenanceOf('0.1 S > C: [R] seq 7 win 0 ttl 57')).ttl).toBeNull();
    expect(await ttl(SENT.replaceAll('ttl 64 ', ''), 'ttl 64')).toBeNull();
  });
});

describe('the IP ID', () => {
  /** `id` and, where it is counted, the step. */
  const ipId = async (fields: string, before = SENT) => {
    const { ipId: kind, ipIdStep } = await provenanceOf(`${before}\n ${ABORT} ttl 64 ${fields}`);
    return [kind, ipIdStep];
  };
  test.each<[string, string, readonly [Provenance['ipId'], number | null]]>([
    ['the next one', 'id 103 DF', ['continues', 1]],
    ['the last that segments of an offloaded send can reach', 'id 166 DF', ['continues', 64]],
    ['one more', 'id 167 DF', ['breaks', 65]],
    ['the same again', 'id 102 DF', ['breaks', 0]],
    ['one that lies before', 'id 101 DF', ['breaks', 0xffff]],
    ['0', 'id 0 DF', ['zero', null]],
    ['none', '', [null, null]],
  ])('%s', async (_, fields, expected) => {
    expect(await ipId(fields)).toEqual(expected);
  });

  test('0 is the next one behind 65535', async () => {
    expect(await ipId('id 0 DF', SENT.replace('id 102', 'id 65535'))).toEqual(['continues', 1]);
  });
  test('is held against nothing where its sender sent only a SYN, whose number may stand alone', async () => {
    const opened = HANDSHAKE.split('\n').slice(0, 3).join('\n');
    const refuse = (id: number) => `${opened}\n 0.011 C > S: [R] seq 1 win 0 ttl 64 id ${id} DF`;
    expect((await provenanceOf(refuse(4711))).ipId).toBeNull();
    expect((await provenanceOf(refuse(0))).ipId).toBe('zero');
  });
  test('is the trigger’s own', async () => {
    const data = ' 0.200 S > C: [P.] seq 1:51 ack 102 win 509 ttl 57 id 600 DF';
    const reflected = async (id: number, at = '0.201', triggerId = 600) =>
      (
        await provenanceOf(
          `${SENT}\n${data.replace('id 600', `id ${triggerId}`)}\n ${at} C > S: [R] seq 102 win 0 ttl 64 id ${id}`,
        )
      ).ipId;
    expect(await reflected(600)).toBe('mirrors');
    expect(await reflected(601)).toBe('breaks');
    expect(await reflected(0, '0.201', 0)).toBe('zero');
  });
  test('… or that of what its sender was sent last, for as long as one follows from the other', async () => {
    const last = ' 0.200 S > C: [.] ack 102 win 509 ttl 57 id 600 DF';
    const behind = async (time: string) =>
      (await provenanceOf(`${SENT}\n${last}\n ${time} C > S: [R.] seq 102 ack 1 win 502 ttl 64 id 600 DF`)).ipId;
    expect(await behind('0.201')).toBe('mirrors');
    expect(await behind('1.200')).toBe('mirrors');
    expect(await behind('1.201')).toBe('breaks');
  });
  test('of a host with one counter for all may have gone on by any number', async () => {
    const windows = SENT.replace(OPTIONS, '<mss 1460,nop,wscale 8,nop,nop,sackOK>');
    const counted = windows.replace('ttl 64', 'ttl 128').replaceAll('ttl 64', 'ttl 128');
    const at = async (id: number) => {
      const { ipId: kind, ipIdStep } = await provenanceOf(`${counted}\n ${ABORT} ttl 128 id ${id} DF`);
      return [kind, ipIdStep];
    };
    expect(await at(102 + 65)).toEqual([null, 65]);
    expect(await at(102 + 0x7fff)).toEqual([null, 0x7fff]);
    expect(await at(102 + 0x8000)).toEqual(['breaks', 0x8000]);
    expect(await at(102)).toEqual(['breaks', 0]);
  });
});

describe('don’t fragment', () => {
  const differs = async (fields: string, before = SENT) =>
    (await provenanceOf(`${before}\n ${ABORT} ttl 64 ${fields}`)).dfDiffers;
  test('as in all else, or not', async () => {
    expect(await differs('id 103 DF')).toBe(false);
    expect(await differs('id 103 -DF')).toBe(true);
    const clear = SENT.replaceAll(/(C > S.*) DF/g, '$1 -DF');
    expect(await differs('id 103 -DF', clear)).toBe(false);
    expect(await differs('id 103 DF', clear)).toBe(true);
  });
  test('tells nothing of a sender that sets it now and then, nor where the line does not say', async () => {
    const mixed = SENT.replace('id 102 DF', 'id 102 -DF');
    expect(await differs('id 103 DF', mixed)).toBeNull();
    expect(await differs('id 103 -DF', mixed)).toBeNull();
    expect(await differs('')).toBeNull();
    expect(await differs('id 103 DF', SENT.replaceAll(/ id \d+ DF/g, ''))).toBeNull();
  });
});

describe('timestamps', () => {
  const timestamps = async (rst: string, before = SENT) => (await provenanceOf(`${before}\n ${rst}`)).timestamps;
  test('go on, run backwards, or are missing', async () => {
    expect(await timestamps(`${ABORT} ${TS}`)).toBe('kept');
    expect(await timestamps(`${ABORT} <nop,nop,TS val 100 ecr 200>`)).toBe('kept');
    expect(await timestamps(`${ABORT} <nop,nop,TS val 99 ecr 200>`)).toBe('odd');
    expect(await timestamps(ABORT)).toBe('missing');
  });
  test('are expected only where both ends offered them, or the sender went on with them', async () => {
    const plain = SENT.replaceAll(/,TS val 1 ecr 0/g, '').replaceAll(/ <nop,nop,TS[^>]*>/g, '');
    const offered = plain.replace('sackOK,nop', 'sackOK,TS val 1 ecr 0,nop');
    expect(await timestamps(ABORT, plain)).toBeNull();
    expect(await timestamps(ABORT, offered)).toBeNull();
    expect(await timestamps(`${ABORT} ${TS}`, offered)).toBeNull();
    const inTheMiddle = SENT.slice(SENT.indexOf('  0.100'));
    expect(await timestamps(ABORT, inTheMiddle)).toBe('missing');
    const both = HANDSHAKE.split('\n').slice(0, 3).join('\n');
    expect(await timestamps('0.011 C > S: [R] seq 1 win 0', both)).toBe('missing');
  });
});

describe('the window', () => {
  const windowOf = async (listing: string) => (await provenanceOf(listing)).window;
  const data = (window: number) => ` 0.200 S > C: [P.] seq 1:51 ack 102 win ${window} ttl 57`;
  const reply = (window: number) => ` 0.201 C > S: [R.] seq 102 ack 51 win ${window} ttl 64`;
  test('0, one of the socket’s, or that of what drew the RST', async () => {
    expect(await windowOf(`${SENT}\n${data(509)}\n${reply(0)}`)).toBe('zero');
    expect(await windowOf(`${SENT}\n${data(509)}\n${reply(502)}`)).toBe('plausible');
    expect(await windowOf(`${SENT}\n${data(509)}\n${reply(509)}`)).toBe('mirrors');
    expect(await windowOf(`${SENT}\n${data(509)}\n${reply(510)}`)).toBe('plausible');
  });
  test('… which is none where the socket’s own is the same, or nothing drew it', async () => {
    expect(await windowOf(`${SENT}\n${data(502)}\n${reply(502)}`)).toBe('plausible');
    expect(await windowOf(`${SENT}\n ${ABORT.replace('0.500', '1.111').replace('win 502', 'win 509')}`)).toBe(
      'plausible',
    );
  });
});

describe('the MAC address', () => {
  const framed = (text: string) =>
    text
      .replaceAll(/(C > S:.*)/g, '$1 mac 02:00:00:00:00:01>02:00:00:00:00:02')
      .replaceAll(/(S > C:.*)/g, '$1 mac 02:00:00:00:00:02>02:00:00:00:00:01');
  const differs = async (fields: string, before = framed(SENT)) =>
    (await provenanceOf(`${before}\n ${ABORT} ttl 64 ${fields}`)).macDiffers;
  test('is the sender’s, or another’s', async () => {
    expect(await differs('mac 02:00:00:00:00:01>02:00:00:00:00:02')).toBe(false);
    expect(await differs('mac 02:00:00:00:00:09>02:00:00:00:00:02')).toBe(true);
  });
  test('is not compared with none, nor between two interfaces', async () => {
    expect(await differs('')).toBeNull();
    expect(await differs('mac 02:00:00:00:00:09>02:00:00:00:00:02', SENT)).toBeNull();
    expect(await differs('mac 02:00:00:00:00:09>02:00:00:00:00:02 if eth1 in')).toBeNull();
  });
});

describe('too fast', () => {
  /** The server's data, and a refusal of it in the client's name, captured beside the server: 10 ms from the client. */
  const far = (rtt: number) => `
  0.000 C > S: [S] seq 0 win 64240 ${OPTIONS}
  0.000 S > C: [S.] seq 0 ack 1 win 65160 ${OPTIONS}
  ${(rtt / 1000).toFixed(4)} C > S: [.] ack 1 win 502 ${TS}`;
  const DATA = ' 0.200 S > C: [P.] seq 1:51 ack 1 win 509';
  const tooFast = async (ms: number, { rtt = 10, rst = '[R] seq 1 win 0', data = DATA } = {}) => {
    const p = await provenanceOf(`${far(rtt)}\n${data}\n ${(0.2 + ms / 1000).toFixed(5)} C > S: ${rst}`);
    return [p.latency === null ? null : Math.round(p.latency / 1000), p.tooFast];
  };
  test('is what came back sooner than six tenths of the round trip', async () => {
    expect(await tooFast(5.9)).toEqual([5900, true]);
    expect(await tooFast(6.1)).toEqual([6100, false]);
    expect(await tooFast(12)).toEqual([12_000, false]);
  });
  test('is not judged where the round trip is as short as the noise of a scheduler', async () => {
    expect(await tooFast(0.1, { rtt: 3 })).toEqual([100, true]);
    expect(await tooFast(0.1, { rtt: 2.9 })).toEqual([100, false]);
  });
  test('needs a segment that drew it', async () => {
    expect(await tooFast(0.1, { rst: '[R.] seq 1 ack 26 win 502' })).toEqual([null, false]);
  });
  test('with ACK: only of what takes sequence numbers, which a socket had to wait for', async () => {
    expect(await tooFast(0.1, { rst: '[R.] seq 1 ack 51 win 0' })).toEqual([100, true]);
    const fin = DATA.replace('[P.] seq 1:51', '[F.] seq 1');
    expect(await tooFast(0.1, { rst: '[R.] seq 1 ack 2 win 0', data: fin })).toEqual([100, true]);
    // An acknowledgment that met an abort on its way proves nothing.
    const sent = ` 0.190 C > S: [P.] seq 1:31 ack 1 win 502 ${TS}\n 0.200 S > C: [.] ack 31 win 509`;
    expect(await tooFast(0.1, { rst: '[R.] seq 31 ack 1 win 0', data: sent })).toEqual([100, false]);
    expect(await tooFast(0.1, { rst: '[R] seq 31 win 0', data: sent })).toEqual([100, true]);
  });
});

describe('what came beside it', () => {
  const data = ' 0.200 S > C: [P.] seq 1:51 ack 102 win 509 ttl 57 id 600 DF';
  test('resets in the name of both ends, within a round trip or the noise', async () => {
    const both = async (ms: number) =>
      (
        await provenanceOf(
          `${SENT}\n 0.500 S > C: [R.] seq 1 ack 102 win 509 ttl 57\n ${(0.5 + ms / 1000).toFixed(4)} C > S: [R.] seq 102 ack 1 win 502 ttl 64`,
        )
      ).bothEnds?.frame ?? null;
    expect(await both(1)).toBe(6);
    expect(await both(10)).toBe(6);
    expect(await both(10.1)).toBeNull();
    // Two of one end are no pair.
    const twice = `${SENT}\n 0.500 C > S: [R.] seq 102 ack 1 win 502 id 103\n 0.501 C > S: [R.] seq 103 ack 1 win 502 id 104`;
    expect((await provenanceOf(twice)).bothEnds).toBeNull();
  });
  test('… a longer one where the round trip is longer', async () => {
    const slow = SENT.replace('0.010 S', '0.004 S').replace('0.010 C', '0.050 C');
    const { bothEnds } = await provenanceOf(
      `${slow}\n 0.500 S > C: [R.] seq 1 ack 102 win 509\n 0.540 C > S: [R.] seq 102 ack 1 win 502`,
    );
    expect(bothEnds).toMatchObject({ frame: 6, time: 500 * MS });
  });
  test('a volley: other numbers of the same sender within two reply times', async () => {
    const first = ' 0.500 C > S: [R.] seq 102 ack 1 win 502 ttl 64 id 103 DF';
    const second = async (time: string, seq: number) =>
      (await provenanceOf(`${SENT}\n${first}\n ${time} C > S: [R.] seq ${seq} ack 1 win 502 ttl 64 id 104 DF`)).volley;
    expect(await second('0.501', 1562)).toEqual([6]);
    expect(await second('2.500', 1562)).toEqual([6]);
    expect(await second('2.501', 1562)).toEqual([]);
    expect(await second('0.501', 102)).toEqual([]);
  });
  test('those that look the same: TTL, IP ID and DF', async () => {
    const alike = async (fields: string, first = 'ttl 201 id 7 -DF') =>
      (
        await provenanceOf(
          `${SENT}\n 0.500 C > S: [R.] seq 102 ack 1 win 502 ${first}\n 0.501 C > S: [R.] seq 203 ack 1 win 502 ${fields}`,
        )
      ).alike;
    expect(await alike('ttl 201 id 7 -DF')).toEqual([6]);
    expect(await alike('ttl 200 id 7 -DF')).toEqual([]);
    expect(await alike('ttl 201 id 8 -DF')).toEqual([]);
    expect(await alike('ttl 201 id 7 DF')).toEqual([]);
    expect(await alike('', '')).toEqual([]);
  });
  test('the sender that went on, and a SYN-ACK behind a refusal', async () => {
    const on = await provenanceOf(`${SENT}\n ${ABORT} ttl 64\n 0.600 C > S: [P.] seq 102:112 ack 1 win 502 ttl 64`);
    expect(on.senderWentOn).toMatchObject({ frame: 7, length: 10 });
    const refused = await provenanceOf(
      `${HANDSHAKE.split('\n').slice(0, 2).join('\n')}\n 0.001 S > C: [R.] seq 0 ack 1 win 0\n 0.010 S > C: [S.] seq 0 ack 1 win 65160 ${OPTIONS}`,
    );
    expect(refused.synAckAfter).toMatchObject({ frame: 3 });
    expect((await provenanceOf(`${SENT}\n${data}\n ${ABORT} ttl 64`)).synAckAfter).toBeNull();
  });
});

describe('hidden: a text without the IP header of the RST', () => {
  test('has the sender’s other packets, or those of its host', async () => {
    expect((await provenanceOf(`${SENT}\n ${ABORT}`)).hidden).toBe(true);
    expect((await provenanceOf(`${SENT}\n ${ABORT} ttl 64`)).hidden).toBe(false);
    const opened = HANDSHAKE.split('\n').slice(0, 2).join('\n');
    const refused = `${opened}\n 0.010 S > C: [R.] seq 0 ack 1 win 0`;
    expect((await provenanceOf(refused)).hidden).toBe(false);
    const other = SENT.replaceAll('S', 'T').replaceAll('[T', '[S').replaceAll('TackOK', 'sackOK');
    expect(
      (await provenanceOf(`${other}\n${refused.replaceAll('0.0', '1.0')}`, { endpoints: { T: '10.0.0.2.81' } })).hidden,
    ).toBe(true);
  });
  test('… of two ends, not of one host with itself', async () => {
    expect((await provenanceOf(`${SENT}\n ${ABORT}`, { endpoints: { S: '10.0.0.1.80' } })).hidden).toBe(false);
  });
});
