/** Stories read in captures that others made, each in the fewest packets that tell it, beside the nearest that is another. */
import { describe, expect, test } from 'vitest';
import { expectCause, said, verdictsOf } from '../support/listing.js';

const XP = '<mss 1460,nop,nop,sackOK>';
const LINUX = '<mss 1460,nop,nop,sackOK,nop,wscale 7>';

describe('a scan behind a filter', () => {
  /** SYNs to so many ports of S, from one port of C. */
  const asked = (ports: number, from: (i: number) => number, to: (i: number) => number) =>
    Array.from(
      { length: ports },
      (_, i) =>
        `0.${100 + i} 10.0.0.1.${from(i)} > 10.0.0.2.${to(i)}: [S] seq 0 win 64240 ${LINUX} ttl 64 id ${100 + i} DF`,
    ).join('\n');
  const dropped = `
    0.900 C > S: [S] seq 0 win 64240 ${LINUX} ttl 64 id 500 DF
    0.910 S > C: [S.] seq 0 ack 1 win 8192 <mss 1460> ttl 60 id 7
    0.920 C > S: [.] ack 1 win 502 ttl 64 id 501 DF
    0.921 C > S: [R.] seq 1 ack 1 win 502 ttl 64 id 502 DF`;

  test('most ports gave no answer at all', async () => {
    await expectCause(
      `${asked(
        12,
        (i) => 50_000 + i,
        (i) => 8000 + i,
      )}${dropped}`,
      {
        gives: 'port-scan certain',
        not: 'health-check',
      },
    );
  });

  test('one port that never answered is a dead server, however often it is tried', async () => {
    await expectCause(
      `${asked(
        12,
        (i) => 50_000 + i,
        () => 8000,
      )}${dropped}`,
      {
        gives: 'abortive-close likely',
        not: 'port-scan',
      },
    );
  });

  const cleared = (ports: number) => `
    ${asked(
      ports,
      () => 40_000,
      (i) => 8000 + i,
    )}
    ${Array.from({ length: ports }, (_, i) => `10.${200 + i} 10.0.0.2.${8000 + i} > 10.0.0.1.40000: [R] seq 0 win 0 ttl 127 id ${900 + i}`).join('\n')}`;

  test("a router gives the half-open connections up, at the number of the scanner's own SYNs", async () => {
    const [verdict] = await verdictsOf(cleared(12));
    expect(said(verdict!)).toBe('port-scan certain');
    expect(verdict!.evidence.at(-1)!.text).toContain('no host answered: 10.1 s after the SYN something on the way');
  });

  test('for one connection alone nobody scanned', async () => {
    const [verdict] = await verdictsOf(cleared(1));
    expect(verdict!.cause.id).not.toBe('port-scan');
  });
});

describe('what answers a SYN', () => {
  const syn = `0.000 C > S: [S] seq 0 win 8192 <mss 1460,nop,wscale 8,nop,nop,sackOK> ttl 128 id 501 DF`;
  const rst = `0.0291 C > S: [R] seq 860578524 win 0 ttl 128 id 502 DF`;

  test('a bare acknowledgment of another number is for an old connection', async () => {
    await expectCause(`${syn}\n0.029 S > C: [.] seq 7 ack 860578524 win 251 ttl 63 id 7 DF\n${rst}`, {
      gives: 'half-open-port-reuse likely',
      not: 'unacceptable-syn-ack',
    });
  });

  test('a SYN-ACK of another number is not', async () => {
    await expectCause(`${syn}\n0.029 S > C: [S.] seq 7 ack 860578524 win 251 ttl 63 id 7 DF\n${rst}`, {
      gives: 'unacceptable-syn-ack',
      not: 'half-open-port-reuse',
    });
  });
});

/** A client of Windows XP on a server of Linux, 100 ms away: handshake, login, answer; the packets of C are counted. */
const login = (last = '') => `
    0.000 C > S: [S] seq 0 win 16384 ${XP} ttl 127 id 10 DF
    0.000 S > C: [S.] seq 0 ack 1 win 65535 ${XP} ttl 64 id 90 DF
    0.100 C > S: [.] ack 1 win 17520 ttl 127 id 14 DF
    0.250 S > C: [P.] seq 1:9 ack 1 win 65535 ttl 64 id 91 DF "220 hey\\r"
    0.360 C > S: [P.] seq 1:9 ack 9 win 17512 ttl 127 id 20 DF "USER me\\r"
    0.360 S > C: [P.] seq 9:17 ack 9 win 65527 ttl 64 id 92 DF "530 no\\r\\n"
    ${last}`;

