/** Sentences that a stranger's capture contradicted: each kind as a listing, beside the look-alike for which it is true. */
import { describe, expect, test } from 'vitest';
import { errorsRow } from '../../src/report/words/errors.js';
import { fixOf } from '../../src/report/words/host-terms.js';
import { diagnosisOf, expectCause, SYN, SYN_ACK, verdictsOf } from '../support/listing.js';

const WINDOWS = '<mss 1460,nop,wscale 8,nop,nop,sackOK>';

describe('two connects at once', () => {
  const other = `
      0.000 C > S: [S] seq 0 win 8192 ${WINDOWS} ttl 128 id 1 DF
      0.001 10.0.0.1.40001 > 10.0.0.3.80: [S] seq 500 win 8192 ${WINDOWS} ttl 128 id 2 DF
      0.005 10.0.0.3.80 > 10.0.0.1.40001: [S.] seq 0 ack 501 win 64240 ${WINDOWS} ttl 57 id 0 DF
      0.006 10.0.0.1.40001 > 10.0.0.3.80: [.] seq 501 ack 1 win 258 ttl 128 id 3 DF`;

  test('the other is turned away when it is accepted', async () => {
    await expectCause(
      `${other}
      0.018 S > C: [S.] seq 0 ack 1 win 64240 ${WINDOWS} ttl 57 id 0 DF
      0.019 C > S: [R] seq 1 win 0 ttl 128 id 4 DF`,
      { gives: 'parallel-connect-loser likely', not: 'half-open-port-reuse' },
    );
  });

  test('an acknowledgment of an older connection accepts nothing', async () => {
    await expectCause(
      `${other}
      0.018 S > C: [.] seq 700 ack 90000 win 251 ttl 57 id 9 DF
      0.019 C > S: [R] seq 90000 win 0 ttl 128 id 4 DF`,
      { gives: 'half-open-port-reuse likely', not: ['parallel-connect-loser'] },
    );
  });
});

describe('a refusal, and a SYN-ACK of the same host and port', () => {
  const refused = (seconds: string) => `
      0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
      0.010 S > C: [R.] seq 0 ack 1 win 0 ttl 46 id 0 DF
      ${seconds} S > C: [S.] seq 0 ack 1 win 65160 ${SYN_ACK} ttl 46 id 0 DF`;

  test('right behind it: somebody else had answered first', async () => {
    await expectCause(refused('0.040'), { gives: 'forged-refusal certain', not: 'closed-port' });
  });
  test('a quarter of an hour later it answers another SYN', async () => {
    await expectCause(refused('900.0'), { gives: 'closed-port likely', not: ['forged-refusal'] });
  });
});

describe('a router that wants a password, over telnet', () => {
  const IOS = '<mss 536>';
  const session = (port: string, first: string) => `
      0.000 C > 10.0.0.2.${port}: [S] seq 0 win 4128 ${IOS} ttl 255 id 0
      0.001 10.0.0.2.${port} > C: [S.] seq 0 ack 1 win 4128 ${IOS} ttl 253 id 0
      0.002 C > 10.0.0.2.${port}: [.] seq 1 ack 1 win 4128 ttl 255 id 1
      0.003 C > 10.0.0.2.${port}: [P.] seq 1:4 ack 1 win 4128 ttl 255 id 2 "${first}"
      0.004 10.0.0.2.${port} > C: [P.] seq 1:8 ack 4 win 4125 ttl 253 id 1 "refused"
      0.200 C > 10.0.0.2.${port}: [.] seq 4 ack 8 win 4121 ttl 255 id 3
      2.100 C > 10.0.0.2.${port}: [P.] seq 4:6 ack 8 win 4121 ttl 255 id 4 "ok"
      2.101 10.0.0.2.${port} > C: [F.] seq 8 ack 4 win 4125 ttl 253 id 2
      2.102 10.0.0.2.${port} > C: [R] seq 8 win 0 ttl 253 id 3`;

  test('what is typed is no request', async () => {
    await expectCause(session('23', 'abc'), { gives: 'data-after-close certain', not: ['keepalive-race-after-fin'] });
  });
  test('the same of another service is a race', async () => {
    await expectCause(session('8080', 'abc'), { gives: 'keepalive-race-after-fin likely', not: 'host-lost-state' });
  });
});

