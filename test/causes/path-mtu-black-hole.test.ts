/** Large packets are lost and small ones pass, beside whatever else keeps data from being acknowledged. */
import { describe, expect, test } from 'vitest';
import { diagnosisOf, expectCause, SYN, SYN_ACK } from '../support/listing.js';

const TS = '<nop,nop,TS val 101 ecr 901>';
const TS_S = '<nop,nop,TS val 901 ecr 101>';
const HANDSHAKE = `0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64
  0.010 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 57
  0.011 C > S: [.] ack 1 win 502 ${TS} ttl 64
  0.012 C > S: [P.] seq 1:63 ack 1 win 502 ${TS} ttl 64
  0.022 S > C: [.] ack 63 win 509 ${TS_S} ttl 57`;
/** The first full segments, and the first of them again, `count` times at growing intervals from 0.3 s on. */
const upload = (count: number, octets = 1448, behind = '') => `${HANDSHAKE}
  0.030 C > S: [.] seq 63:${63 + octets} ack 1 win 502 ${TS} ttl 64
  0.031 C > S: [.] seq ${63 + octets}:${63 + 2 * octets} ack 1 win 502 ${TS} ttl 64${behind}${again(count, octets)}`;
const again = (count: number, octets: number) =>
  Array.from(
    { length: count },
    (_, i) => `\n  ${(0.1 + 0.2 * 2 ** i).toFixed(3)} C > S: [.] seq 63:${63 + octets} ack 1 win 502 ${TS} ttl 64`,
  ).join('');
/** A last, small segment that arrives: the server reports it with SACK. */
const tail = (octets = 1448, size = 100) => `
  0.032 C > S: [P.] seq ${63 + 2 * octets}:${63 + 2 * octets + size} ack 1 win 502 ${TS} ttl 64
  0.042 S > C: [.] ack 63 win 509 <nop,nop,TS val 901 ecr 101,nop,nop,sack 1 {${63 + 2 * octets}:${63 + 2 * octets + size}}> ttl 57`;
/** The server answers all the same, and the client acknowledges that. */
const answered = (from: number) => `
  ${from.toFixed(3)} S > C: [P.] seq 1:51 ack 63 win 509 ${TS_S} ttl 57
  ${(from + 0.001).toFixed(3)} C > S: [.] ack 51 win 502 ${TS} ttl 64`;
const abort = (time: number, seq = 1) => `\n  ${time.toFixed(3)} S > C: [R.] seq ${seq} ack 63 win 509 ${TS_S} ttl 57`;

