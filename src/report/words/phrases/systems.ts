/** The words and numbers of the systems themselves, which many programs quote. */

import { type PhraseRow, phrasesOf } from './phrase.js';

const rows: readonly PhraseRow[] = [
  ['Linux', 'reset', 'ECONNRESET', { note: 'errno 104' }],
  ['Linux', 'reset', 'connection reset by peer'],
  ['Linux', 'dead', 'EPIPE', { note: 'errno 32, with the signal SIGPIPE' }],
  ['Linux', 'dead', 'broken pipe'],
  ['Linux', 'refused', 'ECONNREFUSED', { note: 'errno 111' }],
  ['Linux', 'refused', 'connection refused'],
  ['Linux', 'silence', 'ETIMEDOUT', { note: 'errno 110' }],
  ['Linux', 'silence', 'connection timed out'],
  ['Linux', 'silence', 'EHOSTUNREACH', { note: 'errno 113: no answer to ARP, or an ICMP unreachable' }],
  ['Linux', 'silence', 'no route to host'],
  ['Linux', 'local', 'ECONNABORTED', { note: 'errno 103, as after `ss -K`' }],
  ['Linux', 'local', 'software caused connection abort'],
  ['Linux', 'dead', 'transport endpoint is not connected', { note: 'ENOTCONN, errno 107: the socket had died before' }],
  ['macOS, BSD', 'reset', '[Errno 54] Connection reset by peer'],
  ['macOS, BSD', 'refused', '[Errno 61] Connection refused'],
  ['Windows', 'reset', 'An existing connection was forcibly closed by the remote host', { note: 'WSAECONNRESET' }],
  ['Windows', 'reset', '10054', { note: 'WSAECONNRESET' }],
  ['Windows', 'reset', 'WSAECONNRESET'],
  ['Windows', 'reset', '0x80072746', { note: 'WSAECONNRESET as an HRESULT' }],
  [
    'Windows',
    'reset',
    'The specified network name is no longer available',
    {
      note: 'ERROR_NETNAME_DELETED (64): what overlapped socket calls and file shares say when the connection is reset',
    },
  ],
  ['Windows', 'reset', 'The connection with the server was reset', { note: 'WinINet 12031, 0x80072EFF' }],
  ['Windows', 'reset', '0x80072EFF', { note: 'WinINet: the connection with the server was reset' }],
  [
    'Windows',
    'hidden',
    'The connection with the server was terminated abnormally',
    { note: 'WinHTTP 12030; FIN and RST alike' },
  ],
  ['Windows', 'hidden', '0x80072EFE', { note: 'WinHTTP 12030: ended abnormally, FIN and RST alike' }],
  ['Windows', 'hidden', '0x80072EFD', { note: 'WinHTTP 12029: no connection; refused and unanswered alike' }],
  ['Windows', 'silence', '0x80072EE2', { note: 'WinHTTP 12002: the time limit passed' }],
  [
    'Windows',
    'local',
    'An established connection was aborted by the software in your host machine',
    { note: 'WSAECONNABORTED; also what a write finds once retransmissions were given up' },
  ],
  ['Windows', 'local', '10053', { note: 'WSAECONNABORTED' }],
  ['Windows', 'local', 'WSAECONNABORTED'],
  ['Windows', 'local', 'The network connection was aborted by the local system', { note: 'error 1236' }],
  [
    'Windows',
    'refused',
    'No connection could be made because the target machine actively refused it',
    { note: 'WSAECONNREFUSED; Windows asks three times before it says so, so connect takes one to two seconds' },
  ],
  ['Windows', 'refused', '10061', { note: 'WSAECONNREFUSED' }],
  ['Windows', 'refused', 'WSAECONNREFUSED'],
  ['Windows', 'refused', 'The remote computer refused the network connection', { note: 'error 1225' }],
  [
    'Windows',
    'silence',
    'A connection attempt failed because the connected party did not properly respond',
    { note: 'WSAETIMEDOUT' },
  ],
  ['Windows', 'silence', '10060', { note: 'WSAETIMEDOUT' }],
  ['Windows', 'silence', 'WSAETIMEDOUT'],
  ['Windows', 'silence', 'The semaphore timeout period has expired', { note: 'error 121' }],
  ['Windows', 'silence', '10052', { note: 'WSAENETRESET: keep-alive probes went unanswered' }],
];

export const SYSTEMS = phrasesOf(rows);
