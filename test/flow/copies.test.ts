/** Segments that were captured more than once, each rule and what is just beyond it. */
import { describe, expect, test } from 'vitest';
import { diagnosisOf, verdictsOf } from '../support/listing.js';
import { track } from '../support/tracking.js';

const HANDSHAKE = `
  0.000 C > S: [S] seq 0 win 64240 ttl 64 id 1 DF
  0.010 S > C: [S.] seq 0 ack 1 win 65160 ttl 60 id 0 DF
  0.020 C > S: [.] ack 1 win 502 ttl 64 id 2 DF`;
const REQUEST = '0.100 C > S: [P.] seq 1:11 ack 1 win 502 ttl 64 id 3 DF';
const copies = (rest: string) => track(`${HANDSHAKE}\n${REQUEST}\n${rest}`).tracker.copies;

describe('of a segment with an IP ID', () => {
  test.each([
    ['the same once more', '0.1002 C > S: [P.] seq 1:11 ack 1 win 502 ttl 64 id 3 DF', 1],
    ['the same behind a router', '0.1002 C > S: [P.] seq 1:11 ack 1 win 502 ttl 63 id 3 DF', 1],
    ['with another IP ID: sent again', '0.1002 C > S: [P.] seq 1:11 ack 1 win 502 ttl 64 id 4 DF', 0],
    ['with another window', '0.1002 C > S: [P.] seq 1:11 ack 1 win 503 ttl 64 id 3 DF', 0],
    ['1 ms later', '0.101 C > S: [P.] seq 1:11 ack 1 win 502 ttl 64 id 3 DF', 1],
    ['more than 1 ms later', '0.10101 C > S: [P.] seq 1:11 ack 1 win 502 ttl 64 id 3 DF', 0],
    ['of the other side', '0.1002 S > C: [P.] seq 1:11 ack 1 win 502 ttl 64 id 3 DF', 0],
    [
      'behind another segment',
      `0.1001 S > C: [.] ack 11 win 509 ttl 60 id 9 DF
      0.1002 C > S: [P.] seq 1:11 ack 1 win 502 ttl 64 id 3 DF`,
      1,
    ],
    [
      'and another',
      `0.1002 C > S: [P.] seq 1:11 ack 1 win 502 ttl 64 id 3 DF
      0.1003 C > S: [P.] seq 1:11 ack 1 win 502 ttl 64 id 3 DF`,
      2,
    ],
  ])('%s', (_, rest, count) => {
    expect(copies(rest)).toBe(count);
  });
});

describe('captured elsewhere on the path, in a file put together of several', () => {
  const mac = (n: number) => `mac 02:00:00:00:00:0${n}>02:00:00:00:00:09`;
  const later = (at: string, flags: string, numbers: string, rest: string) =>
    `${at} C > S: [${flags}] ${numbers} win 502 ${rest} DF`;
  const far = (rest: string, first = REQUEST) => {
    const { tracker } = track(`${HANDSHAKE}\n${first}\n${rest}`);
    return [tracker.copies, tracker.farCopies];
  };
  test.each([
    ['with another TTL', later('0.150', 'P.', 'seq 1:11 ack 1', 'ttl 60 id 3'), 1],
    ['… by the least that makes it far', later('0.10101', 'P.', 'seq 1:11 ack 1', 'ttl 60 id 3'), 1],
    ['… as far apart as clocks may be', later('3.1', 'P.', 'seq 1:11 ack 1', 'ttl 60 id 3'), 1],
    ['… further: sent again', later('3.10001', 'P.', 'seq 1:11 ack 1', 'ttl 60 id 3'), 0],
    ['… and another IP ID: sent again', later('0.150', 'P.', 'seq 1:11 ack 1', 'ttl 60 id 4'), 0],
    ['an acknowledgment alone', later('0.150', '.', 'seq 1 ack 1', 'ttl 60 id 2'), 1],
    ['the SYN-ACK, which has no IP ID', '0.150 S > C: [S.] seq 0 ack 1 win 65160 ttl 64 id 0 DF', 1],
  ])('%s', (_, rest, count) => {
    expect(far(rest)).toEqual([count, count]);
  });

  test('told by the MAC addresses alone, where the IP ID is the same and it is more than an acknowledgment', () => {
    const first = `${REQUEST} ${mac(1)}\n0.110 C > S: [.] ack 1 win 502 ttl 64 id 4 DF ${mac(1)}`;
    const again = (flags: string, numbers: string, rest: string) => far(later('0.2', flags, numbers, rest), first);
    expect(again('P.', 'seq 1:11 ack 1', `ttl 64 id 3 DF ${mac(2)}`)).toEqual([1, 1]);
    expect(again('P.', 'seq 1:11 ack 1', `ttl 64 id 3 DF ${mac(1)}`)).toEqual([0, 0]);
    expect(again('.', 'ack 1', `ttl 64 id 4 DF ${mac(2)}`)).toEqual([0, 0]);
  });

  test('copies that came at once are no far ones', () => {
    expect(far('0.1002 C > S: [P.] seq 1:11 ack 1 win 502 ttl 63 id 3 DF')).toEqual([1, 0]);
  });

  test('of a file of which a tenth is such copies nothing is certain', async () => {
    const verdict = async (at: number) => {
      const near = `${HANDSHAKE}\n${REQUEST}\n0.110 S > C: [R.] seq 1 ack 11 win 509 ttl 60 id 77 DF`;
      const other = near
        .split('\n')
        .slice(1)
        .map((line) => {
          const [, time, rest] = /^ *([\d.]+)(.*)$/.exec(line) as RegExpExecArray;
          return `${(Number(time) + at).toFixed(5)}${rest?.replace('ttl 64', 'ttl 61').replace('ttl 60', 'ttl 63')}`;
        });
      const lines = [...near.split('\n').slice(1), ...other].sort(
        (a, b) => Number.parseFloat(a) - Number.parseFloat(b),
      );
      const { captures, verdicts } = await diagnosisOf(lines.join('\n'));
      return [verdicts.length, captures[0]?.quality.at(-1)];
    };
    expect(await verdict(0.05)).toEqual([
      1,
      '5 packets are copies of others (captures of several points were put together, whose clocks need not agree: read each by itself, too), counted once',
    ]);
    expect(await verdict(0.0005)).toEqual([1, '5 packets are copies of others (mirror port or -i any), counted once']);
  });
});