describe('before the narrow link', () => {
  test('what is small arrives, as SACK says', async () => {
    const { evidence } = await expectCause(upload(4, 1448, tail()) + abort(8), {
      gives: 'path-mtu-black-hole likely',
      not: 'retransmission-timeout',
    });
    expect(evidence.map(({ frame, text }) => `${frame} ${text}`)).toEqual([
      '10 the client sent a segment of 1,448 bytes again 4 times over 1.4 s: it was not acknowledged, and no segment above 62 bytes ever was',
      '9 smaller ones from behind it arrived: the server said so with SACK (100 bytes at most in a block)',
      '14 the server ended the connection that hung: RST',
    ]);
  });
  test('as large a segment arrives: its size is not why', async () => {
    await expectCause(upload(4, 1300, tail(1300, 1300)) + abort(8), {
      gives: 'close-with-unread-data likely',
      not: 'path-mtu-black-hole',
    });
  });
  test('an acknowledgment arrives: nobody asks for it again', async () => {
    await expectCause(upload(4) + answered(4) + abort(6, 51), {
      gives: 'path-mtu-black-hole likely',
      not: 'retransmission-timeout',
    });
  });
  test('… which is not known so soon', async () => {
    await expectCause(upload(4) + answered(4) + abort(5.4, 51), {
      gives: 'abortive-close likely',
      not: 'retransmission-timeout',
    });
  });
  test('… or where the server asks for it again: the whole direction is dark', async () => {
    const repeated = `\n  4.300 S > C: [P.] seq 1:51 ack 63 win 509 ${TS_S} ttl 57`;
    const { alternatives } = await expectCause(upload(4) + answered(4) + repeated + abort(6, 51), {
      gives: 'server-idle-timeout likely',
      not: 'path-mtu-black-hole?',
    });
    expect(alternatives.map(({ cause, confidence }) => `${cause.id} ${confidence}`)).toContain(
      'path-mtu-black-hole possible',
    );
  });
  test('nothing at all arrives any more: a path that went dark', async () => {
    await expectCause(upload(4) + abort(8), { gives: 'close-with-unread-data likely', not: 'path-mtu-black-hole?' });
  });
  test('a stack that gives up resets, with small packets passing', async () => {
    await expectCause(`${upload(5, 1448, tail())}\n  9.700 C > S: [R.] seq 3059 ack 1 win 502 ${TS} ttl 64`, {
      gives: 'path-mtu-black-hole likely',
      not: 'response-timeout',
    });
  });
  test('… and with nothing passing: retransmission-timeout', async () => {
    await expectCause(`${upload(5)}\n  9.700 C > S: [R.] seq 2959 ack 1 win 502 ${TS} ttl 64`, {
      gives: 'retransmission-timeout likely',
      not: 'path-mtu-black-hole?',
    });
  });
  test('segments that fit any path are lost for another reason', async () => {
    await expectCause(upload(4, 1000, tail(1000)) + abort(8), {
      gives: 'close-with-unread-data likely',
      not: 'path-mtu-black-hole',
    });
  });
  test('segments as large had been acknowledged', async () => {
    const before = `${HANDSHAKE}
  0.023 C > S: [.] seq 63:1511 ack 1 win 502 ${TS} ttl 64
  0.024 S > C: [.] ack 1511 win 509 ${TS_S} ttl 57`;
    const lost = (time: number) => `\n  ${time} C > S: [.] seq 1511:2959 ack 1 win 502 ${TS} ttl 64`;
    await expectCause(
      `${before}${[0.03, 0.3, 0.7, 1.5, 3.1].map(lost).join('')}
  3.200 S > C: [.] ack 1511 win 509 <nop,nop,TS val 901 ecr 101,nop,nop,sack 1 {2959:3000}> ttl 57
  8.000 S > C: [R.] seq 1 ack 1511 win 509 ${TS_S} ttl 57`,
      { gives: 'close-with-unread-data likely', not: 'path-mtu-black-hole' },
    );
  });
  test('a window of zero', async () => {
    const full = `\n  0.050 S > C: [.] ack 63 win 0 ${TS_S} ttl 57`;
    await expectCause(upload(4, 1448, tail() + full) + abort(8), {
      gives: 'close-with-unread-data likely',
      not: 'path-mtu-black-hole',
    });
  });
  test('the large segment draws the RST at last: it arrived', async () => {
    await expectCause(`${upload(4, 1448, tail())}\n  1.711 S > C: [R] seq 1 win 0 ttl 57`, {
      gives: 'unexplained-reply',
      not: 'path-mtu-black-hole',
    });
  });
});