describe('an answer sooner than the round trip', () => {
  test("with the host's own TTL and IP ID is the host's: delays vary", async () => {
    const verdict = await expectCause(login('0.390 C > S: [R.] seq 9 ack 17 win 0 ttl 127 id 31 DF'), {
      gives: 'abortive-close likely',
      not: ['forged-reset', 'blocked-by-policy'],
    });
    expect(verdict.mechanism.kind).toBe('live-socket');
  });

  test('with another TTL is not', async () => {
    const [verdict] = await verdictsOf(login('0.390 C > S: [R.] seq 9 ack 17 win 0 ttl 99 id 31 DF'));
    expect(verdict!.mechanism.kind).toBe('third-party');
  });
});

describe('a bare RST at the next number', () => {
  const acked = '0.500 C > S: [.] seq 9 ack 17 win 17504 ttl 127 id 21 DF';

  test.each([
    ['after what came last had been acknowledged', 0.7],
    ['long after it', 5],
  ])("is the abort of Windows 2000 and XP: with that host's IP ID, %s", async (_, at) => {
    const verdict = await expectCause(
      login(`${acked}\n${at.toFixed(3)} C > S: [R] seq 9 ack 4711 win 0 ttl 127 id 22 DF`),
      {
        gives: at < 1 ? 'abortive-close likely' : 'routine-close-by-reset likely',
        not: ['host-lost-state', 'unexplained-reply'],
      },
    );
    expect([verdict.reset.shape, verdict.mechanism.kind]).toEqual(['active', 'live-socket']);
  });

  test('with an IP ID of its own may be from anybody', async () => {
    const [verdict] = await verdictsOf(login(`${acked}\n5 C > S: [R] seq 9 win 0 ttl 127 id 0 DF`));
    expect([verdict!.reset.shape, verdict!.cause.id]).toEqual(['reply', 'unexplained-reply']);
  });

  test('right behind a segment that nobody acknowledged is the answer to it', async () => {
    const [verdict] = await verdictsOf(login('0.460 C > S: [R] seq 9 win 0 ttl 127 id 22 DF'));
    expect([verdict!.reset.shape, verdict!.mechanism.kind]).toEqual(['reply', 'kernel-reply']);
  });
});

/** A conversation in TLS records of 40 octets, and a server's last words with its FIN. */
const record = (length: number) => `"\\x17\\x03\\x03\\x00\\x${(length - 5).toString(16).padStart(2, '0')}"`;
const tls = (last: string) => `
    0.000 C > S: [S] seq 0 win 64240 ${LINUX} ttl 64 id 10 DF
    0.100 S > C: [S.] seq 0 ack 1 win 64240 ${LINUX} ttl 53 id 0 DF
    0.100 C > S: [.] ack 1 win 502 ttl 64 id 11 DF
    0.101 C > S: [P.] seq 1:41 ack 1 win 502 ttl 64 id 12 DF ${record(40)}
    0.201 S > C: [P.] seq 1:41 ack 41 win 502 ttl 53 id 7 DF ${record(40)}
    0.202 C > S: [P.] seq 41:1601 ack 41 win 502 ttl 64 id 13 DF ${record(200)}
    0.302 S > C: [P.] seq 41:345 ack 1601 win 502 ttl 53 id 8 DF ${record(200)}
    ${last}`;

describe('small last words of a client', () => {
  const closed = '0.302 S > C: [F.] seq 345 ack 1601 win 502 ttl 53 id 9 DF';

  test('after the close of a server that speaks no HTTP are no upload', async () => {
    await expectCause(
      tls(`${closed}
    0.304 C > S: [P.] seq 1601:1646 ack 346 win 502 ttl 64 id 14 DF ${record(45)}
    0.404 S > C: [R] seq 346 win 0 ttl 53 id 0 DF`),
      { gives: 'data-after-close certain', not: 'unread-request-body' },
    );
  });

  test('whole segments are one', async () => {
    await expectCause(
      tls(`${closed}
    0.304 C > S: [.] seq 1601:3061 ack 345 win 502 ttl 64 id 14 DF
    0.304 C > S: [.] seq 3061:4521 ack 345 win 502 ttl 64 id 15 DF
    0.404 S > C: [R] seq 345 win 0 ttl 53 id 0 DF`),
      { gives: 'unread-request-body likely', not: 'routine-close-by-reset' },
    );
  });
});