describe('an idle connection dropped with RST', () => {
  const dropped = (port: string, ask: string, answer: string, seconds: number) => `
      0.000 C > 10.0.0.2.${port}: [S] seq 0 win 8192 ${WINDOWS} ttl 128 id 1 DF
      0.001 10.0.0.2.${port} > C: [S.] seq 0 ack 1 win 8192 ${WINDOWS} ttl 128 id 1 DF
      0.002 C > 10.0.0.2.${port}: [.] seq 1 ack 1 win 258 ttl 128 id 2 DF
      0.003 C > 10.0.0.2.${port}: [P.] seq 1:17 ack 1 win 258 ttl 128 id 3 DF "${ask}"
      0.004 10.0.0.2.${port} > C: [P.] seq 1:17 ack 17 win 258 ttl 128 id 2 DF "${answer}"
      0.054 C > 10.0.0.2.${port}: [.] seq 17 ack 17 win 258 ttl 128 id 4 DF
      ${seconds}.004 10.0.0.2.${port} > C: [R.] seq 17 ack 17 win 0 ttl 128 id 3 DF`;
  const HTTP = ['GET / HTTP/1.0  ', 'HTTP/1.1 200 OK '] as const;
  const RPC = String.raw`\x05\x00\x00\x03\x10\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00\x00`;

  test('20 s are a limit of web servers', async () => {
    const verdict = await expectCause(dropped('8080', ...HTTP, 20), {
      gives: 'server-idle-timeout likely',
      not: 'device-idle-timeout',
    });
    expect(JSON.stringify(verdict.evidence)).toContain('Tomcat');
  });
  test('… and no reason where RPC was spoken', async () => {
    await expectCause(dropped('49724', RPC, RPC, 20), { gives: 'abortive-close likely', not: ['server-idle-timeout'] });
  });
  test('nor are 15 s, after which a kernel only asks', async () => {
    await expectCause(dropped('8080', ...HTTP, 15), { gives: 'abortive-close likely', not: ['server-idle-timeout'] });
  });
  test('what is told to Windows programs is in their words', async () => {
    const verdict = await expectCause(dropped('8080', ...HTTP, 20), {
      gives: 'server-idle-timeout likely',
      not: 'device-idle-timeout',
    });
    expect(errorsRow(verdict)).toContain('wsarecv: An existing connection was forcibly closed by the remote host');
    expect(errorsRow(verdict)).not.toContain('connection reset by peer');
    expect(errorsRow(verdict)).not.toContain('104');
  });
});

test('a connection that a balancer at the place of the server cut, though its timer is not known', async () => {
  const cut = (ttl: number) => `
      0.000 C > S: [S] seq 0 win 8192 ${WINDOWS} ttl 128 id 1 DF
      0.050 S > C: [S.] seq 0 ack 1 win 8192 ${WINDOWS} ttl 112 id 1 DF
      0.051 C > S: [.] seq 1 ack 1 win 258 ttl 128 id 2 DF
      0.052 C > S: [P.] seq 1:101 ack 1 win 258 ttl 128 id 3 DF
      0.102 S > C: [.] seq 1 ack 101 win 258 ttl 112 id 2 DF
      0.110 S > C: [P.] seq 1:301 ack 101 win 258 ttl 112 id 3 DF
      0.310 C > S: [.] seq 101 ack 301 win 257 ttl 128 id 4 DF
      77.310 S > C: [R.] seq 301 ack 101 win 0 ttl ${ttl} id 9000 DF`;
  const verdict = await expectCause(cut(239), { gives: 'device-idle-timeout likely', not: 'server-idle-timeout' });
  expect(JSON.stringify(verdict.evidence)).toContain('about as many hops away as the server is');
  await expectCause(cut(250), { gives: 'unexplained-origin possible', not: 'server-idle-timeout' });
});

describe('an RST with TTL 255 in the name of a server', () => {
  const refused = (synAck: string, ttl: number) => {
    const served = [1, 2, 3].map(
      (i) => `
      0.${i}00 10.0.0.1.4000${i} > 10.0.0.2.81: [S] seq ${i}000 win 64240 ${WINDOWS} ttl 128 id ${i} DF
      0.${i}01 10.0.0.2.81 > 10.0.0.1.4000${i}: [S.] seq 0 ack ${i}001 win 65535 ${synAck} ttl ${ttl} id ${i}
      0.${i}02 10.0.0.1.4000${i} > 10.0.0.2.81: [.] seq ${i}001 ack 1 win 64240 ttl 128 id ${i} DF`,
    );
    return `${served.join('')}
      1.000 C > S: [S] seq 0 win 64240 ${WINDOWS} ttl 128 id 4 DF
      1.030 S > C: [R.] seq 0 ack 1 win 0 ttl 255 id 77`;
  };

  test('a network in user space gives it to its resets', async () => {
    await expectCause(refused('<mss 1460>', 64), { gives: 'closed-port likely', not: ['firewall-reject-syn'] });
  });
  test('beyond a router it is a box on the way', async () => {
    await expectCause(refused('<mss 1460>', 60), { gives: 'firewall-reject-syn likely', not: 'closed-port' });
  });
  test('and before a host of another stack', async () => {
    await expectCause(refused(WINDOWS, 64), { gives: 'firewall-reject-syn likely', not: 'closed-port' });
  });
});