describe('behind the narrow link', () => {
  /** Of the answer only its end came, `size` octets from `from` on. */
  const answer = (from: number, size: number) => `${HANDSHAKE}
  0.100 S > C: [P.] seq ${from}:${from + size} ack 63 win 509 ${TS_S} ttl 57
  0.101 C > S: [.] ack 1 win 502 <nop,nop,TS val 101 ecr 901,nop,nop,sack 1 {${from}:${from + size}}> ttl 64`;
  const later = (time: number, seq: number) =>
    `\n  ${time.toFixed(3)} S > C: [.] seq ${seq} ack 63 win 509 ${TS_S} ttl 57`;
  const gaveUp = `\n  5.000 C > S: [R.] seq 63 ack 1 win 502 ${TS} ttl 64`;

  test('a hole of two full segments stays, and small ones go on coming', async () => {
    await expectCause(answer(2897, 300) + later(4, 3197) + gaveUp, {
      gives: 'path-mtu-black-hole likely',
      not: 'cancelled-download',
    });
  });
  test('nothing comes any more: a path that went dark', async () => {
    const { alternatives } = await expectCause(answer(2897, 300) + gaveUp, {
      gives: 'unexplained-abort possible',
      not: 'path-mtu-black-hole?',
    });
    expect(alternatives.map(({ cause }) => cause.id)).toContain('path-mtu-black-hole');
  });
  test('less than a full segment is missing', async () => {
    await expectCause(answer(1001, 300) + later(4, 1301) + gaveUp, {
      gives: 'response-timeout',
      not: 'path-mtu-black-hole',
    });
  });
  test('full segments arrive', async () => {
    await expectCause(answer(2897, 1448) + later(4, 4345) + gaveUp, {
      gives: 'response-timeout',
      not: 'path-mtu-black-hole',
    });
  });
});

describe('the router said so', () => {
  const said = (mtu: number, time = 0.04) =>
    `\n  ${time.toFixed(3)} IP 10.0.0.254 > 10.0.0.1: ICMP 10.0.0.2 unreachable - need to frag (mtu ${mtu}), length 556`;
  test('and was not heeded: the MSS that would have passed is named', async () => {
    // Certain in a capture that holds the packets whole (captures/path-mtu-black-hole.icmp-ignored.pcap).
    const { evidence, doubt } = await expectCause(upload(4, 1448, said(1400)) + abort(8), {
      gives: 'path-mtu-black-hole likely',
      not: 'retransmission-timeout',
    });
    expect(evidence.map(({ text }) => text)).toContain(
      'a router said that its link takes 1,400 octets (ICMP "fragmentation needed"), an MSS of 1,360, and was not heeded',
    );
    expect(doubt.join(' ')).not.toContain('drops just these segments');
  });
  test('but of larger ones than these', async () => {
    await expectCause(upload(4, 1300, said(1400)) + abort(8), {
      gives: 'close-with-unread-data likely',
      not: 'path-mtu-black-hole?',
    });
  });
});

describe('without a reset', () => {
  const UNTIL = '\n  9.000 10.9.9.9.5 > 10.9.9.8.6: [.] seq 1 ack 1 win 1';
  const told = async (listing: string) =>
    (await diagnosisOf(listing + UNTIL)).endings.map(({ kind, mark, text }) => `${kind} @${mark.frame}: ${text}`);
  test('small packets came through', async () => {
    expect(await told(upload(4, 1448, tail()))).toEqual([
      'path-mtu-black-hole @10: the client sent a segment of 1,448 bytes 5 times in vain, while its smaller packets came through: the path loses large packets, and no router said so (a path-MTU black hole); the programs see a connection that hangs',
    ]);
  });
  test('nothing came through', async () => {
    expect((await told(upload(4)))[0]).toMatch(/^went-silent @8: /);
  });
  test('behind the link', async () => {
    expect(
      await told(`${HANDSHAKE}
  0.100 S > C: [P.] seq 2897:3197 ack 63 win 509 ${TS_S} ttl 57
  0.101 C > S: [.] ack 1 win 502 <nop,nop,TS val 101 ecr 901,nop,nop,sack 1 {2897:3197}> ttl 64
  4.000 S > C: [F.] seq 3197 ack 63 win 509 ${TS_S} ttl 57`),
    ).toEqual([
      'path-mtu-black-hole @7: 2,896 bytes of the server never came, while smaller segments from behind them did (300 bytes at most): the path loses large packets, and no router said so (a path-MTU black hole); the programs see a connection that hangs',
    ]);
  });
  test('smaller segments were tried and taken (RFC 4821)', async () => {
    const probed = `\n  4.000 C > S: [.] seq 63:1087 ack 1 win 502 ${TS} ttl 64
  4.010 S > C: [.] ack 1087 win 509 ${TS_S} ttl 57`;
    expect(await told(upload(4, 1448, tail()) + probed)).toEqual([]);
  });
});
