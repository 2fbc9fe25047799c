/** Lines as programs write them, and what each must be told to mean: the program, and what came first on the wire. */

import { describe, expect, test } from 'vitest';
import { causes } from '../../../src/causes/index.js';
import { parseQuery } from '../../../src/report/select/query.js';
import { explain } from '../../../src/report/text/explain.js';
import { findPhrases, phrasesIn } from '../../../src/report/words/find-phrases.js';
import { lineVerdict } from '../../../src/report/words/log-line.js';
import { MEANINGS } from '../../../src/report/words/meanings.js';
import { type FirstOnWire, PHRASES } from '../../../src/report/words/phrases.js';
import type { Verdict } from '../../../src/reset/vocabulary/verdict.js';
import { keepAliveRace } from '../../support/diagnosis.js';

const LINES: readonly (readonly [program: string, first: FirstOnWire, line: string])[] = [
  ['Windows', 'reset', 'winsock error 10054 on socket 812'],
  ['Windows', 'local', 'recv failed with error 10053'],
  ['Windows', 'refused', 'WSAGetLastError() = 10061'],
  ['Windows', 'silence', 'connect: WSAETIMEDOUT'],
  ['Windows', 'reset', 'The specified network name is no longer available. (0x80070040)'],
  ['Windows', 'hidden', 'Invoke-WebRequest : The connection with the server was terminated abnormally'],
  [
    '.NET',
    'reset',
    'System.Net.Http.HttpRequestException: An error occurred while sending the request. ---> System.IO.IOException: Unable to read data from the transport connection: An existing connection was forcibly closed by the remote host..',
  ],
  ['.NET', 'fin', 'System.Net.Http.HttpIOException: The response ended prematurely. (ResponseEnded)'],
  [
    '.NET',
    'hidden',
    'The underlying connection was closed: A connection that was expected to be kept alive was closed by the server.',
  ],
  ['Java', 'reset', 'Caused by: java.net.SocketException: Connection reset'],
  ['Java', 'reset', 'io.netty.channel.unix.Errors$NativeIoException: recvAddress(..) failed: Connection reset by peer'],
  ['Java', 'fin', 'javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake'],
  ['Java', 'fin', 'java.io.IOException: unexpected end of stream on http://svc:8080/...'],
  [
    'Java',
    'hidden',
    'reactor.netty.http.client.PrematureCloseException: Connection prematurely closed BEFORE response',
  ],
  ['Java', 'dead', 'org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe'],
  ['PHP', 'dead', 'PHP Notice:  fwrite(): send of 512 bytes failed with errno=32 Broken pipe in /srv/app/Client.php'],
  ['PHP', 'reset', 'cURL error 56: Recv failure: Connection reset by peer (see https://curl.haxx.se/libcurl/c/)'],
  ['PHP', 'fin', 'cURL error 52: Empty reply from server'],
  ['Ruby', 'reset', 'Errno::ECONNRESET: Connection reset by peer @ io_fillbuf - fd:12 10.0.0.1:80'],
  ['Ruby', 'fin', 'EOFError: end of file reached'],
  ['Ruby', 'fin', 'SSL_connect SYSCALL returned=5 errno=0 state=SSLv3/TLS write client hello'],
  [
    'Rust',
    'reset',
    'Os { code: 104, kind: ConnectionReset, message: "Connection reset by peer" } Connection reset by peer (os error 104)',
  ],
  ['Rust', 'fin', 'hyper::Error(IncompleteMessage): connection closed before message completed'],
  ['Rust', 'fin', 'peer closed connection without sending TLS close_notify: https://docs.rs/rustls'],
  [
    'Python',
    'reset',
    "requests.exceptions.ConnectionError: ('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
  ],
  ['Python', 'fin', "('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))"],
  ['Python', 'fin', 'ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:1007)'],
  [
    'Python',
    'refused',
    "HTTPConnectionPool(host='10.0.0.1', port=80): Max retries exceeded with url: / (Caused by NewConnectionError('Failed to establish a new connection: [Errno 111] Connection refused'))",
  ],
  ['Node', 'fin', "Error: socket hang up { code: 'ECONNRESET' }"],
  ['Node', 'reset', 'Error: read ECONNRESET at TCP.onStreamRead'],
  ['Node', 'fin', 'TypeError: fetch failed [cause]: SocketError: other side closed'],
  ['Node', 'fin', 'Error: Client network socket disconnected before secure TLS connection was established'],
  ['Go', 'reset', 'read tcp 10.0.0.1:43210->10.0.0.2:6379: read: connection reset by peer'],
  ['Go', 'fin', 'Post "http://svc/": EOF'],
  ['Go', 'local', 'accept tcp [::]:80: use of closed network connection'],
  ['Go', 'inner', 'remote error: tls: bad certificate'],
  [
    'gRPC',
    'inner',
    'rpc error: code = Internal desc = stream terminated by RST_STREAM with error code: INTERNAL_ERROR',
  ],
  ['curl', 'fin', 'curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to example.org:443'],
  ['curl', 'reset', 'curl: (35) Recv failure: Connection reset by peer'],
  ['curl', 'inner', 'curl: (92) HTTP/2 stream 1 was not closed cleanly: INTERNAL_ERROR (err 2)'],
  ['OpenSSL', 'hidden', 'SSL_ERROR_SYSCALL'],
  ['OpenSSL', 'reset', 'OpenSSL SSL_read: SSL_ERROR_SYSCALL, errno 104'],
  ['OpenSSL', 'fin', 'error:0A000126:SSL routines::unexpected eof while reading'],
  [
    'GnuTLS',
    'fin',
    "fatal: unable to access 'https://…': GnuTLS recv error (-110): The TLS connection was non-properly terminated.",
  ],
  ['GnuTLS', 'reset', 'GnuTLS recv error (-54): Error in the pull function.'],
  ['OpenSSH', 'reset', 'kex_exchange_identification: read: Connection reset by peer'],
  ['OpenSSH', 'fin', 'ssh_exchange_identification: Connection closed by remote host'],
  ['OpenSSH', 'refused', 'ssh: connect to host 10.0.0.2 port 22: Connection refused'],
  ['git', 'reset', 'error: RPC failed; curl 56 Recv failure: Connection reset by peer'],
  ['PostgreSQL', 'hidden', 'psql: error: server closed the connection unexpectedly'],
  ['PostgreSQL', 'fin', 'SSL SYSCALL error: EOF detected'],
  ['PostgreSQL', 'refused', 'connection to server at "10.0.0.2", port 5432 failed: Connection refused'],
  [
    'MySQL',
    'reset',
    "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading authorization packet', system error: 104",
  ],
  [
    'MySQL',
    'fin',
    "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 0",
  ],
  ['MySQL', 'dead', 'ERROR 2006 (HY000): MySQL server has gone away'],
  ['MySQL', 'refused', "ERROR 2003 (HY000): Can't connect to MySQL server on '10.0.0.2:3306' (111)"],
  [
    'SQL Server',
    'reset',
    'A transport-level error has occurred when receiving results from the server. (provider: TCP Provider, error: 0 - An existing connection was forcibly closed by the remote host.)',
  ],
  ['Oracle', 'hidden', 'ORA-03113: end-of-file on communication channel'],
  ['Redis', 'fin', 'Error: Server closed the connection'],
  ['Redis', 'refused', 'Could not connect to Redis at 127.0.0.1:6379: Connection refused'],
  ['MongoDB', 'fin', 'com.mongodb.MongoSocketReadException: Prematurely reached end of stream'],
  [
    'MongoDB',
    'reset',
    'connection(10.0.0.2:27017[-4]) incomplete read of message header: read tcp 10.0.0.1:40000->10.0.0.2:27017: read: connection reset by peer',
  ],
  [
    'Kafka',
    'hidden',
    'org.apache.kafka.common.errors.NetworkException: The server disconnected before a response was received.',
  ],
  ['Kafka', 'refused', 'Connect to ipv4#10.0.0.2:9092 failed: Connection refused (after 0ms in state CONNECT)'],
  [
    'RabbitMQ',
    'hidden',
    'closing AMQP connection <0.812.0> (10.0.0.1:40000 -> 10.0.0.2:5672): client unexpectedly closed TCP connection',
  ],
  ['RabbitMQ', 'silence', 'missed heartbeats from client, timeout: 60s'],
  [
    'Envoy',
    'hidden',
    'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
  ],
  [
    'Envoy',
    'refused',
    'upstream connect error or disconnect/reset before headers. retried and the latest reset reason: remote connection failure, transport failure reason: delayed connect error: 111',
  ],
  ['Istio', 'hidden', '"GET /a HTTP/1.1" 503 UC via_upstream - "-" 0 95 4 - "-"'],
  [
    'nginx',
    'reset',
    'recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 10.0.0.9',
  ],
  ['nginx', 'fin', 'upstream prematurely closed connection while reading response header from upstream'],
  [
    'Apache',
    'hidden',
    '[proxy_http:error] [client 10.0.0.9:40000] AH01102: error reading status line from remote server 10.0.0.2:8080',
  ],
  ['HAProxy', 'hidden', 'fe be/srv1 0/0/1/-1/7 502 208 - - SH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"'],
  ['HAProxy', 'silence', 'fe be/srv1 0/0/1/-1/30001 504 194 - - sH-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"'],
  ['AWS ELB', 'local', 'TCP_ELB_Reset_Count 17'],
  ['AWS ELB', 'hidden', 'HTTPCode_ELB_502_Count'],
  ['Cloudflare', 'hidden', 'Error 520: Web server is returning an unknown error'],
  ['Cloudflare', 'refused', 'Error 521 Ray ID: 7d'],
  ['proxy', 'hidden', '<h1>502 Bad Gateway</h1>'],
  ['Chrome, Edge', 'reset', 'net::ERR_CONNECTION_RESET 200 (OK)'],
  ['Chrome, Edge', 'fin', 'ERR_EMPTY_RESPONSE'],
  ['Firefox', 'reset', 'Error code: PR_CONNECT_RESET_ERROR'],
  ['Firefox', 'fin', 'PR_END_OF_FILE_ERROR'],
  ['Safari', 'hidden', 'NSURLErrorDomain Code=-1005 "The network connection was lost."'],
  ['Erlang', 'hidden', '{error, closed}'],
];

