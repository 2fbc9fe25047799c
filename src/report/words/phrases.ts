/**
 * What programs write into their logs when a connection fails, and what came first on the wire when they do.
 *
 * The one table behind `explain`, `show`, the errors row of a finding and the correlation of logs. `…` in a text
 * stands for what varies. Most lines were produced and read on Linux; the others are the
 * programs' own message texts. The wire facts: docs/causes.md, "What programs see".
 */

/** What the program's end of the connection met first. */
export type FirstOnWire =
  | 'reset' // an RST on a connection that no FIN had ended
  | 'fin' // a FIN; an RST may have followed
  | 'dead' // its own write found the connection already dead
  | 'refused' // an RST instead of the SYN-ACK
  | 'silence' // nothing at all came back
  | 'local' // its own host gave the connection up
  | 'hidden'; // the program does not say which of these

export interface Phrase {
  readonly program: string;
  readonly text: string;
  readonly first: FirstOnWire;
  /** Which end writes it; absent when either may. */
  readonly side?: 'client' | 'server';
  /** One of the few that stand in the errors row of a finding. */
  readonly common?: true;
  /** What must be known to read it right. */
  readonly note?: string;
  /** Causes that these very words point at, before the others of their kind. */
  readonly causes?: readonly string[];
}

const errno: readonly Phrase[] = [
  { program: 'Linux', text: 'ECONNRESET', first: 'reset', note: 'errno 104' },
  { program: 'Linux', text: 'connection reset by peer', first: 'reset' },
  { program: 'Linux', text: 'EPIPE', first: 'dead', note: 'errno 32, with the signal SIGPIPE' },
  { program: 'Linux', text: 'broken pipe', first: 'dead' },
  { program: 'Linux', text: 'ECONNREFUSED', first: 'refused', note: 'errno 111' },
  { program: 'Linux', text: 'connection refused', first: 'refused' },
  { program: 'Linux', text: 'ETIMEDOUT', first: 'silence', note: 'errno 110' },
  { program: 'Linux', text: 'connection timed out', first: 'silence' },
  { program: 'Linux', text: 'ECONNABORTED', first: 'local', note: 'errno 103, as after `ss -K`' },
  { program: 'Linux', text: 'software caused connection abort', first: 'local' },
  { program: 'macOS, BSD', text: '[Errno 54] Connection reset by peer', first: 'reset' },
  { program: 'macOS, BSD', text: '[Errno 61] Connection refused', first: 'refused' },
];

const windows: readonly Phrase[] = [
  {
    program: 'Windows',
    text: 'An existing connection was forcibly closed by the remote host',
    first: 'reset',
    note: 'WSAECONNRESET',
  },
  { program: 'Windows', text: '10054', first: 'reset', note: 'WSAECONNRESET' },
  {
    program: 'Windows',
    text: 'An established connection was aborted by the software in your host machine',
    first: 'local',
    note: 'WSAECONNABORTED; also what a write finds once retransmissions were given up',
  },
  { program: 'Windows', text: '10053', first: 'local', note: 'WSAECONNABORTED' },
  {
    program: 'Windows',
    text: 'No connection could be made because the target machine actively refused it',
    first: 'refused',
    note: 'WSAECONNREFUSED; Windows asks three times before it says so, so connect takes one to two seconds',
  },
  { program: 'Windows', text: '10061', first: 'refused', note: 'WSAECONNREFUSED' },
  {
    program: 'Windows',
    text: 'A connection attempt failed because the connected party did not properly respond',
    first: 'silence',
    note: 'WSAETIMEDOUT',
  },
  { program: 'Windows', text: '10060', first: 'silence', note: 'WSAETIMEDOUT' },
  { program: '.NET', text: 'The response ended prematurely', first: 'fin', side: 'client' },
  { program: '.NET', text: 'Received an unexpected EOF or 0 bytes from the transport stream', first: 'fin' },
];

