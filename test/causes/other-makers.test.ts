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
      gives: 'response-timeout',
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

describe('two RSTs of one program', () => {
  const PEER = '<mss 1460,nop,nop,sackOK>';
  const cut = (second: string) => `
    0.000 C > S: [S] seq 0 win 65535 ${PEER} ttl 64 id 7 DF
    0.116 S > C: [S.] seq 0 ack 1 win 65535 ${PEER} ttl 106 id 90 DF
    0.117 C > S: [.] ack 1 win 65535 ttl 64 id 8 DF
    0.118 C > S: [P.] seq 1:13 ack 1 win 65535 ttl 64 id 9 DF "\\001\\002\\003\\004567890ab"
    0.225 S > C: [R] seq 1 win 10240 ttl 28 id 3154
    0.226 S > C: ${second}`;

  test('12,503 apart are a traffic shaper, and no answer of the server', async () => {
    const verdict = await expectCause(cut('[R] seq 12504 win 10240 ttl 28 id 3156'), {
      gives: 'dpi-injection likely',
      not: 'unexplained-reply',
    });
    expect(verdict.mechanism.kind).toBe('third-party');
  });

  test('any other distance is no such mark', async () => {
    const [verdict] = await verdictsOf(cut('[R] seq 12505 win 10240 ttl 28 id 3156'));
    expect([verdict!.cause.id, verdict!.reset.provenance.twin]).toEqual(['forged-reset', null]);
  });
});

describe('data that crossed the close of a Windows client', () => {
  const WINDOWS = '<mss 1460,nop,wscale 8,nop,nop,sackOK>';
  const closed = (last: string, options = WINDOWS, ttl = 128) => `
    0.000 C > S: [S] seq 0 win 8192 ${options} ttl ${ttl} id 7 DF
    0.016 S > C: [S.] seq 0 ack 1 win 29200 <mss 1460,nop,nop,sackOK,nop,wscale 7> ttl 57 id 0 DF
    0.017 C > S: [.] ack 1 win 256 ttl ${ttl} id 8 DF
    0.018 C > S: [P.] seq 1:653 ack 1 win 256 ttl ${ttl} id 9 DF "GET / HTTP/1.1\\r\\n"
    0.024 C > S: [F.] seq 653 ack 1 win 256 ttl ${ttl} id 10 DF
    0.037 S > C: [P.] seq 1:427 ack 653 win 237 ttl 57 id 500 DF "HTTP/1.1 200 OK\\r\\n"
    ${last}`;

  test('is answered with RST, ACK that acknowledges it', async () => {
    const verdict = await expectCause(closed('0.0371 C > S: [R.] seq 654 ack 427 win 0 ttl 128 id 11 DF'), {
      gives: 'data-after-close likely',
      not: 'half-close-with-unread-data',
    });
    expect(verdict.evidence.at(-1)!.text).toContain("the client's stack answered with RST, ACK, as Windows");
    expect(verdict.doubt.join()).not.toContain('TTL');
  });

  test('of another stack the same packet is a close with that data unread', async () => {
    const linux = '<mss 1460,nop,nop,sackOK,nop,wscale 7>';
    await expectCause(closed('0.0371 C > S: [R.] seq 654 ack 427 win 502 ttl 64 id 11 DF', linux, 64), {
      gives: 'half-close-with-unread-data likely',
      not: 'data-after-close',
    });
  });
});

