/** Resets of boxes and stacks that mark their packets in their own way, each beside the nearest that another made. */
import { describe, expect, test } from 'vitest';
import { expectCause, said, verdictsOf } from '../support/listing.js';

const NO_TIMESTAMPS = '<mss 1460,nop,wscale 3,nop,nop,sackOK>';

describe("NetScaler's reason in the window", () => {
  /** A SYN cookie that was never redeemed: the first data came 15 minutes after the handshake. */
  const cookie = (rst: string, first = 8190) => `
    0.000 C > S: [S] seq 0 win 14600 <mss 1460> ttl 64 id 7 DF
    0.001 S > C: [S.] seq 0 ack 1 win ${first} ${NO_TIMESTAMPS} ttl 247 id 23653
    0.002 C > S: [.] ack 1 win 115 ttl 64 id 8 DF
    900.0 C > S: [P.] seq 1:6 ack 1 win 115 ttl 64 id 9 DF "GET /"
    900.001 ${rst}`;

  test('stands in a bare RST too, where the SYN-ACK was its own', async () => {
    const verdict = await expectCause(cookie('S > C: [R] seq 1 win 8201 ttl 247 id 22281'), {
      gives: 'stated-reason likely',
      not: 'forged-reset',
    });
    expect(verdict.evidence.at(-1)!.text).toContain('NetScaler');
  });

  test.each([
    ['of another host it is a window', 'S > C: [R] seq 1 win 8201 ttl 247 id 22281', 65_535],
    ['0 is none', 'S > C: [R] seq 1 win 0 ttl 247 id 22281', 8190],
    ['a number that is no code neither', 'S > C: [R] seq 1 win 8190 ttl 247 id 22281', 8190],
  ])('%s', async (_, rst, first) => {
    await expectCause(cookie(rst, first), { gives: 'unexplained-reply', not: 'stated-reason' });
  });
});

describe("F5's own abort", () => {
  const proxied = (rst: string) => `
    0.000 C > S: [S] seq 0 win 65535 <mss 1460,nop,wscale 0,nop,nop,TS val 100 ecr 0,sackOK,eol> ttl 64 id 7 DF
    0.048 S > C: [S.] seq 0 ack 1 win 4140 <mss 1380,nop,wscale 0,nop,nop,TS val 500 ecr 100,sackOK,eol> ttl 243 id 22272 DF
    0.049 C > S: [.] ack 1 win 65535 <nop,nop,TS val 100 ecr 500> ttl 64 id 8 DF
    0.050 C > S: [P.] seq 1:463 ack 1 win 65535 <nop,nop,TS val 100 ecr 500> ttl 64 id 9 DF
    0.105 S > C: [P.] seq 1:577 ack 463 win 4602 <nop,nop,TS val 556 ecr 100> ttl 243 id 1897 DF
    0.106 C > S: [.] ack 577 win 65088 <nop,nop,TS val 101 ecr 556> ttl 64 id 10 DF
    ${rst}`;

  test('has no timestamps, an IP ID at random, and its last window: 4140 and what it has received', async () => {
    const verdict = await expectCause(proxied('8.406 S > C: [R.] seq 577 ack 463 win 4602 ttl 243 id 7244 DF'), {
      gives: 'abortive-close likely',
      not: ['forged-reset', 'unexplained-origin'],
    });
    expect(verdict.mechanism.kind).toBe('live-socket');
  });

  test('with the TTL of another place is not its own', async () => {
    const [verdict] = await verdictsOf(proxied('8.406 S > C: [R.] seq 577 ack 463 win 0 ttl 62 id 7244'));
    expect([verdict!.mechanism.kind, verdict!.cause.id]).toEqual(['third-party', 'forged-reset']);
  });
});

