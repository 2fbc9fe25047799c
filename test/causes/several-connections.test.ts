/**
 * Causes that several connections decide: a process that ended, a balancer that took a target out, parallel connects, a
 * full accept queue, a scan, a periodic check; each with the look-alike that must not get the label.
 */
import { describe, test } from 'vitest';
import { expectCause, SYN, SYN_ACK } from '../support/listing.js';

interface Pool {
  /** Seconds at which each connection was used last. */
  readonly used: readonly number[];
  /** How the client ended them: `F`, or `R` for RST, ACK; and when. */
  readonly ends: string;
  readonly at: (index: number) => number;
  /** Listing lines behind them. */
  readonly behind?: string;
}

const ports = (count: number) => Array.from({ length: count }, (_, index) => 40_001 + index);

/** A client's connections to one server: opened, used once with an exchange, and ended. */
function pool({ used, ends, at, behind = '' }: Pool): string {
  const lines: [number, string][] = [];
  ports(used.length).forEach((port, n) => {
    const [client, server] = [`10.0.0.1.${port}`, '10.0.0.2.80'];
    const id = 100 * (n + 1);
    const last = used[n]!;
    lines.push(
      [0.001 * n, `${client} > ${server}: [S] seq 0 win 64240 ${SYN} ttl 64 id ${id} DF`],
      [0.001 * n + 0.0001, `${server} > ${client}: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63 id 0 DF`],
      [
        0.001 * n + 0.0002,
        `${client} > ${server}: [.] ack 1 win 502 <nop,nop,TS val 101 ecr 900> ttl 64 id ${id + 1} DF`,
      ],
      [
        last,
        `${client} > ${server}: [P.] seq 1 ack 1 win 502 <nop,nop,TS val 102 ecr 900> ttl 64 id ${id + 2} DF "ask"`,
      ],
      [
        last + 0.0002,
        `${server} > ${client}: [P.] seq 1 ack 4 win 509 <nop,nop,TS val 901 ecr 102> ttl 63 id ${id + 50} DF "reply"`,
      ],
      [last + 0.0003, `${client} > ${server}: [.] ack 6 win 502 <nop,nop,TS val 103 ecr 901> ttl 64 id ${id + 3} DF`],
      [
        at(n),
        `${client} > ${server}: [${ends[n] === 'R' ? 'R.' : 'F.'}] seq 4 ack 6 win 502 <nop,nop,TS val 2000 ecr 901> ttl 64 id ${id + 4} DF`,
      ],
    );
  });
  const listing = lines.sort(([a], [b]) => a - b).map(([time, text]) => `${time.toFixed(6)} ${text}`);
  return `${listing.join('\n')}\n${behind}`;
}

describe('process-exit', () => {
  test('a pool used together and stopped: FINs and one RST within a millisecond', async () => {
    await expectCause(pool({ used: [0.01, 0.011, 0.012, 0.013], ends: 'FFFR', at: (n) => 1.5 + 0.0001 * n }), {
      gives: 'process-exit likely',
      not: ['server-idle-timeout', 'lb-target-removed'],
    });
  });

  test('each as long after its last use, one after the other: an idle limit, no exit', async () => {
    await expectCause(pool({ used: [0.01, 0.06, 0.11, 0.16], ends: 'FFFR', at: (n) => 1.5 + 0.05 * n }), {
      gives: 'unexplained-abort',
      not: 'process-exit',
    });
  });

  test('two of five ended: the process lived on', async () => {
    await expectCause(pool({ used: [0.01, 0.2, 0.3, 0.4, 0.5], ends: 'FRFFF', at: (n) => (n < 2 ? 1 : 5 + n) }), {
      gives: 'unexplained-abort',
      not: 'process-exit',
    });
  });
});