describe('a bare answer with DF clear, sooner than the round trip', () => {
  const ended = (rst: string) => `
    0.000 C > S: [S] seq 0 win 65535 <mss 1460,nop,wscale 3,sackOK,TS val 1 ecr 0> ttl 64 id 40 DF
    0.0001 S > C: [S.] seq 0 ack 1 win 8192 <mss 1460,nop,wscale 8,sackOK,TS val 9 ecr 1> ttl 128 id 7 DF
    0.020 C > S: [.] ack 1 win 8210 <nop,nop,TS val 2 ecr 9> ttl 64 id 41 DF
    0.027 C > S: [P.] seq 1:723 ack 1 win 8210 <nop,nop,TS val 3 ecr 9> ttl 64 id 42 DF "NOTIFY"
    0.0278 S > C: [FP.] seq 1:126 ack 723 win 256 <nop,nop,TS val 10 ecr 3> ttl 128 id 8 DF "HTTP/1.1 200 OK\\r\\n"
    0.037 C > S: [F.] seq 723 ack 1 win 8210 <nop,nop,TS val 4 ecr 9> ttl 64 id 43 DF
    0.0371 S > C: [.] seq 127 ack 724 win 256 <nop,nop,TS val 11 ecr 4> ttl 128 id 9 DF
    0.0388 C > S: ${rst}`;

  test("is the host's own where its TTL and its counter say so", async () => {
    await expectCause(ended('[R] seq 723 win 0 ttl 64 id 44'), {
      gives: 'data-after-close certain',
      not: 'forged-reset',
    });
  });

  test('and is not where they do not', async () => {
    const [verdict] = await verdictsOf(ended('[R] seq 723 win 0 ttl 64 id 9044'));
    expect(verdict!.mechanism.kind).toBe('third-party');
  });
});

describe('an RST after both sides had closed', () => {
  const over = (rst: string) => `
    0.000 C > S: [S] seq 0 win 65535 <mss 1460> ttl 109 id 1 DF
    0.0001 S > C: [S.] seq 0 ack 1 win 5840 <mss 1460> ttl 64 id 0 DF
    0.200 C > S: [.] ack 1 win 65535 ttl 109 id 2 DF
    0.210 C > S: [P.] seq 1:72 ack 1 win 65535 ttl 109 id 3 DF "hello"
    0.2101 S > C: [P.] seq 1:15 ack 72 win 5840 ttl 64 id 8 DF "bye"
    0.450 C > S: [.] seq 72 ack 15 win 65521 ttl 109 id 4 DF
    1.020 C > S: [F.] seq 72 ack 15 win 65521 ttl 109 id 5 DF
    1.030 S > C: [F.] seq 15 ack 73 win 5840 ttl 64 id 9 DF
    1.220 C > S: [.] seq 73 ack 16 win 65521 ttl 109 id 6 DF
    ${rst}`;

  test('from a box on the way cut nothing', async () => {
    const verdict = await expectCause(over('16.4 C > S: [R.] seq 73 ack 16 win 0 ttl 254 id 9000'), {
      gives: 'late-segment-after-close likely',
      not: 'forged-reset',
    });
    expect(verdict.severity).toBe('note');
  });

  test('before one side had, it did', async () => {
    const open = over('16.4 C > S: [R.] seq 73 ack 15 win 0 ttl 254 id 9000').replace(/^.*1\.(030|220).*$/gm, '');
    const [verdict] = await verdictsOf(open);
    expect(verdict!.cause.id).not.toBe('late-segment-after-close');
  });
});

describe('a client that stops a download', () => {
  const OLD = '<mss 1460,nop,nop,sackOK>';
  const download = (last: string) => `
    0.000 C > S: [S] seq 0 win 64240 ${OLD} ttl 128 id 10 DF
    0.101 S > C: [S.] seq 0 ack 1 win 5840 ${OLD} ttl 53 id 0 DF
    0.1011 C > S: [.] ack 1 win 64240 ttl 128 id 11 DF
    0.102 C > S: [P.] seq 1:148 ack 1 win 64240 ttl 128 id 12 DF "GET /big HTTP/1.1\\r\\n"
    0.198 S > C: [.] seq 1 ack 148 win 6432 ttl 53 id 500 DF
    0.200 S > C: [.] seq 1:1461 ack 148 win 6432 ttl 53 id 501 DF
    ${last}`;

  test('with the bare RST of Windows XP, though the server had acknowledged with the same number before', async () => {
    const verdict = await expectCause(
      download(`0.2001 C > S: [.] ack 1461 win 64240 ttl 128 id 13 DF
      0.260 C > S: [R] seq 148 win 0 ttl 128 id 14 DF
      0.298 S > C: [.] seq 1461:2921 ack 148 win 6432 ttl 53 id 502 DF
      0.2981 C > S: [R] seq 148 win 0 ttl 128 id 15 DF`),
      { gives: 'cancelled-download', not: ['unexplained-reply', 'host-lost-state'] },
    );
    expect([verdict.reset.shape, verdict.mechanism.kind]).toEqual(['active', 'live-socket']);
  });

  test('stops nothing when only the last words of a closed connection meet it', async () => {
    const [verdict] = await verdictsOf(
      download(`0.2001 C > S: [.] ack 1461 win 64240 ttl 128 id 13 DF
      0.2002 S > C: [.] seq 1461:2921 ack 148 win 6432 ttl 53 id 502 DF
      0.2003 C > S: [F.] seq 148 ack 2921 win 64240 ttl 128 id 14 DF
      0.298 S > C: [P.] seq 2921:2963 ack 149 win 6432 ttl 53 id 503 DF "bye"
      0.2981 S > C: [F.] seq 2963 ack 149 win 6432 ttl 53 id 504 DF
      0.2982 C > S: [R.] seq 149 ack 2963 win 0 ttl 128 id 15 DF
      0.2983 C > S: [R] seq 149 win 0 ttl 128 id 16 DF`),
    );
    expect(verdict!.cause.id).not.toBe('cancelled-download');
  });
});