describe('a client that resets a transfer', () => {
  const transfer = (fin: '' | 'F', win = 509) =>
    tls(`0.303 C > S: [P.] seq 1601:1641 ack 345 win 480 ttl 64 id 14 DF ${record(40)}
    0.403 S > C: [.] seq 345:1805 ack 1641 win 502 ttl 53 id 10 DF ${record(200)}
    0.403 S > C: [.] seq 1805:3265 ack 1641 win 502 ttl 53 id 11 DF
    0.4031 C > S: [.] ack 3265 win 470 ttl 64 id 15 DF
    0.404 S > C: [${fin}P.] seq 3265:4000 ack 1641 win 502 ttl 53 id 12 DF
    0.405 C > S: [R.] seq 1641 ack ${fin === '' ? 4000 : 4001} win ${win} ttl 64 id 16 DF`);

  test('that the server had ended with its FIN stopped nothing: in TLS a goodbye is what lay unread', async () => {
    await expectCause(transfer('F'), { gives: 'unread-close-notify likely', not: 'cancelled-download' });
  });

  test('that had not ended did', async () => {
    await expectCause(transfer(''), { gives: 'cancelled-download likely', not: 'unread-close-notify' });
  });
});

describe('a client that read the page and no further', () => {
  const page = (fin: '' | 'F', win: number) => `
    0.000 C > S: [S] seq 0 win 64240 ${LINUX} ttl 64 id 10 DF
    0.001 S > C: [S.] seq 0 ack 1 win 5840 ${LINUX} ttl 64 id 0 DF
    0.001 C > S: [.] ack 1 win 502 ttl 64 id 11 DF
    0.002 C > S: [P.] seq 1:19 ack 1 win 502 ttl 64 id 12 DF "GET / HTTP/1.0\\r\\n\\r\\n"
    0.006 S > C: [P.] seq 1:1201 ack 19 win 91 ttl 64 id 90 DF "HTTP/1.1 200 OK\\r\\n"
    0.0061 C > S: [.] ack 1201 win 488 ttl 64 id 13 DF
    0.007 S > C: [${fin}P.] seq 1201:1301 ack 19 win 91 ttl 64 id 91 DF
    0.0071 C > S: [R.] seq 19 ack ${fin === '' ? 1301 : 1302} win ${win} ttl 64 id 14 DF`;

  test('the server had closed: what it threw away was all there was', async () => {
    const verdict = await expectCause(page('F', 501), {
      gives: 'close-with-unread-data likely',
      not: 'cancelled-download',
    });
    expect(verdict.severity).toBe('note');
  });
});

describe('a sealed last message of a client to LDAP', () => {
  const sealed = (length: number) => `
    0.000 C > 10.0.0.2.389: [S] seq 0 win 8192 <mss 1460,nop,wscale 8,nop,nop,sackOK> ttl 128 id 10 DF
    0.001 10.0.0.2.389 > C: [S.] seq 0 ack 1 win 8192 <mss 1460,nop,wscale 8,nop,nop,sackOK> ttl 128 id 90 DF
    0.002 C > 10.0.0.2.389: [.] ack 1 win 256 ttl 128 id 11 DF
    0.003 C > 10.0.0.2.389: [P.] seq 1:197 ack 1 win 256 ttl 128 id 12 DF "\\x00\\x00\\x00\\xc0"
    0.004 10.0.0.2.389 > C: [P.] seq 1:166 ack 197 win 256 ttl 128 id 91 DF "\\x00\\x00\\x00\\xa1"
    0.005 C > 10.0.0.2.389: [P.] seq 197:${197 + length} ack 166 win 256 ttl 128 id 13 DF "\\x00\\x00\\x00\\x${(length - 4).toString(16)}"
    0.0051 10.0.0.2.389 > C: [R.] seq 166 ack ${197 + length} win 0 ttl 128 id 92 DF`;

  test('that is as small as an unbind is one: nothing was lost', async () => {
    await expectCause(sealed(75), { gives: 'routine-close-by-reset likely', not: 'close-with-unread-data' });
  });

  test('that is longer was a request', async () => {
    await expectCause(sealed(196), { gives: 'close-with-unread-data likely', not: 'routine-close-by-reset' });
  });
});