describe('an IP ID whose octets stand the other way round', () => {
  const ftp = (last: number) => `
    0.000 C > S: [S] seq 0 win 8192 <mss 1460> ttl 32 id ${0x4800} DF
    0.001 S > C: [S.] seq 0 ack 1 win 8760 <mss 1460> ttl 128 id ${0x3e00} DF
    0.002 C > S: [.] ack 1 win 8760 ttl 32 id ${0x4900} DF
    0.030 S > C: [P.] seq 1:40 ack 1 win 8760 ttl 128 id ${0x3f00} DF "220 ftp server ready"
    0.040 C > S: [P.] seq 1:17 ack 40 win 8721 ttl 32 id ${0x4a00} DF "USER anonymous\\r\\n"
    0.050 S > C: [P.] seq 40:75 ack 17 win 8744 ttl 128 id ${0x4000} DF "331 password\\r\\n"
    0.060 C > S: [P.] seq 17:23 ack 75 win 8686 ttl 32 id ${0x4b00} DF "LIST\\r\\n"
    0.210 S > C: [.] ack 23 win 8738 ttl 128 id ${0x4100} DF
    17.200 C > S: [R] seq 23 ack 8017848 win 0 ttl 32 id ${last} DF`;

  test('goes on in a bare abort: it was a socket that gave up', async () => {
    const verdict = await expectCause(ftp(0x4c00), {
      gives: 'unexplained-abort',
      not: ['unexplained-reply', 'host-lost-state'],
    });
    expect(verdict.mechanism.kind).toBe('live-socket');
  });

  test('breaks off in one that is not', async () => {
    const [verdict] = await verdictsOf(ftp(0x114c));
    expect(verdict!.mechanism.kind).not.toBe('live-socket');
  });
});

describe('the number at which a stack gives up', () => {
  const WINDOWS = '<mss 1460,nop,wscale 8,sackOK,TS val 500 ecr 100>';
  const repeated = [0.3, 0.9, 2.1, 4.5, 9.3].map(
    (at, i) => `${at} S > C: [.] seq 1:1449 ack 11 win 260 <nop,nop,TS val ${510 + i} ecr 100> ttl 128 id ${12 + i} DF`,
  );
  const cut = (seq: number) => `
    0.000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> ttl 64 id 7 DF
    0.0002 S > C: [S.] seq 0 ack 1 win 8192 ${WINDOWS} ttl 128 id 8 DF
    0.0003 C > S: [.] ack 1 win 502 <nop,nop,TS val 100 ecr 500> ttl 64 id 8 DF
    0.001 C > S: [P.] seq 1:11 ack 1 win 502 <nop,nop,TS val 100 ecr 500> ttl 64 id 9 DF
    0.004 S > C: [.] seq 1:1449 ack 11 win 260 <nop,nop,TS val 501 ecr 100> ttl 128 id 9 DF
    0.004 S > C: [.] seq 1449:2897 ack 11 win 260 <nop,nop,TS val 501 ecr 100> ttl 128 id 10 DF
    0.004 S > C: [P.] seq 2897:3000 ack 11 win 260 <nop,nop,TS val 501 ecr 100> ttl 128 id 11 DF
    ${repeated.join('\n')}
    18.9 S > C: [R.] seq ${seq} ack 11 win 0 ttl 128 id 20 DF`;

  test('is the end of what Windows sent again, which had gone back to it', async () => {
    const verdict = await expectCause(cut(1449), { gives: 'retransmission-timeout', not: 'forged-reset' });
    expect(verdict.mechanism.kind).toBe('live-socket');
  });

  test('no other number behind is', async () => {
    const [verdict] = await verdictsOf(cut(1450));
    expect(verdict!.reset.shape).toBe('behind');
  });
});

describe('a timestamp of 0', () => {
  const closed = (echo: number) => `
    0.000 C > S: [S] seq 0 win 65535 <mss 1460,nop,wscale 5,nop,nop,TS val 100 ecr 0,sackOK,eol> ttl 64 id 0 DF
    0.020 S > C: [S.] seq 0 ack 1 win 43440 <mss 1452,sackOK,TS val 9000 ecr 100,nop,wscale 12> ttl 51 id 0 DF
    0.021 C > S: [.] ack 1 win 4140 <nop,nop,TS val 119 ecr 9000> ttl 64 id 0 DF
    0.022 C > S: [P.] seq 1:101 ack 1 win 4140 <nop,nop,TS val 120 ecr 9000> ttl 64 id 0 DF
    0.042 S > C: [P.] seq 1:421 ack 101 win 11 <nop,nop,TS val 9021 ecr 120> ttl 51 id 20546 DF
    0.043 C > S: [.] ack 421 win 4082 <nop,nop,TS val 141 ecr 9021> ttl 64 id 0 DF
    0.044 C > S: [P.] seq 101:132 ack 421 win 4096 <nop,nop,TS val 142 ecr 9021> ttl 64 id 0 DF
    0.064 S > C: [.] ack 132 win 11 <nop,nop,TS val 9043 ecr 142> ttl 51 id 20547 DF
    0.065 S > C: [R.] seq 421 ack 132 win 11 <nop,nop,TS val 0 ecr ${echo}> ttl 51 id 20548 DF`;

  test("that echoes the other end's newest is Linux in a state without one, and no forger", async () => {
    const [verdict] = await verdictsOf(closed(142));
    expect(verdict!.mechanism.kind).toBe('live-socket');
  });

  test('that echoes another runs backwards', async () => {
    const [verdict] = await verdictsOf(closed(7));
    expect(verdict!.reset.provenance.timestamps).toBe('odd');
  });
});