describe('an acknowledgment behind the RSTs of its own host', () => {
  /** A server of an upload answers packet after packet without a socket; what it had acknowledged before comes late. */
  const upload = (second: number, late: string) => `
    0.000 S > C: [S] seq 0 win 33580 <mss 1460> ttl 50 id 100 DF
    0.001 C > S: [S.] seq 0 ack 1 win 65535 <mss 1460> ttl 64 id 0 DF
    0.015 S > C: [.] ack 1 win 33580 ttl 50 id 101 DF
    0.016 C > S: [.] seq 1:1461 ack 1 win 65535 ttl 64 id 7 DF
    0.017 C > S: [.] seq 1461:2921 ack 1 win 65535 ttl 64 id 8 DF
    0.018 C > S: [.] seq 2921:4381 ack 1 win 65535 ttl 64 id 9 DF
    0.050 S > C: [.] ack 1461 win 33580 ttl 50 id 102 DF
    0.110 S > C: [R] seq 1 win 0 ttl 50 id 65435 DF
    0.178 S > C: ${late} ttl 50 id 103 DF
    0.210 S > C: [R] seq 1 win 0 ttl 50 id ${second} DF`;

  test('proves no forgery where those count on in one row', async () => {
    const [verdict] = await verdictsOf(upload(65_436, '[.] ack 2921 win 33580'));
    expect(verdict!.cause.id).not.toBe('forged-reset');
    expect(verdict!.mechanism.kind).not.toBe('third-party');
  });

  test.each([
    ['they do not', 40_000, '[.] ack 2921 win 33580'],
    ['it carries data', 65_436, '[P.] seq 1:21 ack 2921 win 33580'],
  ])('and does where %s', async (_, second, late) => {
    await expectCause(upload(second, late), { gives: 'forged-reset', not: 'unexplained-reply' });
  });
});

describe('an answer that stalls', () => {
  const WINDOWS = '<mss 1288,nop,wscale 8,nop,nop,sackOK>';
  const stalled = (at: string, missing = '0.500 S > C: [.] seq 2577:3865 ack 101 win 256 ttl 112 id 52 DF') => `
    0.000 C > S: [S] seq 0 win 8192 ${WINDOWS} ttl 128 id 7 DF
    0.350 S > C: [S.] seq 0 ack 1 win 8192 ${WINDOWS} ttl 112 id 50 DF
    0.351 C > S: [.] ack 1 win 256 ttl 128 id 8 DF
    0.352 C > S: [P.] seq 1:101 ack 1 win 256 ttl 128 id 9 DF "GET / HTTP/1.1\\r\\n"
    0.499 S > C: [.] seq 1:1289 ack 101 win 256 ttl 112 id 51 DF
    ${missing}
    3.900 C > S: [.] ack 1289 win 256 ttl 128 id 10 DF
    ${at} C > S: [R.] seq 101 ack 1289 win 0 ttl 128 id 11 DF`;

  test('is given up after a customary time without any packet', async () => {
    const verdict = await expectCause(stalled('33.92'), { gives: 'response-timeout likely', not: 'forged-reset' });
    expect(verdict.evidence.map(({ text }) => text).join()).toContain('never reached the client');
  });

  test('and after any other time by whom and why is open', async () => {
    await expectCause(stalled('40.7'), { gives: 'unexplained-abort possible', not: 'response-timeout' });
  });

  test('one that came whole is no answer that stalled', async () => {
    const [verdict] = await verdictsOf(stalled('33.92', ''));
    expect(verdict!.cause.id).not.toBe('response-timeout');
  });
});