const squeezed = (text: string) => text.replaceAll('`', '').replace(/\s+/g, ' ');

describe('what programs write', () => {
  test.each(LINES)('%s, %s: %s', (program, first, line) => {
    expect(phrasesIn(line)[0]).toMatchObject({ program, first });
    const told = squeezed(explain(line, causes) ?? '');
    expect(told).toContain(squeezed(MEANINGS[first].meaning));
    expect(told).toContain(squeezed(MEANINGS[first].never));
  });

  test('covers what people meet: more than 25 programs and languages', () => {
    expect(new Set(LINES.map(([program]) => program)).size).toBeGreaterThan(25);
  });

  test.each(PHRASES.map((phrase) => [phrase.program, phrase.text, phrase] as const))(
    '%s: "%s" is found in a line that holds it',
    (_, text, phrase) => {
      const found = phrasesIn(`<3> ${text.replaceAll('…', 'something')} at 12:00`);
      // Two programs may share their words, never what they mean.
      expect(found[0]?.text.toLowerCase()).toBe(phrase.text.toLowerCase());
      expect(found[0]?.first).toBe(phrase.first);
    },
  );

  test.each(
    PHRASES.flatMap(({ program, text, causes: named }) => (named ?? []).map((id) => [program, text, id] as const)),
  )('%s: "%s" points at %s, which exists', (_program, _text, id) => {
    expect(causes.some((cause) => cause.id === id)).toBe(true);
  });

  test('capitals matter where they are all that tells', () => {
    expect(phrasesIn('502 sH-- 1/1')[0]?.first).toBe('silence');
    expect(phrasesIn('502 sh-- 1/1')).toEqual([]);
  });

  test('the phrase that is asked for by a part of it', () => {
    expect(findPhrases('non-properly').map(({ program }) => program)).toEqual(['GnuTLS']);
  });
});