describe('half-open connections that a router gives up', () => {
  /** What is done with each of twelve ports, one a millisecond later than the other; every connection has its own numbers. */
  const each = (ms: number, line: (s: { client: number; server: number; there: string; back: string }) => string) =>
    Array.from({ length: 12 }, (_, i) => {
      const [me, port] = ['10.0.0.1.34800', `10.0.0.2.${8000 + i}`];
      const text = line({
        client: 5000 + i * 7919,
        server: 90_000 + i * 104_729,
        there: `${me} > ${port}:`,
        back: `${port} > ${me}:`,
      });
      return `${((ms + i) / 1000).toFixed(3)} ${text} id ${ms + i}`;
    }).join('\n');
  const synAck = (ms: number) =>
    each(ms, ({ client, server, back }) => `${back} [S.] seq ${server} ack ${client + 1} win 16384 <mss 1460> ttl 112`);
  const scan = (opened: string) => `
    ${each(100, ({ client, there }) => `${there} [S] seq ${client} win 3072 <mss 1460> ttl 58`)}
    ${synAck(200)}
    ${opened}
    ${synAck(2200)}
    ${each(25_100, ({ client, back }) => `${back} [R] seq ${client} win 0 ttl 127`)}`;

  test('are those of a scanner, though the server had answered', async () => {
    const [verdict] = await verdictsOf(scan(''));
    expect(verdict!.cause.id).toBe('port-scan');
    expect(verdict!.evidence.at(-1)!.text).toContain('the scanner never acknowledged the SYN-ACK');
  });

  test('a connection that was opened is another matter', async () => {
    const opened = each(
      300,
      ({ client, server, there }) => `${there} [.] seq ${client + 1} ack ${server + 1} win 3072 ttl 58`,
    );
    const [verdict] = await verdictsOf(scan(opened));
    expect(said(verdict!)).not.toContain('port-scan');
  });
});

describe('FIN and RST of one end at once, the other direction not captured', () => {
  const oneWay = (last: string) => `
    0.000 C > S: [S] seq 0 win 8192 <mss 1460,nop,wscale 8,nop,nop,sackOK> ttl 61 id 1 DF
    0.003 C > S: [.] ack 1 win 8192 ttl 61 id 2 DF
    0.004 C > S: [P.] seq 1:190 ack 1 win 8192 ttl 61 id 3 DF "POST /"
    0.070 C > S: [.] ack 1437 win 8192 ttl 61 id 4 DF
    0.071 C > S: [.] ack 2070 win 8192 ttl 61 id 5 DF
    ${last}`;

  test('is a close by routine where its acknowledgments tell that the other end had closed', async () => {
    await expectCause(
      oneWay(`0.0712 C > S: [.] ack 2071 win 8192 ttl 61 id 6 DF
      0.0713 C > S: [F.] seq 190 ack 2071 win 8192 ttl 61 id 7 DF
      0.0714 C > S: [R.] seq 191 ack 2071 win 8192 ttl 61 id 8 DF`),
      { gives: 'routine-close-by-reset likely', not: 'half-close-with-unread-data' },
    );
  });

  test('and is not where the last number may have been data, or nothing of a close', async () => {
    await expectCause(
      oneWay(`0.0713 C > S: [F.] seq 190 ack 2070 win 8192 ttl 61 id 7 DF
      0.0714 C > S: [R.] seq 191 ack 2070 win 8192 ttl 61 id 8 DF`),
      { gives: 'unexplained-abort possible', not: 'routine-close-by-reset' },
    );
    await expectCause(
      oneWay(`0.0712 C > S: [.] ack 2071 win 8192 ttl 61 id 6 DF
      0.400 C > S: [F.] seq 190 ack 2071 win 8192 ttl 61 id 7 DF
      0.4001 C > S: [R.] seq 191 ack 2071 win 8192 ttl 61 id 8 DF`),
      { gives: 'unexplained-abort possible', not: 'routine-close-by-reset' },
    );
  });
});
