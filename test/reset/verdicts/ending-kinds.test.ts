/** Connections that failed without an RST, and those that did not fail. */
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import { pcap } from '../../support/captures.js';
import { diagnosisOf } from '../../support/listing.js';
import { ethernet, ipv4, ipv6, octets, tcp, tcpPacket } from '../../support/packets.js';

const O = '<mss 1460,nop,wscale 7>';
const SYN = `0.000 C > S: [S] seq 0 win 64240 ${O}`;
const HANDSHAKE = `${SYN}
  0.001 S > C: [S.] seq 0 ack 1 win 65160 ${O}
  0.002 C > S: [.] ack 1 win 502`;
/** Makes the capture last so long. */
const until = (seconds: number) => `\n ${seconds.toFixed(3)} 10.9.9.9.5 > 10.9.9.8.6: [.] seq 1 ack 1 win 1`;

/** `kind @frame: text` of each. */
async function endings(listing: string): Promise<readonly string[]> {
  const { endings: list } = await diagnosisOf(listing);
  return list.map(({ kind, mark, text, client, server }) => {
    expect([client, server]).toEqual(['10.0.0.1:40000', '10.0.0.2:80']);
    return `${kind} @${mark.frame}: ${text}`;
  });
}

describe('no answer to the SYN', () => {
  const again = `\n 1.000 C > S: [S] seq 0 win 64240 ${O}\n 3.000 C > S: [S] seq 0 win 64240 ${O}`;
  test('sent several times', async () => {
    expect(await endings(SYN + again)).toEqual([
      'no-answer-to-syn @1: no answer to the SYN, sent 3 times over 3 s: a timeout ("connection timed out"), not a reset',
    ]);
  });
  test('sent once, and the capture goes on for a second', async () => {
    expect(await endings(SYN + until(1))).toEqual([
      'no-answer-to-syn @1: no answer to the SYN within 1 s: a timeout ("connection timed out"), not a reset',
    ]);
    expect(await endings(SYN + until(0.999))).toEqual([]);
  });
  test('but whoever acknowledges was answered', async () => {
    expect(await endings(`${SYN + again}\n 3.100 C > S: [.] seq 1 ack 1 win 502`)).toEqual([]);
  });
});

describe('a handshake that is never acknowledged', () => {
  const synAck = (at: number) => `\n ${at.toFixed(3)} S > C: [S.] seq 0 ack 1 win 65160 ${O}`;
  test('three SYN-ACKs', async () => {
    expect(await endings(SYN + synAck(0.001) + synAck(1) + synAck(3))).toEqual([
      'handshake-incomplete @2: the SYN-ACK was sent 3 times and never acknowledged',
    ]);
  });
  test('two may still be answered, and data is an answer', async () => {
    expect(await endings(SYN + synAck(0.001) + synAck(1) + until(9))).toEqual([]);
    const data = '\n 3.100 C > S: [P.] seq 1:11 ack 0 win 502';
    expect(await endings(SYN + synAck(0.001) + synAck(1) + synAck(3) + data)).toEqual([]);
  });
});

describe('a full accept queue', () => {
  const synAck = (at: number) => `\n ${at.toFixed(3)} S > C: [S.] seq 0 ack 1 win 65160 ${O}`;
  const data = (at: number) => `\n ${at.toFixed(3)} C > S: [P.] seq 1:11 ack 1 win 502`;
  test('the SYN-ACK comes again though acknowledged, and data is not taken', async () => {
    expect(await endings(HANDSHAKE + data(0.01) + data(0.3) + synAck(1))).toEqual([
      "accept-queue-full @3: the client completed the handshake, but the server sent its SYN-ACK 1 more time, and took nothing of 10 bytes, sent 2 times: its accept queue was full, or the client's packets no longer reached it; the program sees a connection that never answers",
    ]);
  });
  test('three times more, without data', async () => {
    expect(await endings(HANDSHAKE + synAck(1) + synAck(3) + synAck(7))).toEqual([
      "accept-queue-full @3: the client completed the handshake, but the server sent its SYN-ACK 3 more times: its accept queue was full, or the client's packets no longer reached it; the program sees a connection that never answers",
    ]);
    expect(await endings(HANDSHAKE + synAck(1) + synAck(3))).toEqual([]);
  });
  test('not where data was taken, or the server spoke or closed', async () => {
    const taken = '\n 1.100 S > C: [.] ack 11 win 509';
    expect(await endings(HANDSHAKE + data(0.01) + data(0.3) + synAck(1) + taken)).toEqual([]);
    const spoke = '\n 1.100 S > C: [P.] seq 1:6 ack 1 win 509';
    expect(await endings(HANDSHAKE + data(0.01) + data(0.3) + synAck(1) + spoke)).toEqual([]);
    const closed = '\n 1.100 S > C: [F.] seq 1 ack 1 win 509';
    expect((await endings(HANDSHAKE + synAck(1) + synAck(3) + synAck(7) + closed)).join()).not.toContain(
      'accept-queue',
    );
  });
});