describe('who no longer knew its connections', () => {
  const forgotten = (first: number, second: number) => {
    const one = (port: number, at: number, id: number) => `
      ${at}.000 10.0.0.1.${port} > S: [S] seq 0 win 8192 ${WINDOWS} ttl 128 id ${id} DF
      ${at}.001 S > 10.0.0.1.${port}: [S.] seq 0 ack 1 win 64240 ${WINDOWS} ttl 64 id 0 DF
      ${at}.002 10.0.0.1.${port} > S: [.] seq 1 ack 1 win 258 ttl 128 id ${id + 1} DF
      ${at}.003 10.0.0.1.${port} > S: [P.] seq 1:101 ack 1 win 258 ttl 128 id ${id + 2} DF
      ${at}.004 S > 10.0.0.1.${port}: [P.] seq 1:101 ack 101 win 501 ttl 64 id 7 DF
      ${at}.040 10.0.0.1.${port} > S: [.] seq 101 ack 101 win 258 ttl 128 id ${id + 3} DF`;
    const asked = (port: number, at: number, id: number) => `
      ${at}.000 S > 10.0.0.1.${port}: [P.] seq 101:151 ack 101 win 501 ttl 64 id 8 DF
      ${at}.001 10.0.0.1.${port} > S: [R] seq 101 win 0 ttl 128 id ${id}`;
    return `${one(40001, 0, 1000)}${one(40002, 1, 1010)}${asked(40001, 20, first)}${asked(40002, 25, second)}`;
  };
  test('its IP ID began anew', async () => {
    await expectCause(forgotten(40, 44), { gives: 'host-lost-state likely', not: 'data-after-close' });
  });
  test('a kernel whose IP ID went on had run all the time', async () => {
    await expectCause(forgotten(1020, 1022), { gives: 'unexplained-reply possible', not: ['host-lost-state'] });
  });
});

test('an acknowledgment with the timestamps of nmap’s test of the operating system', async () => {
  const probe = (ts: string) => `
      0.000 10.0.0.9.5000 > S: [S] seq 700 win 64240 ${SYN} ttl 64 id 5 DF
      0.001 S > 10.0.0.9.5000: [S.] seq 300 ack 701 win 65160 ${SYN_ACK} ttl 64 id 0 DF
      0.002 10.0.0.9.5000 > S: [.] seq 701 ack 301 win 502 ttl 64 id 6 DF
      5.000 C > S: [.] seq 3000000000 ack 2000000000 win 1024 <wscale 10,nop,mss 265,TS val ${ts} ecr 0,sackOK> ttl 48 id 99 DF
      5.001 S > C: [R] seq 2000000000 win 0 ttl 64 id 0 DF`;
  await expectCause(probe('4294967295'), { gives: 'port-scan likely', not: 'conntrack-invalid-leak' });
  await expectCause(probe('4242'), { gives: 'stray-ack-to-listener likely', not: 'port-scan' });
});

test('a SYN-ACK that came at once and was turned away a second later', async () => {
  const turned = (accepted: string, reset: string) => `
      0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
      ${accepted} S > C: [S.] seq 0 ack 1 win 65535 <mss 1460> ttl 16 id 2 DF
      ${reset} C > S: [R] seq 1 win 0 ttl 64 id 0 DF`;
  await expectCause(turned('1.700', '1.701'), {
    gives: 'client-abandoned-connect certain',
    not: 'unsolicited-syn-ack',
  });
  const verdict = await expectCause(turned('0.006', '1.001'), {
    gives: 'client-abandoned-connect likely',
    not: 'unsolicited-syn-ack',
  });
  expect(verdict.doubt.join(' ')).toContain('995 ms before');
});

test('where a refusal cost nothing the fix says so first', async () => {
  const [harmless] = await verdictsOf(`
      0.0000 ::1.40000 > ::1.80: [S] seq 0 win 65476 ${SYN} ttl 64
      0.0001 ::1.80 > ::1.40000: [R.] seq 0 ack 1 win 0 ttl 64
      0.0002 127.0.0.1.40001 > 127.0.0.1.80: [S] seq 0 win 65476 ${SYN} ttl 64 id 5 DF
      0.0003 127.0.0.1.80 > 127.0.0.1.40001: [S.] seq 0 ack 1 win 65464 ${SYN_ACK} ttl 64 id 0 DF
      0.0004 127.0.0.1.40001 > 127.0.0.1.80: [.] seq 1 ack 1 win 512 ttl 64 id 6 DF`);
  expect(harmless.severity).toBe('note');
  expect(fixOf(harmless)).toMatch(
    /^Nothing was lost, and nothing need be done\. If it is not wanted: start the service/,
  );
  const { verdicts } = await diagnosisOf(`
      0.000 C > S: [S] seq 0 win 64240 ${SYN} ttl 64 id 1 DF
      0.001 S > C: [R.] seq 0 ack 1 win 0 ttl 64 id 0 DF`);
  expect(fixOf(verdicts[0])).toMatch(/^Start the service/);
});