describe('lb-target-removed', () => {
  const goesOn = `
    9.000 10.0.0.1.50000 > 10.0.0.3.80: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
    9.001 10.0.0.3.80 > 10.0.0.1.50000: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63 id 0 DF
    9.002 10.0.0.1.50000 > 10.0.0.3.80: [.] ack 1 win 502 <nop,nop,TS val 200 ecr 900> ttl 64 id 2 DF`;
  const again = goesOn.replaceAll('10.0.0.3', '10.0.0.2');

  test('all connections to one server by RST within a millisecond, and the host goes on', async () => {
    await expectCause(pool({ used: [0.01, 0.2, 0.3], ends: 'RRR', at: (n) => 2 + 0.0001 * n, behind: goesOn }), {
      gives: 'lb-target-removed likely',
      not: 'process-exit',
    });
  });

  test('… of a Linux that uses no timestamps, as its SYN shows', async () => {
    const given = pool({ used: [0.01, 0.2, 0.3], ends: 'RRR', at: (n) => 2 + 0.0001 * n, behind: goesOn });
    const without = given
      .replace(/sackOK,TS val \d+ ecr \d+,nop/g, 'nop,nop,sackOK,nop')
      .replace(/ <nop,nop,TS[^>]*>/g, '');
    await expectCause(without, { gives: 'lb-target-removed likely', not: 'process-exit' });
  });

  test('… of a stack that aborts without timestamps and is not known to close with FIN', async () => {
    const other = pool({ used: [0.01, 0.2, 0.3], ends: 'RRR', at: (n) => 2 + 0.0001 * n, behind: goesOn })
      .replace(/mss 1460,sackOK,TS val \d+ ecr \d+,nop,wscale 7/g, 'mss 1460')
      .replace(/ <nop,nop,TS[^>]*>/g, '');
    await expectCause(other, { gives: 'unexplained-abort', not: 'lb-target-removed?' });
  });

  test('one after the other over 90 ms: a client that drops them', async () => {
    await expectCause(pool({ used: [0.01, 0.2, 0.3], ends: 'RRR', at: (n) => 2 + 0.045 * n, behind: goesOn }), {
      gives: 'unexplained-abort',
      not: 'lb-target-removed?',
    });
  });

  test('the server is given a new connection afterwards: it had not been taken out', async () => {
    await expectCause(pool({ used: [0.01, 0.2, 0.3], ends: 'RRR', at: (n) => 2 + 0.0001 * n, behind: again }), {
      gives: 'unexplained-abort',
      not: 'lb-target-removed',
    });
  });
});

describe('parallel-connect-loser', () => {
  const two = (loser: string, winner: string, loserIss: number) => `
    0.000 10.0.0.1.40001 > ${winner}: [S] seq 5000 win 64240 ${SYN} ttl 64 id 1 DF
    0.001 10.0.0.1.40002 > ${loser}: [S] seq ${loserIss} win 64240 ${SYN} ttl 64 id 9 DF
    0.002 ${winner} > 10.0.0.1.40001: [S.] seq 700 ack 5001 win 65160 ${SYN_ACK} ttl 63 id 0 DF
    0.003 10.0.0.1.40001 > ${winner}: [.] ack 1 win 502 <nop,nop,TS val 101 ecr 900> ttl 64 id 2 DF
    0.004 ${loser} > 10.0.0.1.40002: [S.] seq 800 ack ${loserIss + 1} win 65160 ${SYN_ACK} ttl 63 id 0 DF
    0.005 10.0.0.1.40002 > ${loser}: [R] seq ${loserIss + 1} win 0 ttl 64 id 0 DF`;

  test('SMB over 445 won, the one over 139 is dropped', async () => {
    await expectCause(two('10.0.0.2.139', '10.0.0.2.445', 9000), {
      gives: 'parallel-connect-loser certain',
      not: 'port-scan',
    });
  });

  test('any other two ports are no pair', async () => {
    await expectCause(two('10.0.0.2.8080', '10.0.0.2.443', 9000), {
      gives: 'client-abandoned-connect likely',
      not: 'parallel-connect-loser',
    });
  });

  test('two addresses of one port: likely, as nothing says that they have one name', async () => {
    await expectCause(two('10.0.0.3.443', '10.0.0.2.443', 9000), {
      gives: 'parallel-connect-loser likely',
      not: 'port-scan',
    });
  });

  test('the same number under two addresses is a translation, no second attempt', async () => {
    await expectCause(two('10.0.0.3.443', '10.0.0.2.443', 5000), {
      gives: 'client-abandoned-connect',
      not: 'parallel-connect-loser',
    });
  });
});