describe('an end that fell silent', () => {
  const data = (at: number, seq = 1) => `\n ${at.toFixed(3)} C > S: [P.] seq ${seq}:${seq + 10} ack 1 win 502`;
  const sent = (from: string, to: string) => (at: number) =>
    `\n ${at.toFixed(3)} ${from} > ${to}: [P.] seq 1:11 ack 1 win 502`;
  const first = `${HANDSHAKE}\n 0.010 S > C: [.] ack 1 win 509`;
  test('the same data four times', async () => {
    expect(await endings(first + data(0.1) + data(0.3) + data(0.7) + data(1.5))).toEqual([
      'went-silent @6: the client sent the same data 4 times over 1.4 s and got no answer: it will see a timeout, not a reset',
    ]);
    const server = sent('S', 'C');
    expect(await endings(first + server(0.1) + server(0.3) + server(0.7) + server(1.5))).toEqual([
      'went-silent @6: the server sent the same data 4 times over 1.4 s and got no answer: it will see a timeout, not a reset',
    ]);
  });
  test('a FIN four times, whatever was acknowledged long before', async () => {
    const fin = (at: number) => `\n ${at.toFixed(3)} C > S: [F.] seq 11 ack 1 win 502`;
    const taken = '\n 0.110 S > C: [.] ack 11 win 509';
    expect(await endings(first + data(0.1) + taken + fin(9) + fin(9.2) + fin(9.6) + fin(10.4))).toEqual([
      'went-silent @8: the client sent its FIN 4 times over 1.4 s and got no answer: whoever still holds the socket will see a timeout, not a reset',
    ]);
    const alone = (at: number) => `\n ${at.toFixed(3)} C > S: [F.] seq 1 ack 1 win 502`;
    expect(await endings(first + alone(9) + alone(9.2) + alone(9.6) + alone(10.4))).toEqual([
      'went-silent @6: the client sent its FIN 4 times over 1.4 s and got no answer: whoever still holds the socket will see a timeout, not a reset',
    ]);
  });
  test('three times may still be answered', async () => {
    expect(await endings(first + data(0.1) + data(0.3) + data(0.7) + until(99))).toEqual([]);
  });
  const probe = (at: number) => `\n ${at.toFixed(3)} S > C: [.] seq 0 ack 1 win 509`;
  test('three probes', async () => {
    expect(await endings(first + probe(60) + probe(70) + probe(80))).toEqual([
      'went-silent @5: 3 keep-alive probes of the server got no answer',
    ]);
    expect(await endings(first + probe(60) + probe(70) + until(99))).toEqual([]);
  });
});

describe('a close before the answer', () => {
  const ask = '\n 0.010 C > S: [P.] seq 1:31 ack 1 win 502';
  const taken = '\n 0.011 S > C: [.] ack 31 win 509';
  const close = '\n 0.020 S > C: [F.] seq 1 ack 31 win 509';
  const FOUND =
    'fin-before-response @6: the server closed with FIN before it answered 30 bytes: programs log that as EOF, "socket hang up", "upstream prematurely closed connection" or 502, never as "connection reset by peer"';
  test('of the server', async () => {
    expect(await endings(HANDSHAKE + ask + taken + close)).toEqual([FOUND]);
    expect(await endings(`${HANDSHAKE + ask + taken + close}\n 0.021 C > S: [F.] seq 31 ack 2 win 502`)).toEqual([
      FOUND,
    ]);
  });
  test('not of the client', async () => {
    const gaveUp = '\n 0.015 C > S: [F.] seq 31 ack 1 win 502';
    expect(await endings(HANDSHAKE + ask + taken + gaveUp + '\n 0.020 S > C: [F.] seq 1 ack 32 win 509')).toEqual([]);
  });
  test('not where it had answered, nothing was asked, or it was asked afterwards', async () => {
    const answer = '\n 0.015 S > C: [P.] seq 1:6 ack 31 win 509';
    expect(await endings(HANDSHAKE + ask + answer + '\n 0.020 S > C: [F.] seq 6 ack 31 win 509')).toEqual([]);
    expect(await endings(HANDSHAKE + '\n 0.020 S > C: [F.] seq 1 ack 1 win 509')).toEqual([]);
    expect(
      await endings(`${HANDSHAKE}\n 0.020 S > C: [F.] seq 1 ack 1 win 509\n 0.030 C > S: [P.] seq 1:31 ack 2 win 502`),
    ).toEqual([]);
  });
  test('not where the capture lacks what may have been the answer', async () => {
    expect(
      await endings(
        `${HANDSHAKE + ask + taken}\n 0.015 C > S: [.] seq 31 ack 50 win 502\n 0.020 S > C: [F.] seq 50 ack 31 win 509`,
      ),
    ).toEqual([]);
    expect(await endings(`${HANDSHAKE + ask + taken}\n 0.020 S > C: [F.] seq 50 ack 31 win 509`)).toEqual([]);
  });
});

