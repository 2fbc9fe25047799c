import { describe, expect, test } from 'vitest';
import { explain, explainCause } from '../../../src/report/text/explain.js';
import { findPhrases } from '../../../src/report/words/find-phrases.js';
import { PHRASES } from '../../../src/report/words/phrases.js';
import { makeCause } from '../../support/diagnosis.js';

describe('phrases', () => {
  test('each stands once', () => {
    const keys = PHRASES.map(({ program, text }) => `${program} ${text}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  // Lines that programs really wrote, and what they mean.
  test.each([
    ['read tcp 127.0.0.1:59500->127.0.0.1:18001: read: connection reset by peer', 'Go', 'reset'],
    ['write tcp 127.0.0.1:59500->127.0.0.1:18001: write: broken pipe', 'Go', 'dead'],
    ['dial tcp 127.0.0.1:18009: connect: connection refused', 'Go', 'refused'],
    [
      'recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 127.0.0.1',
      'nginx',
      'reset',
    ],
    ['upstream prematurely closed connection while reading response header from upstream', 'nginx', 'fin'],
    ['connect() failed (111: Connection refused) while connecting to upstream', 'nginx', 'refused'],
    ['Error: socket hang up', 'Node', 'fin'],
    ['Error: read ECONNRESET', 'Node', 'reset'],
    ['java.net.SocketException: Connection reset', 'Java', 'reset'],
    ["ConnectionResetError(104, 'Connection reset by peer')", 'Python', 'reset'],
    ['curl: (56) Recv failure: Connection reset by peer', 'curl', 'reset'],
    ['curl: (52) Empty reply from server', 'curl', 'fin'],
    ['curl: (18) transfer closed with 1024 bytes remaining to read', 'curl', 'fin'],
    ['kex_exchange_identification: read: Connection reset by peer', 'OpenSSH', 'reset'],
    [
      'ERROR 2013 (HY000): Lost connection to MySQL server at reading initial packet, system error: 104',
      'MySQL',
      'reset',
    ],
    ['An existing connection was forcibly closed by the remote host', 'Windows', 'reset'],
  ])('%s', (line, program, first) => {
    expect(findPhrases(line)[0]).toMatchObject({ program, first });
  });

  test('words from memory find what they stand in', () => {
    expect(findPhrases('prematurely closed').map(({ text }) => text)).toContain(
      'upstream prematurely closed connection',
    );
    expect(findPhrases('502').map(({ text }) => text)).toEqual(['502 Bad Gateway']);
    expect(findPhrases('a typeof b')).toEqual([]);
    expect(findPhrases('x')).toEqual([]);
  });
});

describe('explain', () => {
  const causes = [
    makeCause('keepalive-race-after-fin', {
      title: 'A request was sent on an idle connection the {sender} had just closed',
      formerly: ['late-request'],
    }),
    makeCause('close-with-unread-data', {
      title: 'The {sender} closed the connection while received bytes were unread',
    }),
  ];

  test('a cause', () => {
    expect(explain('late-request', causes)).toBe(explainCause(causes[0] as (typeof causes)[0]));
    expect(explainCause(causes[0] as (typeof causes)[0])).toMatchInlineSnapshot(`
      "keepalive-race-after-fin
      A request was sent on an idle connection the peer had just closed
      formerly late-request

      What the stacks do in the case of keepalive-race-after-fin.

      severity  error: data or a request was lost
      fix       Change what leads to keepalive-race-after-fin.
      confirm   on HOST: nstat -az
      names     These commands and settings are Linux's; a report names those of Windows, macOS or BSD
                where a host runs one.
      logs      "EOF" (Go), "write: broken pipe" (Go), "socket hang up" (Node), "write EPIPE" (Node),
                "Remote end closed connection without response" (Python), "upstream prematurely closed
                connection" (nginx)
      see       RFC 9293 §3.10.7
      "
    `);
  });

  test('words of a log', () => {
    expect(explain('Socket hang up', causes)).toMatchInlineSnapshot(`
      ""socket hang up" (Node)
      Node: its code is ECONNRESET all the same, though no RST need be in the capture.
      The other side closed with a FIN before the answer, or the rest of it, had come. An RST often
      follows when this side had just sent or goes on sending, but on Linux the program that reads never
      learns of that one: it sees the end of the stream.
      It cannot be a connection that was reset while it was open: that is read as "connection reset by
      peer".

      Causes behind it, the most frequent first:
        keepalive-race-after-fin  A request was sent on an idle connection the peer had just closed

      A capture decides between them: whyrst capture.pcap, or paste the log line:
      whyrst show capture.pcap "LOG LINE". More on a cause: whyrst explain CAUSE.
      "
    `);
  });

  test('other words', () => {
    expect(explain('hello world', causes)).toBe(null);
  });
});
