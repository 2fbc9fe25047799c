import { describe, expect, test } from 'vitest';
import { render } from '../../../src/report/render.js';
import {
  atNight,
  closedPort,
  forged,
  incident,
  keepAliveRace,
  makeCause,
  makeDiagnosis,
  makeReset,
  makeVerdict,
  noResets,
  together,
} from '../../support/diagnosis.js';

/** Each of so many servers reset once, the worst ten times. */
function manyServers(number = 20, prefix = '10.0.2.') {
  const cause = makeCause('refuses-all', { counted: '{connection was|connections were} cut by {sender}' });
  const verdicts = Array.from({ length: number + 9 }, (_, index) => {
    const server = index < 10 ? 1 : index - 8;
    const sender = { address: `${prefix}${server}`, port: 443, role: 'server' as const };
    const receiver = { address: `${prefix.slice(0, -2)}9${prefix.slice(-1)}7`, port: 40000 + index };
    return makeVerdict(makeReset({ frame: 100 + index * 10, time: index * 1000, sender, receiver }), cause);
  });
  return makeDiagnosis(verdicts);
}

function manyEndings() {
  const [ending] = noResets().endings;
  if (ending === undefined) throw new Error('no ending');
  const endings = Array.from({ length: 40 }, (_, index) => ({ ...ending, server: `[2001:db8::${index % 9}]:443` }));
  return { ...noResets(), endings };
}