describe('no ending', () => {
  test('of a connection that was reset, or goes on', async () => {
    expect(
      await endings(`${SYN}\n 1.000 C > S: [S] seq 0 win 64240 ${O}\n 1.001 S > C: [R.] seq 0 ack 1 win 0`),
    ).toEqual([]);
    expect(
      await endings(
        `${HANDSHAKE}\n 0.010 C > S: [P.] seq 1:31 ack 1 win 502\n 0.020 S > C: [P.] seq 1:6 ack 31 win 509`,
      ),
    ).toEqual([]);
  });
  test('where nobody knows who was the client', async () => {
    const data = (at: number) => ` ${at.toFixed(3)} C > S: [P.] seq 1:11 ack 1 win 502\n`;
    expect(
      await endings(`0.001 S > C: [.] seq 1 ack 1 win 5\n${data(0.1)}${data(0.3)}${data(0.7)}${data(1.5)}`),
    ).toEqual([]);
  });
});

describe('unreachable', () => {
  const syn = {
    source: '10.0.0.1',
    destination: '10.0.0.2',
    sourcePort: 40_000,
    destinationPort: 80,
    flags: 'S',
    seq: 7,
  };
  async function refused(type: number, code: number) {
    const quote = ipv4({ source: '10.0.0.1', destination: '10.0.0.2' }, tcp(syn));
    const icmp = ethernet(
      {},
      ipv4({ source: '10.0.0.254', destination: '10.0.0.1', protocol: 1 }, octets(type, code, [0, 2], [0, 4], quote)),
    );
    const { endings: list } = await diagnose(pcap([{ data: tcpPacket(syn) }, { data: icmp }]));
    return list.map(({ kind, mark, text }) => `${kind} @${mark.frame}: ${text.match(/"([^"]*)"/)?.[1]}`);
  }
  test.each([
    [0, 'network unreachable'],
    [1, 'host unreachable'],
    [2, 'protocol unreachable'],
    [3, 'port unreachable'],
    [5, 'source route failed'],
    [6, 'network unknown'],
    [7, 'host unknown'],
    [8, 'host isolated'],
    [9, 'network prohibited'],
    [10, 'host prohibited'],
    [11, 'network unreachable for TOS'],
    [12, 'host unreachable for TOS'],
    [13, 'administratively prohibited'],
    [14, 'code 14'],
  ])('ICMP code %i: %s', async (code, name) => {
    expect(await refused(3, code)).toEqual([`icmp-unreachable @2: ${name}`]);
  });
  test('what is no failure: too big, quench, redirect, time exceeded', async () => {
    for (const [type, code] of [
      [3, 4],
      [4, 0],
      [5, 1],
      [11, 0],
    ] as const)
      expect(await refused(type, code)).toEqual([]);
  });
  async function refused6(type: number, code: number) {
    const six = { ...syn, source: 'fd00::1', destination: 'fd00::2' };
    const quote = ipv6({ source: six.source, destination: six.destination }, tcp(syn));
    const icmp = ethernet(
      {},
      ipv6({ source: 'fd00::fe', destination: 'fd00::1', protocol: 58 }, octets(type, code, [0, 2], [0, 4], quote)),
    );
    const { endings: list } = await diagnose(pcap([{ data: tcpPacket(six) }, { data: icmp }]));
    return list.map(({ kind, mark, text }) => `${kind} @${mark.frame}: ${text.match(/"([^"]*)"/)?.[1]}`);
  }
  test.each([
    [0, 'no route'],
    [1, 'administratively prohibited'],
    [2, 'beyond scope'],
    [3, 'address unreachable'],
    [4, 'port unreachable'],
    [5, 'policy failed'],
    [6, 'route rejected'],
    [7, 'code 7'],
  ])('ICMPv6 code %i: %s', async (code, name) => {
    expect(await refused6(1, code)).toEqual([`icmp-unreachable @2: ${name}`]);
  });
  test('what is no failure in IPv6: too big', async () => {
    expect(await refused6(2, 0)).toEqual([]);
  });
});
