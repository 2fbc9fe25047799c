/** Probes told by their own form where few ports answer, refusals that cost nothing, and one cause at many places. */
import { describe, expect, test } from 'vitest';
import { diagnosisOf, expectCause, said, verdictsOf } from '../support/listing.js';

const SYN = '<mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>';

describe('a single probe is told by what no TCP sends', () => {
  test.each([
    ['NULL', '[none] seq 7', '[R.] seq 0 ack 7'],
    ['Xmas', '[FPU] seq 7', '[R.] seq 0 ack 8'],
    ['FIN', '[F] seq 7', '[R.] seq 0 ack 8'],
  ])('%s', async (_, probe, answer) => {
    await expectCause(
      `
      0.000 C > S: ${probe} win 1024 ttl 53 id 4711
      0.001 S > C: ${answer} win 0 ttl 64 id 0 DF`,
      { gives: 'port-scan likely', not: ['conntrack-invalid-leak', 'host-lost-state'] },
    );
  });

  test('the kernel that resets a SYN-ACK which its tool asked for', async () => {
    await expectCause(
      `
      0.000 C > S: [S] seq 0 win 1024 <mss 1460> ttl 53 id 4711
      0.001 S > C: [S.] seq 0 ack 1 win 64240 <mss 1460> ttl 64 id 0 DF
      0.002 C > S: [R] seq 1 win 0 ttl 64 id 0 DF`,
      { gives: 'port-scan likely', not: ['unacceptable-syn-ack', 'conntrack-invalid-leak'] },
    );
  });

  test('a FIN with ACK is how connections end, and a SYN of a stack how they begin', async () => {
    const verdicts = await verdictsOf(`
      0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
      0.001 S > C: [R.] seq 0 ack 1 win 0 ttl 64 id 0 DF
      1.000 10.0.0.1.40001 > 10.0.0.2.81: [F.] seq 7 ack 9 win 501 ttl 64 id 2 DF
      1.001 10.0.0.2.81 > 10.0.0.1.40001: [R] seq 9 win 0 ttl 64 id 0 DF`);
    expect(verdicts.map(({ cause }) => cause.id)).not.toContain('port-scan');
  });
});

test.each([
  ['from one high port to the ports of services', 51_000, (i: number) => 20 + i, 'port-scan'],
  ['from the port of a service to those of clients', 1024, (i: number) => 49_152 + i, 'unexplained-mid-stream'],
] as const)('bare acknowledgments %s', async (_, from, to, cause) => {
  const lines = Array.from(
    { length: 20 },
    (
      _,
      i,
    ) => `0.${100 + 2 * i} 10.0.0.3.${from} > 10.0.0.4.${to(i)}: [.] seq ${900 + i} ack 9 win 1024 ttl 53 id ${100 + i}
      0.${101 + 2 * i} 10.0.0.4.${to(i)} > 10.0.0.3.${from}: [R] seq 9 win 0 ttl 128 id ${700 + i}`,
  );
  const verdicts = await verdictsOf(lines.join('\n'));
  const told = verdicts.filter((v) => v.cause.id === 'port-scan').length;
  expect(told).toBe(cause === 'port-scan' ? 20 : 0);
});

describe('a refusal is harmless', () => {
  const localhost = (accepted: boolean) => `
      0.0000 C > S: [S] seq 0 win 65476 ${SYN} ttl 64
      0.0001 S > C: [R.] seq 0 ack 1 win 0 ttl 64
      0.0003 D > T: [S] seq 0 win 65495 ${SYN} ttl 64
      0.0004 T > D: ${accepted ? `[S.] seq 0 ack 1 win 65483 ${SYN} ttl 64` : '[R.] seq 0 ack 1 win 0 ttl 64'}`;
  const endpoints = { C: '::1.40000', S: '::1.8080', D: '127.0.0.1.40002', T: '127.0.0.1.8080' };

  test('where the other address of localhost takes the connection', async () => {
    const [verdict] = await verdictsOf(localhost(true), { endpoints });
    expect([said(verdict!), verdict!.severity]).toEqual(['closed-port likely', 'note']);
  });

  test('and is none where it refuses as well', async () => {
    const verdicts = await verdictsOf(localhost(false), { endpoints });
    expect(verdicts.map(({ severity }) => severity)).toEqual(['warning', 'warning']);
  });

  const smb = (port: number, moment: string) => `
      0.000 10.0.0.1.50000 > 10.0.0.2.139: [S] seq 0 win 8192 <mss 1460,nop,wscale 8,nop,nop,sackOK> ttl 128 id 1 DF
      0.001 10.0.0.2.139 > 10.0.0.1.50000: [R.] seq 0 ack 1 win 0 ttl 128 id 7 DF
      ${moment} 10.0.0.1.50001 > 10.0.0.2.${port}: [S] seq 0 win 8192 <mss 1460,nop,wscale 8,nop,nop,sackOK> ttl 128 id 2 DF
      ${moment}1 10.0.0.2.${port} > 10.0.0.1.50001: [S.] seq 0 ack 1 win 8192 <mss 1460,nop,wscale 8,nop,nop,sackOK> ttl 128 id 8 DF`;

  test.each([
    ['139 beside a working 445', 445, '0.002', 'note'],
    ['139 beside a 445 that worked much later', 445, '5.002', 'warning'],
    ['139 beside another port', 446, '0.002', 'warning'],
  ] as const)('%s: %s at %s', async (_, port, moment, severity) => {
    const [verdict] = await verdictsOf(smb(port, moment));
    expect([verdict!.cause.id, verdict!.severity]).toEqual(['closed-port', severity]);
  });
});

describe('one cause at many listeners', () => {
  const refused = (ports: readonly number[]) =>
    ports
      .flatMap((port, i) => [
        `${i}.000 10.0.0.${i + 10}.40000 > 10.0.1.2.${port}: [S] seq 0 win 64240 ${SYN} ttl 64`,
        `${i}.001 10.0.1.2.${port} > 10.0.0.${i + 10}.40000: [R.] seq 0 ack 1 win 0 ttl 63`,
      ])
      .join('\n');
  const ports = (n: number) => Array.from({ length: n }, (_, i) => 8000 + i);

  test('is one finding that names the most frequent place', async () => {
    const { findings } = await diagnosisOf(refused([...ports(20), 8003]));
    expect(findings.map(({ count, where }) => [count, where])).toEqual([[21, '20 listeners, most at 10.0.1.2:8003']]);
    expect(findings[0]!.resets).toHaveLength(21);
  });

  test('is a finding a place while they are few', async () => {
    expect((await diagnosisOf(refused(ports(5)))).findings).toHaveLength(5);
  });
});