const languages: readonly Phrase[] = [
  { program: 'Go', text: 'read: connection reset by peer', first: 'reset', common: true },
  { program: 'Go', text: 'write: connection reset by peer', first: 'reset' },
  { program: 'Go', text: 'EOF', first: 'fin', common: true, side: 'client' },
  { program: 'Go', text: 'unexpected EOF', first: 'fin', note: 'a FIN in the middle of a message' },
  { program: 'Go', text: 'write: broken pipe', first: 'dead', common: true },
  { program: 'Go', text: 'http: server closed idle connection', first: 'fin', side: 'client' },
  { program: 'Go', text: 'connect: connection refused', first: 'refused', common: true },
  { program: 'Go', text: 'i/o timeout', first: 'silence' },
  { program: 'Go', text: 'transport is closing', first: 'hidden', note: 'gRPC' },
  { program: 'Go', text: 'error reading from server: EOF', first: 'fin', side: 'client', note: 'gRPC' },
  {
    program: 'Node',
    text: 'socket hang up',
    first: 'fin',
    side: 'client',
    common: true,
    note: 'its code is ECONNRESET all the same, though no RST need be in the capture',
  },
  { program: 'Node', text: 'read ECONNRESET', first: 'reset', common: true },
  { program: 'Node', text: 'write ECONNRESET', first: 'reset' },
  {
    program: 'Node',
    text: 'write EPIPE',
    first: 'dead',
    common: true,
    note: 'also when the answer, a 413 say, had arrived but the upload was still running',
  },
  { program: 'Node', text: 'connect ECONNREFUSED', first: 'refused', common: true },
  { program: 'Node', text: 'other side closed', first: 'fin', note: 'undici, the cause of "fetch failed"' },
  { program: 'Node', text: 'fetch failed', first: 'hidden', note: 'its cause says which' },
  { program: 'Python', text: 'ConnectionResetError', first: 'reset' },
  { program: 'Python', text: '[Errno 104] Connection reset by peer', first: 'reset' },
  { program: 'Python', text: 'BrokenPipeError', first: 'dead' },
  { program: 'Python', text: '[Errno 32] Broken pipe', first: 'dead' },
  { program: 'Python', text: 'ConnectionRefusedError', first: 'refused' },
  { program: 'Python', text: '[Errno 111] Connection refused', first: 'refused' },
  {
    program: 'Python',
    text: 'Remote end closed connection without response',
    first: 'fin',
    side: 'client',
    common: true,
  },
  { program: 'Python', text: 'RemoteDisconnected', first: 'fin', side: 'client' },
  { program: 'Python', text: 'IncompleteRead', first: 'fin', side: 'client', note: 'a FIN in the middle of the body' },
  {
    program: 'Python',
    text: 'Server disconnected without sending a response',
    first: 'fin',
    side: 'client',
    note: 'httpx',
  },
  { program: 'Python', text: 'Server disconnected', first: 'fin', side: 'client', note: 'aiohttp' },
  { program: 'Python', text: 'Connection aborted', first: 'hidden', note: 'requests; what stands after it says which' },
  { program: 'Java', text: 'java.net.SocketException: Connection reset', first: 'reset', common: true },
  { program: 'Java', text: 'java.io.IOException: Connection reset by peer', first: 'reset' },
  { program: 'Java', text: 'java.io.IOException: Broken pipe', first: 'dead' },
  { program: 'Java', text: 'NoHttpResponseException', first: 'fin', side: 'client' },
  { program: 'Java', text: 'failed to respond', first: 'fin', side: 'client', note: 'NoHttpResponseException' },
  { program: 'Java', text: 'Unexpected end of file from server', first: 'fin', side: 'client' },
  {
    program: 'Java',
    text: 'Remote host terminated the handshake',
    first: 'fin',
    causes: ['tls-alert', 'tls-hello-rejected'],
  },
  { program: 'Java', text: 'java.net.ConnectException: Connection refused', first: 'refused' },
  { program: 'Java', text: 'Communications link failure', first: 'hidden', note: 'its cause says which' },
  { program: 'Ruby', text: 'Errno::ECONNRESET', first: 'reset' },
  { program: 'Ruby', text: 'end of file reached', first: 'fin' },
  { program: 'Rust', text: 'Connection reset by peer (os error 104)', first: 'reset' },
  { program: 'Rust', text: 'connection closed before message completed', first: 'fin', side: 'client', note: 'hyper' },
  {
    program: 'Erlang',
    text: '{error, closed}',
    first: 'hidden',
    note: 'a reset looks like a close unless show_econnreset is set',
  },
];

const clients: readonly Phrase[] = [
  { program: 'curl', text: 'curl: (56) Recv failure: Connection reset by peer', first: 'reset', side: 'client' },
  { program: 'curl', text: 'curl: (52) Empty reply from server', first: 'fin', side: 'client' },
  { program: 'curl', text: 'curl: (18) transfer closed with … bytes remaining to read', first: 'fin', side: 'client' },
  { program: 'curl', text: 'curl: (55) Send failure: Broken pipe', first: 'dead', side: 'client' },
  { program: 'curl', text: 'curl: (7) Failed to connect', first: 'refused', side: 'client' },
  {
    program: 'curl',
    text: 'curl: (35) … Connection reset by peer',
    first: 'reset',
    side: 'client',
    note: 'during the TLS handshake',
    causes: ['tls-hello-rejected', 'tls-alert', 'blocked-by-policy'],
  },
  { program: 'curl', text: 'curl: (28)', first: 'silence', side: 'client' },
  { program: 'git', text: 'the remote end hung up unexpectedly', first: 'hidden', side: 'client' },
  {
    program: 'OpenSSH',
    text: 'kex_exchange_identification: read: Connection reset by peer',
    first: 'reset',
    side: 'client',
    note: 'sshd turned the connection away before its banner: MaxStartups, a penalty, fail2ban',
    causes: ['ssh-refused-before-banner'],
  },
  {
    program: 'OpenSSH',
    text: 'kex_exchange_identification: Connection closed by remote host',
    first: 'fin',
    side: 'client',
    causes: ['ssh-refused-before-banner'],
  },
  { program: 'OpenSSH', text: 'client_loop: send disconnect: Broken pipe', first: 'dead', side: 'client' },
  { program: 'OpenSSH', text: 'client_loop: send disconnect: Connection reset', first: 'reset', side: 'client' },
  { program: 'OpenSSH', text: 'Connection reset by … port …', first: 'reset' },
  { program: 'OpenSSH', text: 'Connection closed by … port …', first: 'fin' },
  { program: 'rsync', text: 'connection unexpectedly closed', first: 'fin' },
];