describe('a line of a megabyte', () => {
  const raced = keepAliveRace().verdicts[0] as Verdict;
  const end = ' write tcp 10.0.1.2:46840->10.0.2.2:5007: write: broken pipe';

  // Each is what some expression could stumble over: a run that takes time in the square of the line would not end.
  test.each([
    ['letters', 'e'],
    ['blanks', ' '],
    ['quotes', '"'],
    ['a phrase of one word', 'EOF'],
    ['the beginning of a phrase', 'connection reset by '],
    ['the first part of a phrase', "can't connect to mysql server on "],
    ['colons', 'a:'],
    ['frame', 'frame '],
    ['names of fields', 'src '],
    ['digits and commas', '1,111'],
    ['times', '12:00:00 '],
  ])('of %s finds the connection and the phrase at its end', (_, unit) => {
    const line = unit.repeat(Math.floor((1_000_000 - end.length) / unit.length)) + end;
    const query = parseQuery(line);
    expect(query).toEqual({
      kind: 'connection',
      ends: [
        { address: '10.0.1.2', port: 46840 },
        { address: '10.0.2.2', port: 5007 },
      ],
    });
    expect(lineVerdict(line, raced)).toContain('"write: broken pipe" (Go)');
  });

  test.each([['10.9.8.7:80 '], ['2001:db8::1.443 '], ['[2001:db8::1]:443 ']])(
    'of %s names the endpoint once',
    (unit) => {
      const query = parseQuery(unit.repeat(Math.floor(1_000_000 / unit.length)));
      expect(query).toMatchObject({ kind: 'part', ends: [{ port: unit.includes('443') ? 443 : 80 }] });
    },
  );
});