describe('of a segment without one (IP ID 0)', () => {
  const ACK0 = '0.200 S > C: [.] ack 11 win 509 ttl 60 id 0 DF';
  test.each([
    ['the same by the same way is a duplicate acknowledgment', '0.2002 S > C: [.] ack 11 win 509 ttl 60 id 0 DF', 0],
    ['by another way, told by the TTL, is a copy', '0.2002 S > C: [.] ack 11 win 509 ttl 59 id 0 DF', 1],
  ])('%s', (_, rest, count) => {
    expect(copies(`${ACK0}\n${rest}`)).toBe(count);
  });

  test('by another way, told by the MAC addresses', () => {
    const mac = (n: number) => `mac 02:00:00:00:00:0${n}>02:00:00:00:00:09`;
    const listing = (second: number) => `${HANDSHAKE}\n${REQUEST}
      0.200 S > C: [.] ack 11 win 509 ttl 60 id 0 DF ${mac(1)}
      0.2002 S > C: [.] ack 11 win 509 ttl 60 id 0 DF ${mac(second)}`;
    expect([track(listing(1)).tracker.copies, track(listing(2)).tracker.copies]).toEqual([0, 1]);
  });
});

describe('what brings something new is no copy', () => {
  test.each([
    ['octets', 'P.', 'seq 1:12 ack 1'],
    ['an acknowledgment', 'P.', 'seq 1:11 ack 2'],
    ['a FIN', 'FP.', 'seq 1:11 ack 1'],
  ])('%s', (_, flags, numbers) => {
    expect(copies(`0.1002 C > S: [${flags}] ${numbers} win 502 ttl 64 id 3 DF`)).toBe(0);
  });
});

describe('of an RST', () => {
  const ANSWERED = `0.110 S > C: [R] seq 1 win 0 ttl 60 id 0 DF`;
  const resets = (rest: string) => {
    const { tracker, events } = track(`${HANDSHAKE}\n${REQUEST}\n${rest}`);
    return [tracker.resets, tracker.copies, events.filter((event) => event.startsWith('resetCopied')).length];
  };

  test('with an IP ID: counted once, its copy told to the observer', () => {
    expect(
      resets(`0.110 S > C: [R.] seq 1 ack 11 win 509 ttl 60 id 77 DF
        0.1102 S > C: [R.] seq 1 ack 11 win 509 ttl 59 id 77 DF`),
    ).toEqual([1, 1, 1]);
  });

  test('without a socket, by another way: two answers to one segment are two RSTs', () => {
    expect(resets(`${ANSWERED}\n 0.1102 S > C: [R] seq 1 win 0 ttl 59 id 0 DF`)).toEqual([2, 0, 0]);
  });

  test('without a socket, by another way, where its trigger was copied too', () => {
    expect(
      resets(`0.1001 C > S: [P.] seq 1:11 ack 1 win 502 ttl 63 id 3 DF
        0.1005 S > C: [R] seq 1 win 0 ttl 60 id 0 DF
        0.1006 S > C: [R] seq 1 win 0 ttl 59 id 0 DF`),
    ).toEqual([1, 2, 1]);
  });

  test('without a socket, where its receiver was never heard of: the way alone decides', () => {
    const listing = `0.000 S > C: [R] seq 1 win 0 ttl 60 id 0 DF\n 0.0002 S > C: [R] seq 1 win 0 ttl 59 id 0 DF`;
    expect(track(listing).tracker).toMatchObject({ resets: 1, copies: 1 });
  });
});

test('a second way has its own TTL: the RST that came by it is compared with what came by it', async () => {
  const way = (ttl: number, mac: number) => `ttl ${ttl} DF mac 02:00:00:00:00:0${mac}>02:00:00:00:00:09`;
  const lines = ['0.000 C > S: [S] seq 0 win 64240 ttl 64 id 1 DF'];
  // Each packet of the server twice: in front of a router with TTL 60 and behind it with 59.
  const twice = (at: number, rest: string, id: number) => {
    lines.push(`${at.toFixed(4)} S > C: ${rest} id ${id} ${way(60, 1)}`);
    lines.push(`${(at + 0.0002).toFixed(4)} S > C: ${rest} id ${id} ${way(59, 2)}`);
  };
  twice(0.01, '[S.] seq 0 ack 1 win 65160', 5);
  lines.push('0.020 C > S: [.] ack 1 win 502 ttl 64 id 2 DF');
  for (const n of [0, 1, 2, 3]) twice(0.1 + n / 10, `[P.] seq ${1 + n}:${2 + n} ack 1 win 509`, 6 + n);
  lines.push(`0.900 S > C: [R.] seq 5 ack 1 win 509 id 10 ${way(59, 2)}`);
  const [verdict] = await verdictsOf(lines.join('\n'));
  expect(verdict!.reset.provenance).toMatchObject({ ttl: { rst: 59, usual: 59, samples: 5 }, macDiffers: false });
});