describe('a client that drops connections in one moment', () => {
  /** So many conversations with a server of FTP, each dropped when the password was wrong, 20 ms apart. */
  const guesses = (goesOn: boolean) =>
    Array.from({ length: 4 }, (_, i) => {
      const c = `10.0.0.1.${40_000 + i}`;
      const s = '10.0.0.2.21';
      const begins = goesOn ? 0.3 + i * 0.02 : i * 0.02;
      const at = (t: number) => (begins + t).toFixed(4);
      const ends = (t: number) => (goesOn ? begins + 0.05 + t : 0.45 + 0.02 * i + t).toFixed(4);
      return [
        `${at(0)} ${c} > ${s}: [S] seq 0 win 16384 ${XP} ttl 128 id ${100 + 9 * i} DF`,
        `${at(0.001)} ${s} > ${c}: [S.] seq 0 ack 1 win 65535 ${XP} ttl 64 id ${100 + 9 * i} DF`,
        `${at(0.002)} ${c} > ${s}: [.] ack 1 win 17520 ttl 128 id ${101 + 9 * i} DF`,
        `${at(0.003)} ${c} > ${s}: [P.] seq 1:9 ack 1 win 17520 ttl 128 id ${102 + 9 * i} DF "PASS me\\r"`,
        `${at(0.004)} ${s} > ${c}: [P.] seq 1:9 ack 9 win 65527 ttl 64 id ${101 + 9 * i} DF "530 no\\r\\n"`,
        `${ends(0)} ${c} > ${s}: [R.] seq 9 ack 9 win 0 ttl 128 id ${103 + 9 * i} DF`,
      ];
    })
      .flat()
      .sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
      .join('\n');

  test('and begins others in between did not end its process', async () => {
    await expectCause(guesses(true), { gives: 'abortive-close likely', not: ['process-exit', 'lb-target-removed?'] });
  });

  test('and begins none may have', async () => {
    await expectCause(guesses(false), { gives: 'process-exit likely', not: 'routine-close-by-reset' });
  });
});

describe('a server of Windows that drops a connection right behind its answer', () => {
  const SACK = '<mss 1460,nop,wscale 8,nop,nop,sackOK>';
  const released = (at: string, asked = '') => `
    0.000 C > S: [S] seq 0 win 64240 ${SACK} ttl 128 id 10 DF
    0.001 S > C: [S.] seq 0 ack 1 win 8192 ${SACK} ttl 128 id 90 DF
    0.002 C > S: [.] ack 1 win 1026 ttl 128 id 11 DF
    0.003 C > S: [P.] seq 1:129 ack 1 win 1026 ttl 128 id 12 DF
    0.004 S > C: [P.] seq 1:65 ack 129 win 2052 ttl 128 id 91 DF
    ${asked}
    ${at} S > C: [R.] seq 65 ack ${asked === '' ? 129 : 257} win 0 ttl 128 id 92 DF`;

  test('before the other kernel need acknowledge it: an abort at rest, and what became of the answer is not seen', async () => {
    const verdict = await expectCause(released('0.017'), { gives: 'abortive-close likely', not: 'unexplained-abort' });
    expect(verdict.severity).toBe('warning');
    expect(verdict.doubt.at(-1)).toBe('Whether the client read the last 64 bytes before the RST is not to be seen.');
  });

  test('with another request come in is not at rest', async () => {
    await expectCause(released('0.030', '0.016 C > S: [P.] seq 129:257 ack 1 win 1026 ttl 128 id 13 DF'), {
      gives: 'close-with-unread-data likely',
      not: 'abortive-close?',
    });
  });

  test('and long after it, when the acknowledgment is overdue, the answer may be lost', async () => {
    const verdict = await expectCause(released('0.900'), {
      gives: 'abortive-close likely',
      not: 'routine-close-by-reset',
    });
    expect(verdict.severity).toBe('error');
  });
});