describe('accept-queue-overflow', () => {
  const opened = `
    0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
    0.001 S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63 id 0 DF
    0.002 C > S: [.] ack 1 win 502 <nop,nop,TS val 102 ecr 900> ttl 64 id 2 DF
    0.003 C > S: [P.] seq 1 ack 1 win 502 <nop,nop,TS val 103 ecr 900> ttl 64 id 3 DF "ask"
    0.210 C > S: [P.] seq 1 ack 1 win 502 <nop,nop,TS val 310 ecr 900> ttl 64 id 4 DF "ask"`;
  const repeated = `
    1.020 S > C: [S.] seq 0 ack 1 win 65160 <mss 1460,sackOK,TS val 1920 ecr 100,nop,wscale 7> ttl 63 id 0 DF
    1.021 C > S: [.] seq 4 ack 1 win 502 <nop,nop,TS val 1120 ecr 1920> ttl 64 id 5 DF`;

  test('the SYN-ACK came again though acknowledged, no data was: the client gives up', async () => {
    await expectCause(
      `${opened}${repeated}
      5.000 C > S: [R.] seq 4 ack 1 win 502 <nop,nop,TS val 5100 ecr 1920> ttl 64 id 6 DF`,
      { gives: 'accept-queue-overflow likely', not: 'abortive-close?' },
    );
  });

  test('the same with an RST of the server at the end', async () => {
    await expectCause(
      `${opened}${repeated}
      13.000 C > S: [P.] seq 1 ack 1 win 502 <nop,nop,TS val 13100 ecr 1920> ttl 64 id 6 DF "ask"
      13.001 S > C: [R] seq 1 win 0 ttl 63 id 0 DF`,
      { gives: 'accept-queue-overflow likely', not: 'host-lost-state?' },
    );
  });

  test('data that was acknowledged had been accepted', async () => {
    await expectCause(
      `${opened}
      0.211 S > C: [.] ack 4 win 509 <nop,nop,TS val 1110 ecr 310> ttl 63 id 7 DF
      5.000 C > S: [R.] seq 4 ack 1 win 502 <nop,nop,TS val 5100 ecr 1110> ttl 64 id 6 DF`,
      { gives: 'response-timeout', not: 'accept-queue-overflow' },
    );
  });
});

describe('port-scan', () => {
  const probe = (from: number, ports: readonly number[], flags: string) =>
    ports
      .map(
        (port, n) => `
    ${(3 + n * 0.1).toFixed(3)} 10.0.0.1.${from + (flags === 'own' ? n : 0)} > 10.0.0.2.${port}: [.] seq 0 ack 77 win 1024 ttl 51 id ${900 + 7 * n}
    ${(3 + n * 0.1).toFixed(3)} 10.0.0.2.${port} > 10.0.0.1.${from + (flags === 'own' ? n : 0)}: [R] seq 77 win 0 ttl 64 id 0 DF`,
      )
      .join('');

  test('bare acknowledgments from one port to four: nmap -sA', async () => {
    await expectCause(probe(40_000, [22, 80, 443, 9999], 'one'), { gives: 'port-scan', not: 'host-lost-state' });
  });

  test('each from a port of its own: stray segments, of whatever', async () => {
    await expectCause(probe(40_000, [22, 80, 443, 9999], 'own'), { gives: 'unexplained-mid-stream', not: 'port-scan' });
  });
});

describe('health-check', () => {
  const checks = (times: readonly number[]) =>
    times
      .map((at, n) => {
        const [c, s] = [`10.0.0.1.${41_000 + n}`, '10.0.0.2.80'];
        const t = (more: number) => (at + more).toFixed(4);
        return `
    ${t(0)} ${c} > ${s}: [S] seq 0 win 64240 ${SYN} ttl 64 id ${10 * n + 1} DF
    ${t(0.0001)} ${s} > ${c}: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 63 id 0 DF
    ${t(0.0002)} ${c} > ${s}: [.] ack 1 win 502 <nop,nop,TS val 102 ecr 900> ttl 64 id ${10 * n + 2} DF
    ${t(0.001)} ${c} > ${s}: [R.] seq 1 ack 1 win 502 <nop,nop,TS val 103 ecr 900> ttl 64 id ${10 * n + 3} DF`;
      })
      .join('');

  test('at even intervals', async () => {
    await expectCause(checks([0, 2, 4, 6, 8]), { gives: 'health-check certain', not: 'port-scan' });
  });

  test('with one late wake-up among them', async () => {
    await expectCause(checks([0, 2, 4, 6, 9.3]), { gives: 'health-check likely', not: 'port-scan' });
  });

  test('at uneven intervals it is somebody who connects and drops', async () => {
    await expectCause(checks([0, 1, 4, 4.5, 9.3]), { gives: 'abortive-close', not: 'health-check' });
  });
});