describe('text', () => {
  test('one reset: sentence, how sure, why, doubt, errors, fix, look, row', () => {
    expect(render(keepAliveRace())).toMatchInlineSnapshot(`
      "2026-11-21 08:01:04 UTC, 0.25 s · 11 packets, 1 TCP connection, 1 RST · captured at the client

      1. A request was sent on an idle connection the server had just closed
         likely · keepalive-race-after-fin · error: 5 bytes lost · 1 of 1 connections to 10.0.2.2:5007
         why     After 200 ms of silence the server closed its side with FIN (frame 8). The client's
                 kernel acknowledged it (9). 10 ms later the client program sent 5 more bytes (10). The
                 server program had closed its socket, so the server's kernel answered with an RST (11).
         doubt   Seen: the server's kernel wrote it, without a live socket: seq is the ack of the segment
                 before it, window 0, no options. That the server closed because of idleness is inferred:
                 200 ms fits no known timer.
         errors  client: read → EOF, then write → EPIPE. In logs: "EOF" (Go), "write: broken pipe" (Go),
                 "socket hang up" (Node), "Remote end closed connection without response" (Python),
                 "upstream prematurely closed connection" (nginx), a 502 or 503 (proxy). Not "connection
                 reset by peer": a FIN came first (Linux). server: no error.
         fix     Let the client or proxy drop idle connections sooner than the server does (1 s sooner is
                 customary), and retry requests that are safe to repeat.
         look    on 10.0.2.2: the access log has no second request
                 here: whyrst show 06_fin_then_data_keepalive_race.c.pcap 11

       frame time (UTC)    client → server               RST made by    cause                     sure
          11 08:01:04.879  10.0.1.2:46840→10.0.2.2:5007  server kernel  keepalive-race-after-fin  likely
      "
    `);
  });

  test('a refused connection is refused, never reset', () => {
    expect(render(closedPort())).toMatchInlineSnapshot(`
      "2026-11-21 08:01:04 UTC, 67 µs · 2 packets, 1 TCP connection, 1 RST · captured at the client

      1. Nothing listened on the port: the connection was refused, not reset
         likely · closed-port · warning · 1 of 1 attempts to 10.0.2.2:4444
         why     The client asked for a connection with a SYN (frame 1). RST, ACK with seq 0 and ack = SYN
                 + 1 came 67 µs later (2).
         doubt   A firewall that rejects sends the same packet.
         errors  client: connect → ECONNREFUSED "connection refused".
         fix     Start the service, or correct its port or address (127.0.0.1 only? IPv6 only?).
         look    on 10.0.2.2: ss -ltn 'sport = :4444'
                 empty: start the service
                 here: whyrst show 01_closed_port.c.pcap 2

       frame time (UTC)    client → server               RST made by    cause        sure
           2 08:01:04.628  10.0.1.2:56356→10.0.2.2:4444  server kernel  closed-port  likely
      "
    `);
  });

  test('the sum adds up; proof where certain; notes in short; aftershocks under their first', () => {
    expect(render(forged())).toMatchInlineSnapshot(`
      "The connection was cut by an RST that the server did not send; 2 RSTs were ignored.

      2026-11-21 08:01:04 UTC, 1.64 s · 17 packets, 1 TCP connection, 4 RSTs · captured at the client
      4 RSTs = 1 that cut a connection + 1 aftershock + 2 ignored

      1. The connection was cut by an RST that the server did not send
         certain · forged-reset · error · 1 of 1 connections to 10.0.2.2:5006
         why     The RST bore the server's address and the exact sequence number, so the client obeyed
                 (frame 15). 100 ms later the server sent 21 new bytes: its TCP had reset nothing (16).
         proof   RST 15: the RST had TTL 57, DF clear and IP ID 0x1234; all else from 10.0.2.2 had TTL 63
                 and DF set.
         doubt   Who sent it: a forger chooses the TTL, so 57 tells no distance.
         errors  client: read → ECONNRESET "connection reset by peer". In logs: "read: connection reset by
                 peer" (Go), "read ECONNRESET" (Node), "java.net.SocketException: Connection reset"
                 (Java), "recv() failed (104: Connection reset by peer)" (nginx). Not "EOF" or "socket
                 hang up": no FIN came first. server: the same, from frame 17.
         fix     Change what leads to forged-reset.
         look    on 10.0.2.2: nstat -az
                 here: whyrst show 30_spoofed.pcap 15

      2. An RST was ignored and the connection went on: frames 8, 12
         certain · rst-ignored · note · 2 at 10.0.2.2:5006 · The RST was 1,000 bytes ahead of what the
         client expected (frame 8).

       frame time (UTC)    client → server               RST made by  cause         sure
           8 08:01:05.128  10.0.1.2:49506→10.0.2.2:5006  third party  rst-ignored   certain
          12 08:01:05.528  10.0.1.2:49506→10.0.2.2:5006  third party  rst-ignored   certain
          15 08:01:05.728  10.0.1.2:49506→10.0.2.2:5006  third party  forged-reset  certain
             + 1 aftershock: 17, by the client kernel
      "
    `);
  });

  test('many resets: an overview first, noise in one line, rows capped and counted', () => {
    const text = render(atNight(), 'text', { limit: 4 });
    expect(text).toMatchInlineSnapshot(`
      "63 connections lost work: 60 times a request arrived in the instant in which the server closed the
      idle connection and 3 times all connections of one server port ended in the same instant; 25 resets
      were harmless.

      2026-11-21 02:41:07 to 03:02:55 UTC · 14,201,877 packets, 311,204 TCP connections, 92 RSTs ·
      captured at the client
      92 RSTs = 63 lost work + 5 harmless + 20 refused + 4 aftershocks
      Capture: both directions; no drops reported

         count       of  first     last      sure    where          why
      1.    60  311,204  02:41:18  02:42:17  likely  10.9.8.7:8080  keepalive-race-unread
      2.     3  311,204  02:42:18  02:42:20  likely  10.9.8.9:5432  process-exit
      noise  20 port-scan (from 10.1.2.3) and 5 unread-close-notify (10.9.8.7:443) · --all shows them

      1. A request arrived in the instant in which the server closed the idle connection
         likely · keepalive-race-unread · error: 60 requests unanswered · 60 of 311,204 connections to
         10.9.8.7:8080
         when    2026-11-21 02:41:18 to 02:42:17 UTC (59 s)
         why     Told by frame 110, one of 60 (10.1.2.3:40000 → 10.9.8.7:8080). The sender reset the
                 connection (110).
         doubt   Seen: the server's own live socket sent it: timestamps kept; IP ID one up; same TTL.
                 Another cause would look the same.
         fix     Change what leads to keepalive-race-unread.
         look    on 10.9.8.7: nstat -az
                 here: whyrst show prod.pcap 110

      2. All connections of one server port ended in the same instant
         likely · process-exit · error · 3 of 311,204 connections to 10.9.8.9:5432
         when    2026-11-21 02:42:18 to 02:42:20 UTC (2 s)
         why     Told by frame 710, one of 3 (10.1.2.3:50000 → 10.9.8.9:5432). The sender reset the
                 connection (710).
         doubt   Seen: the server's own live socket sent it: timestamps kept; IP ID one up; same TTL.
                 Another cause would look the same.
         fix     Change what leads to process-exit.
         look    on 10.9.8.9: nstat -az
                 here: whyrst show prod.pcap 710

       frame time (UTC)    client → server               RST made by    cause         sure
         710 02:42:18.000  10.1.2.3:50000→10.9.8.9:5432  server socket  process-exit  likely
         720 02:42:19.000  10.1.2.3:50001→10.9.8.9:5432  server socket  process-exit  likely
         730 02:42:20.000  10.1.2.3:50002→10.9.8.9:5432  server socket  process-exit  likely
             + 60 rows of keepalive-race-unread: --all shows every one
      "
    `);
  });

  test('no RST: said plainly, with the endings', () => {
    expect(render(noResets())).toMatchInlineSnapshot(`
      "2026-11-21 08:01:04 UTC, 0.25 s · 11 packets, 3 TCP connections, no RST · captured at the client

      No TCP connection was reset in this capture.

      1 connection failed without an RST

         frame 4, 08:01:04.640 UTC, 10.0.1.2:40000→10.0.2.2:81
         3 SYNs in 7 s drew no answer.
      "
    `);
    expect(render({ ...noResets(), endings: [] })).toContain('No TCP connection was reset in this capture, and none');
  });

  test('--all shows every row and tells noise in full', () => {
    const text = render(atNight(), 'text', { all: true });
    expect(text).toContain('A scanner tried many ports');
    expect(text).not.toContain('--all');
    expect(text.match(/port-scan {2,}/g)?.length).toBeGreaterThanOrEqual(20);
  });

  test('notes alone are told in full: there is nothing worse to tell', () => {
    const whole = forged();
    const notes = whole.verdicts.filter((verdict) => verdict.role === 'ignored');
    const text = render(makeDiagnosis(notes));
    expect(text).toContain('   why     Told by frame 8, one of 2');
    expect(text).toContain('   fix ');
  });

  test('ASCII where the terminal has no UTF-8', () => {
    const text = render(keepAliveRace(), 'text', { style: { width: 100, ascii: true, colour: false } });
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(text).toContain('10.0.1.2:46840->10.0.2.2:5007');
    expect(text).toContain('likely, keepalive-race-after-fin, error');
  });

  test('colours carry nothing: without them it is the same text', () => {
    for (const diagnosis of [keepAliveRace(), forged(), atNight()]) {
      const coloured = render(diagnosis, 'text', { style: { width: 100, ascii: false, colour: true } });
      expect(coloured).toContain('\u001b[');
      expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(render(diagnosis));
    }
  });

  test('no line is wider than the terminal, tables too', () => {
    for (const diagnosis of [forged(), atNight(), manyServers(), noResets(), manyEndings()]) {
      for (const width of [60, 72, 80, 100]) {
        const text = render(diagnosis, 'text', { style: { width, ascii: false, colour: false } });
        for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
      }
    }
  });

  test('a pair of full IPv6 addresses stays whole on a line of its own', () => {
    const text = render(manyServers(1, '2001:db8:1111:2222:3333:4444:5555:'), 'text', {
      style: { width: 80, ascii: false, colour: false },
    });
    expect(text).toMatch(
      / \[2001:db8:1111:2222:3333:4444:555[0-9]:7\]:40000→\n +\[2001:db8:1111:2222:3333:4444:5555:1\]:443 ·/,
    );
  });

  test('one cause at a hundred servers is one finding: the worst five named, then when, no rows', () => {
    const text = render(manyServers(100));
    expect(text).toMatchInlineSnapshot(`
      "109 connections were cut by one of 100 servers.

      2026-11-21 08:01:04 UTC, 0.25 s · 11 packets, 1 TCP connection, 1 RST · captured at the client

      1. The server did what refuses-all says
         likely · refuses-all · error · 109 at 100 servers
         where   10.0.2.1:443 (10), 10.0.2.2:443 (1 of 1), 10.0.2.3:443 (1 of 1), 10.0.2.4:443 (1 of 1),
                 10.0.2.5:443 (1 of 1) and 95 more
         when    2026-11-21 08:01:04 to 08:02:52 UTC (108 s)
         why     Told by frame 100, one of 109 (10.0.9.7:40000 → 10.0.2.1:443). The sender reset the
                 connection (100).
         doubt   Seen: the server's kernel wrote it, without a live socket: seq is the ack of the segment
                 before it, window 0, no options. Another cause would look the same.
         fix     Change what leads to refuses-all.
         look    on 10.0.2.1: nstat -az
                 here: whyrst show example.pcap 100

             + 109 rows of refuses-all: --all shows every one
      "
    `);
    expect(render(manyServers(100), 'text', { all: true }).match(/ refuses-all {2}/g)).toHaveLength(109);
  });

  test('where some are surer than others no one stands for all, and the less sure is named', () => {
    const whole = manyServers(12);
    const verdicts = whole.verdicts.map((verdict, index) =>
      index < 3 ? { ...verdict, confidence: 'certain' as const } : verdict,
    );
    const text = render(makeDiagnosis(verdicts)).replace(/\s+/g, ' ');
    expect(text).toContain('3 certain, 18 likely · refuses-all');
    expect(text).toContain('Of the others 18 are only likely: see frame 130.');
  });

  test('nothing from a capture reaches the terminal as a control', () => {
    const evil = '\u001b[31mred\u0007\u202e\n\u009b2J';
    const [verdict] = keepAliveRace().verdicts;
    if (verdict === undefined) throw new Error('no verdict');
    const reset = { ...verdict.reset, sender: { ...verdict.reset.sender, address: evil } };
    const bad = makeVerdict(
      reset,
      { ...verdict.cause, confirm: evil },
      {
        evidence: [{ frame: 1, text: evil, values: {} }],
        doubt: [evil],
        lost: evil,
        applications: { client: { error: 'ECONNRESET', eofFirst: false, text: evil }, server: null },
      },
    );
    const warnings = [{ code: 'x', count: 1, frame: 1, text: evil }];
    const text = render(makeDiagnosis([bad], { file: evil, quality: [evil], warnings }), 'text', { selection: evil });
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test('a few files are told in one sentence, then each under its name', () => {
    const [one, two] = [keepAliveRace(), closedPort()];
    const text = render(together([one, two]));
    expect(text).toContain(`06_fin_then_data_keepalive_race.c.pcap\n${render(one)}`);
    expect(text).toContain(`01_closed_port.c.pcap\n${render(two)}`);
    expect(text).toMatch(/^2 captures\. A request was sent on [^;]*; 1 connection\nattempt was refused\.\n\n06_fin/);
  });

  test('many files are told as one, the worst named, and a capture by itself only where more happened', () => {
    const text = render(together([...incident(), forged()]));
    expect(text).toMatchInlineSnapshot(`
      "13 captures. 8 connections lost work: 7 times a request was sent on an idle connection the server
      had just closed and the connection was cut by an RST that the server did not send; 1 connection
      attempt was refused; 2 RSTs were ignored.

      2026-11-21 08:01:04 UTC, 1.64 s · 13 captures, 140 packets, 21 TCP connections, 12 RSTs
      12 RSTs = 8 lost work + 1 refused + 1 aftershock + 2 ignored
      No RST: 4 captures

         count  captures  sure     what
      1.     7         7  likely   A request was sent on an idle connection the server had just closed
                                   (keepalive-race-after-fin)
      2.     1         1  certain  The connection was cut by an RST that the server did not send
                                   (forged-reset)
      3.     1         1  likely   Nothing listened on the port: the connection was refused, not reset
                                   (closed-port)
      noise  2 rst-ignored (10.0.2.2:5006) · --all shows them

      1. A request was sent on an idle connection the server had just closed
         likely · keepalive-race-after-fin · error: 35 bytes lost · 7 of 7 connections to 10.0.2.2:5007
         in      7 of 13 captures, once each: host-1.pcap, host-2.pcap, host-3.pcap, host-4.pcap,
                 host-5.pcap and 2 more
         when    2026-11-21 08:01:04.879 UTC
         why     Told by frame 11 of host-1.pcap, one of 7 (10.0.1.2:46840 → 10.0.2.2:5007). After 200 ms
                 of silence the server closed its side with FIN (8). The client's kernel acknowledged it
                 (9). 10 ms later the client program sent 5 more bytes (10). The server program had closed
                 its socket, so the server's kernel answered with an RST (11).
         doubt   Seen: the server's kernel wrote it, without a live socket: seq is the ack of the segment
                 before it, window 0, no options. That the server closed because of idleness is inferred:
                 200 ms fits no known timer.
         errors  client: read → EOF, then write → EPIPE. In logs: "EOF" (Go), "write: broken pipe" (Go),
                 "socket hang up" (Node), "Remote end closed connection without response" (Python),
                 "upstream prematurely closed connection" (nginx), a 502 or 503 (proxy). Not "connection
                 reset by peer": a FIN came first (Linux). server: no error.
         fix     Let the client or proxy drop idle connections sooner than the server does (1 s sooner is
                 customary), and retry requests that are safe to repeat.
         look    on 10.0.2.2: the access log has no second request
                 here: whyrst show /inc/host-1.pcap 11

      2. The connection was cut by an RST that the server did not send
         certain · forged-reset · error · 1 of 1 connections to 10.0.2.2:5006
         in      30_spoofed.pcap
         why     The RST bore the server's address and the exact sequence number, so the client obeyed
                 (frame 15). 100 ms later the server sent 21 new bytes: its TCP had reset nothing (16).
         proof   RST 15: the RST had TTL 57, DF clear and IP ID 0x1234; all else from 10.0.2.2 had TTL 63
                 and DF set.
         doubt   Who sent it: a forger chooses the TTL, so 57 tells no distance.
         errors  client: read → ECONNRESET "connection reset by peer". In logs: "read: connection reset by
                 peer" (Go), "read ECONNRESET" (Node), "java.net.SocketException: Connection reset"
                 (Java), "recv() failed (104: Connection reset by peer)" (nginx). Not "EOF" or "socket
                 hang up": no FIN came first. server: the same, from frame 17.
         fix     Change what leads to forged-reset.
         look    on 10.0.2.2: nstat -az
                 here: whyrst show 30_spoofed.pcap 15

      3. Nothing listened on the port: the connection was refused, not reset
         likely · closed-port · warning · 1 of 1 attempts to 10.0.2.2:4444
         in      host-8.pcap
         why     The client asked for a connection with a SYN (frame 1). RST, ACK with seq 0 and ack = SYN
                 + 1 came 67 µs later (2).
         doubt   A firewall that rejects sends the same packet.
         errors  client: connect → ECONNREFUSED "connection refused".
         fix     Start the service, or correct its port or address (127.0.0.1 only? IPv6 only?).
         look    on 10.0.2.2: ss -ltn 'sport = :4444'
                 empty: start the service
                 here: whyrst show /inc/host-8.pcap 2

      4 connections in 4 captures failed without an RST: no answer to the SYN
      "
    `);
  });

  test('where many captures hold what no finding in full tells, they come in short', () => {
    const kinds = Array.from({ length: 9 }, (_, index) => {
      const reset = makeReset({ frame: 7, time: 7, sender: { address: '10.0.2.2', port: 5000 + index } });
      return makeDiagnosis([makeVerdict(reset, makeCause(`kind-${index}`))], { file: `/inc/kind-${index}.pcap` });
    });
    const text = render(together(kinds));
    expect(text).toContain('\nCaptures, the worst first:\n\n  kind-0.pcap\n    The server did what kind-0 says.\n');
    expect(text).not.toMatch(/^\/inc/m);
    const all = render(together(kinds), 'text', { all: true });
    for (const { captures } of kinds) expect(all).toContain(`\n${captures[0]?.file}\n`);
  });

  test('what could not be read is said with the reason', () => {
    const unread = [{ file: 'x.pcap', problem: 'not a packet capture: it starts with 00' }];
    const text = render({ ...together(incident()), unread });
    expect(text).toContain('\nNot read: 1 more capture: x.pcap (not a packet capture: it starts with 00)\n');
  });
});