describe('an idle connection cut by a box in front of its server', () => {
  /** The server's packets come over several ways. */
  const cut = (ttl: number) => `
    0.000 C > S: [S] seq 0 win 8192 <mss 1460,nop,wscale 8,nop,nop,sackOK> ttl 128 id 7 DF
    0.050 S > C: [S.] seq 0 ack 1 win 8192 <mss 1460,nop,wscale 8,nop,nop,sackOK> ttl 113 id 900 DF
    0.051 C > S: [.] ack 1 win 256 ttl 128 id 8 DF
    0.052 C > S: [P.] seq 1:101 ack 1 win 256 ttl 128 id 9 DF "GET / HTTP/1.1\\r\\n"
    0.103 S > C: [.] ack 101 win 256 ttl 111 id 901 DF
    0.104 S > C: [.] seq 1:1461 ack 101 win 256 ttl 112 id 902 DF
    0.104 S > C: [P.] seq 1461:1561 ack 101 win 256 ttl 112 id 903 DF
    0.105 C > S: [.] ack 1561 win 256 ttl 128 id 10 DF
    60.3 S > C: [R.] seq 1561 ack 101 win 0 ttl ${ttl} id 30001`;

  test('is told by an initial TTL that the server never had', async () => {
    const verdict = await expectCause(cut(242), { gives: 'device-idle-timeout likely', not: 'server-idle-timeout?' });
    expect(verdict.mechanism.kind).toBe('third-party');
  });

  test('and is not with one of its own', async () => {
    const [verdict] = await verdictsOf(cut(112));
    expect(verdict!.cause.id).not.toBe('device-idle-timeout');
  });
});

describe('an RST without ACK in the name of a Linux host', () => {
  const ts = (val: number, ecr: number) => `<nop,nop,TS val ${val} ecr ${ecr}>`;
  /** The client acknowledged the answer; then an RST bears its name. */
  const page = (rst: string, acknowledged = true) => `
    0.000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> ttl 63 id 10 DF
    0.001 S > C: [S.] seq 0 ack 1 win 65160 <mss 1460,sackOK,TS val 500 ecr 100,nop,wscale 7> ttl 64 id 0 DF
    0.020 C > S: [.] ack 1 win 502 ${ts(120, 500)} ttl 63 id 11 DF
    0.021 C > S: [P.] seq 1:41 ack 1 win 502 ${ts(121, 500)} ttl 63 id 12 DF
    0.022 S > C: [P.] seq 1:301 ack 41 win 509 ${ts(522, 121)} ttl 64 id 90 DF
    ${acknowledged ? `0.042 C > S: [.] ack 301 win 501 ${ts(142, 522)} ttl 63 id 13 DF` : ''}
    ${rst}`;

  test('that would answer what it had acknowledged, with a window: forged', async () => {
    const verdict = await expectCause(page('0.200 C > S: [R] seq 41 win 8192 ttl 128 id 4711'), {
      gives: 'forged-reset likely',
      not: 'vip-failover',
    });
    expect(verdict.evidence.map(({ text }) => text).join()).toContain('a Linux kernel writes 0 there');
  });

  test('that answers what had just come: another machine at that address, perhaps', async () => {
    await expectCause(page('0.042 C > S: [R] seq 41 win 0 ttl 127 id 4711', false), {
      gives: 'unexplained-reply',
      not: 'forged-reset',
    });
  });
});
