/** ICMP errors in what tcpdump prints, each line as tcpdump 4.99 prints the octets of its type and code. */
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';

const syn = (port: number, time = '08:00:00.000000') =>
  `${time} IP 10.0.1.2.${port} > 10.0.2.2.80: Flags [S], seq 12345, win 8192, length 0`;
const syn6 = '08:00:00.000000 IP6 fd00::1.40000 > fd00::2.80: Flags [S], seq 12345, win 8192, length 0';
const error = (text: string) => `08:00:00.100000 IP 10.0.1.1 > 10.0.1.2: ICMP ${text}, length 48`;
const error6 = (text: string) => `08:00:00.100000 IP6 fd00::ff > fd00::1: ICMP6, ${text}, length 68`;

/** Ports of the clients whose SYNs met an error, and what it said. */
async function met(...lines: readonly string[]): Promise<string[]> {
  const { endings } = await diagnose(new TextEncoder().encode(lines.join('\n')));
  return endings
    .filter(({ kind }) => kind === 'icmp-unreachable')
    .map(({ client, text }) => `${/\d+$/.exec(client)?.[0]} ${/ICMP "([^"]*)"/.exec(text)?.[1]}`);
}

test.each([
  ['net 10.0.2.2 unreachable', 'network unreachable'],
  ['host 10.0.2.2 unreachable', 'host unreachable'],
  ['10.0.2.2 protocol 6 unreachable', 'protocol unreachable'],
  ['10.0.2.2 tcp port 80 unreachable', 'port unreachable'],
  ['10.0.2.2 unreachable - source route failed', 'source route failed'],
  ['net 10.0.2.2 unreachable - unknown', 'network unknown'],
  ['host 10.0.2.2 unreachable - unknown', 'host unknown'],
  ['10.0.2.2 unreachable - source host isolated', 'host isolated'],
  ['net 10.0.2.2 unreachable - admin prohibited', 'network prohibited'],
  ['host 10.0.2.2 unreachable - admin prohibited', 'host prohibited'],
  ['net 10.0.2.2 unreachable - tos prohibited', 'network unreachable for TOS'],
  ['host 10.0.2.2 unreachable - tos prohibited', 'host unreachable for TOS'],
  ['host 10.0.2.2 unreachable - admin prohibited filter', 'administratively prohibited'],
  ['host 10.0.2.2 unreachable - host precedence violation', 'code 14'],
  ['host 10.0.2.2 unreachable - precedence cutoff', 'code 15'],
])('%s', async (text, name) => {
  expect(await met(syn(40_000), error(text))).toEqual([`40000 ${name}`]);
});

test.each([
  ['destination unreachable, unreachable route fd00::2', 'no route'],
  ['destination unreachable,  unreachable prohibited fd00::2', 'administratively prohibited'],
  ['destination unreachable, beyond scope fd00::2, source address fd00::1', 'beyond scope'],
  ['destination unreachable, unreachable address fd00::2', 'address unreachable'],
  ['destination unreachable, unreachable port, fd00::2 tcp port 80', 'port unreachable'],
])('%s', async (text, name) => {
  expect(await met(syn6, error6(text))).toEqual([`40000 ${name}`]);
  const verbose = `08:00:00.1 IP6 (hlim 64, next-header ICMPv6 (58) payload length: 68) fd00::ff > fd00::1: [icmp6 sum ok] ICMP6, ${text}`;
  expect(await met(syn6, verbose)).toEqual([`40000 ${name}`]);
});

test.each([
  'source quench',
  'redirect 10.0.2.2 to host 10.0.1.9',
  'time exceeded in-transit',
  '10.0.2.2 unreachable - need to frag (mtu 1400)',
  '10.0.2.2 udp port 80 unreachable',
])('ends no connection: %s', async (text) => {
  expect(await met(syn(40_000), error(text))).toEqual([]);
});

describe('whose error it is', () => {
  test('the connection to the port that it names', async () => {
    const other = syn(40_001).replace('.80:', '.81:');
    expect(await met(syn(40_000), other, error('10.0.2.2 tcp port 81 unreachable'))).toEqual([
      '40001 port unreachable',
    ]);
  });

  test('nobody’s where two connections may have met it', async () => {
    expect(await met(syn(40_000), syn(40_001), error('host 10.0.2.2 unreachable'))).toEqual([]);
  });

  test('nobody’s where no connection went there', async () => {
    expect(await met(syn(40_000), error('host 10.0.2.3 unreachable'))).toEqual([]);
    expect(await met(syn(40_000), error('host 10.0.2.2 unreachable').replace('> 10.0.1.2', '> 10.0.1.3'))).toEqual([]);
  });

  const header = (protocol: string, id: number) =>
    `(tos 0x0, ttl 64, id ${id}, offset 0, flags [none], proto ${protocol}, length 68)`;
  const quoting = (quoted: string, protocol = 'TCP (6)') =>
    `08:00:00.100000 IP ${header('ICMP (1)', 1)}\n    10.0.1.1 > 10.0.1.2: ICMP host 10.0.2.2 unreachable, length 48\n\tIP ${header(protocol, 7)}\n    ${quoted}`;

  test('the one that it quotes', async () => {
    const quoted = '10.0.1.2.40001 > 10.0.2.2.80: Flags [S], cksum 0xac15 (correct), seq 12345, win 8192, length 0';
    expect(await met(syn(40_000), syn(40_001), quoting(quoted))).toEqual(['40001 host unreachable']);
    expect(await met(syn(40_000), syn(40_001), quoting(`${quoted.slice(0, 30)} [|tcp]`))).toEqual([
      '40001 host unreachable',
    ]);
  });

  test('what is quoted is no packet, and what comes behind it is one, indented or not', async () => {
    const quoted = '10.0.1.2.40000 > 10.0.2.2.80: Flags [S], cksum 0xac15 (correct), seq 12345, win 8192, length 0';
    const text = [
      syn(40_000),
      quoting(quoted),
      syn(40_001, '08:00:00.200000'),
      `    ${syn(40_002, '08:00:00.300000')}`,
    ];
    const { captures } = await diagnose(new TextEncoder().encode(text.join('\n')));
    expect(captures[0]).toMatchObject({ records: 4, connections: 3 });
  });

  test('no TCP is quoted', async () => {
    const { endings } = await diagnose(
      new TextEncoder().encode(`${syn(40_000)}\n${quoting('10.0.1.2.40000 > 10.0.2.2.80: UDP, length 9', 'UDP (17)')}`),
    );
    expect(endings.map(({ kind }) => kind)).toEqual([]);
  });
});