const proxies: readonly Phrase[] = [
  {
    program: 'nginx',
    text: 'recv() failed (104: Connection reset by peer) while reading response header from upstream',
    first: 'reset',
    side: 'client',
  },
  { program: 'nginx', text: 'recv() failed (104: Connection reset by peer)', first: 'reset', common: true },
  {
    program: 'nginx',
    text: 'readv() failed (104: Connection reset by peer) while reading upstream',
    first: 'reset',
    side: 'client',
  },
  {
    program: 'nginx',
    text: 'upstream prematurely closed connection',
    first: 'fin',
    side: 'client',
    common: true,
    note: 'nginx is the client here; it answers its own client with 502',
  },
  { program: 'nginx', text: 'failed (32: Broken pipe)', first: 'dead' },
  {
    program: 'nginx',
    text: 'connect() failed (111: Connection refused) while connecting to upstream',
    first: 'refused',
    side: 'client',
    common: true,
  },
  { program: 'nginx', text: 'upstream timed out (110: Connection timed out)', first: 'silence', side: 'client' },
  { program: 'nginx', text: 'client prematurely closed connection', first: 'hidden', side: 'server' },
  {
    program: 'HAProxy',
    text: 'SH--',
    first: 'hidden',
    side: 'client',
    note: 'the server ended it before its answer was whole; FIN and RST alike',
  },
  {
    program: 'HAProxy',
    text: 'SD--',
    first: 'hidden',
    side: 'client',
    note: 'the server ended it while sending; FIN and RST alike',
  },
  { program: 'HAProxy', text: 'SC--', first: 'refused', side: 'client', note: 'or no answer to the SYN' },
  { program: 'HAProxy', text: 'CD--', first: 'hidden', side: 'server', note: 'the client ended it while data flowed' },
  {
    program: 'Envoy',
    text: 'upstream_reset_before_response_started{connection_termination}',
    first: 'hidden',
    side: 'client',
    note: 'response flag UC; FIN and RST alike',
  },
  {
    program: 'Envoy',
    text: 'upstream connect error or disconnect/reset before headers',
    first: 'hidden',
    side: 'client',
    note: 'the reset reason after it says which: "connection termination" is a FIN or an RST, "connection failure" a connect',
  },
  { program: 'Envoy', text: 'delayed connect error: 111', first: 'refused', side: 'client', note: 'response flag UF' },
  { program: 'Envoy', text: 'downstream_remote_disconnect', first: 'hidden', side: 'server', note: 'response flag DC' },
  {
    program: 'proxy',
    text: '502 Bad Gateway',
    first: 'hidden',
    side: 'client',
    note: 'the proxy is the client of the connection that failed',
  },
  {
    program: 'proxy',
    text: '503 Service Unavailable',
    first: 'hidden',
    side: 'client',
    note: "Envoy's answer where others say 502",
  },
  { program: 'proxy', text: '504 Gateway Timeout', first: 'silence', side: 'client' },
];

const databases: readonly Phrase[] = [
  {
    program: 'MySQL',
    text: 'Lost connection to MySQL server … system error: 104',
    first: 'reset',
    side: 'client',
    note: 'error 2013',
  },
  {
    program: 'MySQL',
    text: 'Lost connection to MySQL server during query',
    first: 'hidden',
    side: 'client',
    note: 'error 2013',
  },
  {
    program: 'MySQL',
    text: 'MySQL server has gone away',
    first: 'dead',
    side: 'client',
    note: 'error 2006, after an idle time as a rule',
  },
  {
    program: 'PostgreSQL',
    text: 'could not receive data from server: Connection reset by peer',
    first: 'reset',
    side: 'client',
  },
  { program: 'PostgreSQL', text: 'server closed the connection unexpectedly', first: 'fin', side: 'client' },
  {
    program: 'PostgreSQL',
    text: 'could not receive data from client: Connection reset by peer',
    first: 'reset',
    side: 'server',
  },
  { program: 'PostgreSQL', text: 'unexpected EOF on client connection', first: 'fin', side: 'server' },
  { program: 'Redis', text: 'Connection closed by server', first: 'fin', side: 'client', note: 'redis-py' },
];

export const PHRASES: readonly Phrase[] = [...errno, ...windows, ...languages, ...clients, ...proxies, ...databases];
