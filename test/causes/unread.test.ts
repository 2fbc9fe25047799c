/** Closes with data that nobody read, and deliberate aborts: what a live socket says when its program leaves. */
import { describe, expect, test } from 'vitest';
import { makeSegment, mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, listener, MS, message, saidOf, tellsOf } from '../support/signatures.js';

const UNREAD = { octets: 5000, grew: 4000, since: ago(500, 60) };

describe('close-with-unread-data', () => {
  const request = message(40, 500, { frame: 95 });
  const ASKED: Given = {
    sender: { bytes: 0 },
    receiver: { bytes: 40, messages: 1, lastMessage: request },
    reset: { unanswered: request, freshlyAcked: 0, exchanges: 0 },
  };
  test.each<[string, Given, string]>([
    ['a request that waited', ASKED, 'likely server-app (40 bytes unanswered)'],
    [
      'proved by the window',
      { ...ASKED, reset: { ...ASKED.reset, unread: UNREAD } },
      'certain server-app (at least 5,000 bytes unread)',
    ],
    [
      '… at a client',
      {
        ...ASKED,
        sender: { role: 'client' },
        receiver: { ...ASKED.receiver, role: 'server' },
        reset: { ...ASKED.reset, unread: UNREAD },
      },
      'certain client-app (at least 5,000 bytes unread)',
    ],
    [
      'acknowledged by nothing but the RST',
      { ...ASKED, reset: { ...ASKED.reset, unanswered: null, freshlyAcked: 40 } },
      'likely server-app (40 bytes unanswered)',
    ],
    [
      '… a single octet may be a FIN',
      { ...ASKED, reset: { ...ASKED.reset, unanswered: null, freshlyAcked: 1 } },
      'possible server-app',
    ],
    ['all was answered', { ...ASKED, reset: { ...ASKED.reset, unanswered: null } }, 'possible server-app'],
    [
      'an answer that waited at a client',
      { ...ASKED, sender: { role: 'client' }, receiver: { ...ASKED.receiver, role: 'server' } },
      'possible client-app',
    ],
    ['nothing was sent', { ...ASKED, receiver: { bytes: 0 } }, 'no: the client had sent nothing that could be unread'],
    [
      'a FIN came first',
      { ...ASKED, sender: { fin: fin(100) } },
      'no: the server had closed its side with FIN first (90)',
    ],
    ['of a third party', { ...ASKED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    [
      'the handshake is missing, and others are served',
      {
        ...ASKED,
        receiver: { ...ASKED.receiver, firstData: ago(200, 95) },
        reset: { ...ASKED.reset, quality: { midStream: true } },
        context: { listener: listener({ served: 1 }) },
      },
      'possible server-app',
    ],
    [
      'the handshake is missing, and none is',
      {
        ...ASKED,
        receiver: { ...ASKED.receiver, firstData: ago(200, 95) },
        reset: { ...ASKED.reset, quality: { midStream: true } },
      },
      'likely server-app (40 bytes unanswered)',
    ],
    [
      'the client was not captured, and it has neither window nor options',
      { ...ASKED, receiver: { ...ASKED.receiver, segments: 0 } },
      'possible server-app',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('close-with-unread-data', given)).toBe(answer);
  });

  test('close-with-unread-data says what it saw', () => {
    expect(tellsOf('close-with-unread-data', ASKED)).toEqual([
      '95 the client sent 40 bytes',
      '100 500 ms later the program closed the socket or ended. With bytes unread a kernel then sends RST instead of FIN {"window":0,"ack":1001}',
      "Seen: the server's own live socket sent it. Inferred: unread. The window does not tell (40 bytes are too few to move it); SO_LINGER 0 or ss -K would give the same packets.",
    ]);
    expect(tellsOf('close-with-unread-data', { ...ASKED, reset: { ...ASKED.reset, unread: UNREAD } })).toEqual([
      '95 the client sent 40 bytes',
      `60 from here on the server's window shrank by what arrived: its program read nothing of at least 5,000 bytes {"unread":5000}`,
      '100 the window in the RST was 4,000 bytes larger again: the kernel threw the unread bytes away and then reset {"window":0}',
    ]);
    expect(tellsOf('close-with-unread-data', { ...ASKED, reset: { ...ASKED.reset, unanswered: null } })).toEqual([
      '95 the client sent 40 bytes',
      '100 500 ms later the program closed the socket or ended. With bytes unread a kernel then sends RST instead of FIN {"window":0,"ack":1001}',
      "Seen: the server's own live socket sent it. Inferred: unread. The window does not tell (40 bytes are too few to move it); SO_LINGER 0 or ss -K would give the same packets.",
    ]);
  });

  test('says what arrived, that the kernel took it, and what else it may be', () => {
    expect(saidOf('close-with-unread-data', { ...ASKED, sender: { bytes: 0, lastAckMoved: ago(499, 96) } })).toEqual([
      '95 the client sent 40 bytes',
      "96 the server's kernel acknowledged them; that does not mean that its program read them",
      '100 500 ms later the program closed the socket or ended. With bytes unread a kernel then sends RST instead of FIN',
      "Seen: the server's own live socket sent it. Inferred: unread. The window does not tell (40 bytes are too few to move it); SO_LINGER 0 or ss -K would give the same packets.",
    ]);
    expect(saidOf('close-with-unread-data', { ...ASKED, reset: { ...ASKED.reset, unread: UNREAD } })).toEqual([
      '95 the client sent 40 bytes',
      "60 from here on the server's window shrank by what arrived: its program read nothing of at least 5,000 bytes",
      '100 the window in the RST was 4,000 bytes larger again: the kernel threw the unread bytes away and then reset',
    ]);
  });
});

describe('half-close-with-unread-data', () => {
  const data = message(300, 50, { frame: 95 });
  const AFTER: Given = {
    sender: { fin: fin(100) },
    receiver: { lastData: data.last, lastMessage: data, sndNxt: 1301 },
  };
  const finAt = { ...makeSegment(90, 9_900, 'sender', ACK), ack: 1201 };
  test.each<[string, Given, string]>([
    ['data after its FIN', AFTER, 'likely server-app (300 bytes unread)'],
    ['… of which some came before', { ...AFTER, reset: { tail: [finAt] } }, 'likely server-app (100 bytes unread)'],
    [
      '… and a FIN behind it',
      { ...AFTER, receiver: { ...AFTER.receiver, fin: fin(10, { frame: 97 }) }, reset: { tail: [finAt] } },
      'likely server-app (99 bytes unread)',
    ],
    ['proved by the window', { ...AFTER, reset: { unread: UNREAD } }, 'certain server-app (300 bytes unread)'],
    [
      'at a client',
      { sender: { ...AFTER.sender, role: 'client' }, receiver: { ...AFTER.receiver, role: 'server' } },
      'likely client-app (300 bytes unread)',
    ],
    ['without a FIN', { ...AFTER, sender: { fin: null } }, 'no: the server had sent no FIN before'],
    [
      'no data after it',
      { ...AFTER, receiver: { ...AFTER.receiver, lastData: ago(200, 80) } },
      'no: no data came after its FIN',
    ],
    ['no data at all', { ...AFTER, receiver: { lastData: null } }, 'no: no data came after its FIN'],
    ['of a third party', { ...AFTER, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
  ])('%s', (_, given, answer) => {
    expect(answerOf('half-close-with-unread-data', given)).toBe(answer);
  });

  test('half-close-with-unread-data says what it saw', () => {
    expect(tellsOf('half-close-with-unread-data', AFTER)).toEqual([
      '90 the server closed its sending side (FIN)',
      "95 the client sent 300 bytes after that, and the server's socket took them",
      '100 50 ms later the program closed the socket with bytes unread: RST, ACK by a living socket {"window":0}',
      'Inferred: unread. SO_LINGER 0 after the half-close would give the same packets; nstat TcpExtTCPAbortOnClose decides.',
    ]);
    expect(tellsOf('half-close-with-unread-data', { ...AFTER, reset: { unread: UNREAD } })).toEqual([
      '90 the server closed its sending side (FIN)',
      "95 the client sent 300 bytes after that, and the server's socket took them",
      '60 its window shrank by at least 5,000 bytes: nobody read {"unread":5000}',
      '100 50 ms later the program closed the socket with bytes unread: RST, ACK by a living socket {"window":0}',
    ]);
  });
});

describe('unread-request-body', () => {
  const answer = (text = 'HTTP/1.1 413 Payload Too Large\r\n', ms = 20) => message(60, ms, { text, frame: 94 });
  const upload = (more: Partial<Parameters<typeof message>[2]> = {}) => ({
    ...message(9000, 5, { text: 'POST /up HTTP/1.1\r\n', frame: 96, ...more }),
    first: ago(400, 40),
  });
  const RUNNING: Given = {
    sender: { lastMessage: answer() },
    receiver: { bytes: 9000, lastMessage: upload() },
    reset: { unread: UNREAD, freshlyAcked: 0 },
  };
  const without = { ...RUNNING, reset: { ...RUNNING.reset, unread: null } };
  const whole = { ...message(9000, 25, { text: 'POST /up HTTP/1.1\r\n', frame: 92 }), first: ago(400, 40) };
  const get = { ...message(90, 25, { text: 'GET / HTTP/1.1\r\n', frame: 92 }), first: ago(400, 40) };
  const LOST = '(9,000 bytes of upload)';
  test.each<[string, Given, string]>([
    ['answered early while it ran, unread by the window', RUNNING, `certain server-app ${LOST}`],
    [
      '… answered as if all were well',
      { ...RUNNING, sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') } },
      `likely server-app ${LOST}`,
    ],
    ['… without the window', without, `likely server-app ${LOST}`],
    [
      '… a few octets only, answered as if all were well',
      {
        ...without,
        sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') },
        receiver: { ...RUNNING.receiver, bytes: 900 },
      },
      'possible server-app (900 bytes of upload)',
    ],
    [
      'complete, answered early',
      { ...without, receiver: { bytes: 9000, lastMessage: whole } },
      `likely server-app ${LOST}`,
    ],
    [
      '… and reset a while later',
      {
        ...without,
        sender: { lastMessage: answer(undefined, 51) },
        receiver: { bytes: 9000, lastMessage: { ...whole, last: ago(60, 92) } },
      },
      `possible server-app ${LOST}`,
    ],
    [
      'complete, answered as if all were well',
      {
        ...without,
        sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') },
        receiver: { bytes: 9000, lastMessage: whole },
      },
      'no: the upload was complete when the server answered, as far as the packets show',
    ],
    [
      'a request without a body, answered early',
      { ...without, receiver: { bytes: 90, lastMessage: get } },
      'no: the server answered all that was sent',
    ],
    ['no answer', { ...RUNNING, sender: { lastMessage: null } }, 'no: the server had answered nothing'],
    ['no upload', { ...RUNNING, receiver: { lastMessage: null } }, 'no: the server had answered nothing'],
    [
      'an old answer',
      { ...RUNNING, sender: { lastMessage: answer(undefined, 11_001) } },
      'no: its answer was 11 s old',
    ],
    [
      'at a client',
      { ...RUNNING, sender: { ...RUNNING.sender, role: 'client' }, receiver: { ...RUNNING.receiver, role: 'server' } },
      'not asked',
    ],
    ['of a third party', { ...RUNNING, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    [
      'closed, and the rest met no socket',
      { ...without, sender: { ...RUNNING.sender, fin: fin(15, { frame: 95 }) }, mechanism: 'kernel-reply likely' },
      `likely server-app ${LOST}`,
    ],
    [
      'not closed, and something met no socket',
      { ...without, mechanism: 'kernel-reply likely' },
      'no: no upload was running when the server closed',
    ],
    [
      'closed, and something small met no socket',
      {
        ...without,
        sender: { ...RUNNING.sender, fin: fin(15, { frame: 95 }) },
        receiver: { bytes: 1460, lastMessage: upload() },
        mechanism: 'kernel-reply likely',
      },
      'no: no upload was running when the server closed',
    ],
    [
      'a new request after a pause is no upload that goes on',
      {
        ...without,
        receiver: {
          bytes: 9000,
          lastMessage: { ...message(900, 5, { text: 'POST', frame: 96 }), idleBefore: 50 * MS },
        },
        sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') },
      },
      'no: the upload was complete when the server answered, as far as the packets show',
    ],
    [
      '… without a pause it goes on',
      {
        ...without,
        receiver: {
          bytes: 9000,
          lastMessage: { ...message(900, 5, { text: 'POST', frame: 96 }), idleBefore: 49 * MS },
        },
        sender: { lastMessage: answer('HTTP/1.1 200 OK\r\n') },
      },
      `likely server-app ${LOST}`,
    ],
  ])('%s', (_, given, result) => {
    expect(answerOf('unread-request-body', given)).toBe(result);
  });

  test('unread-request-body says what it saw', () => {
    expect(tellsOf('unread-request-body', RUNNING)).toEqual([
      '40 the client was sending a request with a body (9,000 bytes in all)',
      '94 the server answered early: "HTTP/1.1 413 Payload Too Large"',
      '96 the upload was still running',
      '60 its window shrank by at least 5,000 bytes: it had stopped reading {"unread":5000}',
      '100 it closed with upload unread: RST',
    ]);
    expect(tellsOf('unread-request-body', without)).toEqual([
      '40 the client was sending a request with a body (9,000 bytes in all)',
      '94 the server answered early: "HTTP/1.1 413 Payload Too Large"',
      '96 the upload was still running',
      '100 it closed with upload unread: RST',
      'Inferred: that part of the upload was unread when the server closed. SO_LINGER 0 after the answer would give the same packets.',
    ]);
    expect(tellsOf('unread-request-body', { ...RUNNING, sender: { ...RUNNING.sender, fin: fin(10) } })).toEqual([
      '40 the client was sending a request with a body (9,000 bytes in all)',
      '94 the server answered early: "HTTP/1.1 413 Payload Too Large"',
      '96 the upload was still running',
      '90 the server closed its side (FIN)',
      '60 its window shrank by at least 5,000 bytes: it had stopped reading {"unread":5000}',
      '100 it closed with upload unread: RST',
    ]);
  });
});

describe('cancelled-download', () => {
  const sent = message(20_000, 30, { frame: 97 });
  const STOPPED: Given = {
    sender: { role: 'client', lastData: ago(900, 40) },
    receiver: { role: 'server', mss: 1460, lastMessage: sent },
    reset: { rtt: 10 * MS, freshlyAcked: 0 },
  };
  const bare = {
    ...mark(103, 10_010),
    fromSender: true,
    seq: 1,
    ack: 0,
    ttl: 64,
    ipId: 0,
    df: true,
    hasAck: false,
    window: 0,
  };
  const silent = (ms: number): Given => ({
    ...STOPPED,
    receiver: { ...STOPPED.receiver, lastMessage: message(20_000, ms, { frame: 97 }) },
  });
  test.each<[string, Given, string]>([
    ['right after the last data', STOPPED, 'likely client-app'],
    ['… a little later', silent(31), 'possible client-app'],
    ['… long after', silent(71), 'no: the last data was 71 ms old: nothing was running'],
    [
      '… long after, with its window shut',
      { ...silent(500), sender: { ...STOPPED.sender, zeroWindow: ago(400, 98) } },
      'likely client-app (transfer cut short)',
    ],
    [
      '… long after, unread by the window',
      { ...silent(500), reset: { ...STOPPED.reset, unread: UNREAD } },
      'certain client-app',
    ],
    [
      'segments still on the way drew RSTs',
      { ...STOPPED, reset: { ...STOPPED.reset, siblings: [bare] } },
      'certain client-app (transfer cut short)',
    ],
    [
      '… RSTs with ACK are none of those',
      { ...STOPPED, reset: { ...STOPPED.reset, siblings: [{ ...bare, hasAck: true }] } },
      'likely client-app',
    ],
    [
      '… earlier ones neither',
      { ...STOPPED, reset: { ...STOPPED.reset, siblings: [{ ...bare, frame: 98 }] } },
      'likely client-app',
    ],
    [
      '… the other end’s neither',
      { ...STOPPED, reset: { ...STOPPED.reset, siblings: [{ ...bare, fromSender: false }] } },
      'likely client-app',
    ],
    [
      'the server was still sending',
      { ...STOPPED, aftermath: { receiverWentOn: { ...mark(104, 10_020), length: 1460 } } },
      'certain client-app (transfer cut short)',
    ],
    [
      'acknowledged by nothing but the RST',
      { ...silent(60), reset: { ...STOPPED.reset, freshlyAcked: 2 } },
      'likely client-app',
    ],
    [
      'less than two segments',
      { ...STOPPED, receiver: { ...STOPPED.receiver, lastMessage: message(2919, 30, { frame: 97 }) } },
      'no: no transfer of more than two segments was running',
    ],
    [
      'two segments',
      { ...STOPPED, receiver: { ...STOPPED.receiver, lastMessage: message(2920, 30, { frame: 97 }) } },
      'likely client-app',
    ],
    [
      'nothing sent',
      { ...STOPPED, receiver: { ...STOPPED.receiver, lastMessage: null } },
      'no: no transfer of more than two segments was running',
    ],
    [
      'the client asked for more',
      { ...STOPPED, sender: { ...STOPPED.sender, lastData: ago(10, 98) } },
      'no: the client had asked for more (98)',
    ],
    [
      'of a server',
      { ...STOPPED, sender: { ...STOPPED.sender, role: 'server' }, receiver: { ...STOPPED.receiver, role: 'client' } },
      'not asked',
    ],
    ['of a third party', { ...STOPPED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
  ])('%s', (_, given, answer) => {
    expect(answerOf('cancelled-download', given)).toBe(answer);
  });

  test('cancelled-download says what it saw', () => {
    expect(tellsOf('cancelled-download', STOPPED)).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes and was still sending',
      '100 30 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
      'Whether the transfer was complete: its length is not known. SO_LINGER 0 at the end of a complete transfer gives the same packets.',
    ]);
    expect(tellsOf('cancelled-download', silent(31))).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes and was still sending',
      '100 31 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
      'Whether the transfer was complete: its length is not known. SO_LINGER 0 at the end of a complete transfer gives the same packets.',
    ]);
    expect(tellsOf('cancelled-download', { ...silent(500), reset: { ...STOPPED.reset, unread: UNREAD } })).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes and was still sending',
      '60 the client had stopped reading: at least 5,000 bytes lay unread {"unread":5000}',
      '100 500 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
    ]);
    expect(
      tellsOf('cancelled-download', { ...silent(500), sender: { ...STOPPED.sender, zeroWindow: ago(400, 98) } }),
    ).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes and was still sending',
      '100 500 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
      'Whether the transfer was complete: its length is not known. SO_LINGER 0 at the end of a complete transfer gives the same packets.',
    ]);
    expect(tellsOf('cancelled-download', { ...STOPPED, reset: { ...STOPPED.reset, siblings: [bare] } })).toEqual([
      '97 the server began to send',
      '97 it had sent 20,000 bytes and was still sending',
      '100 30 ms after the last data the client closed its socket or ended: RST, ACK {"window":0}',
      '103 1 segment still on the way drew another RST: the transfer was not over',
    ]);
  });
});

describe('abortive-close', () => {
  const nothing = { bytes: 0, iss: 1000, lastSegment: ago(100, 97) };
  const SERVED: Given = {
    mechanism: 'live-socket certain',
    sender: { bytes: 10, bytesUnacked: 0, lastData: ago(200, 96) },
    receiver: { bytes: 40, iss: 1000, lastData: ago(210, 95), lastAckMoved: ago(190, 97) },
    rst: { ack: 1041 },
    reset: { freshlyAcked: 0 },
  };
  const PUSHED: Given = { ...SERVED, receiver: nothing, rst: { ack: 1001 } };
  const stated = { by: 'text in the RST', text: 'shutting down' } as const;
  test.each<[string, Given, string]>([
    ['after a pause, all answered and acknowledged: nothing was lost', SERVED, 'likely server-app note'],
    [
      'after a pause, part of the answer not acknowledged: that was lost',
      { ...SERVED, sender: { ...SERVED.sender, bytesUnacked: 4 } },
      'likely server-app error',
    ],
    [
      'right behind the answer',
      { ...SERVED, sender: { ...SERVED.sender, lastData: ago(50, 96) } },
      'possible server-app note',
    ],
    [
      '… by a socket that is only possible',
      { ...SERVED, mechanism: 'live-socket possible' },
      'possible server-app note',
    ],
    ['something waits', { ...SERVED, reset: { ...SERVED.reset, unanswered: message(4, 20) } }, 'possible unknown'],
    [
      'the client spoke last',
      { ...SERVED, receiver: { ...SERVED.receiver, lastData: ago(20, 98) } },
      'possible unknown',
    ],
    [
      'of a client',
      { ...SERVED, sender: { ...SERVED.sender, role: 'client' }, receiver: { ...SERVED.receiver, role: 'server' } },
      'possible unknown',
    ],
    ['octets had just come', { ...SERVED, reset: { freshlyAcked: 2 } }, 'possible unknown'],
    ['one octet had just come: it may be a FIN', { ...SERVED, reset: { freshlyAcked: 1 } }, 'likely server-app note'],
    ['nothing could be unread: all of its data acknowledged', PUSHED, 'certain server-app warning'],
    ['… not all', { ...PUSHED, sender: { ...SERVED.sender, bytesUnacked: 4 } }, 'certain server-app error'],
    ['… of a socket that is likely', { ...PUSHED, mechanism: 'live-socket likely' }, 'likely server-app warning'],
    ['… that is possible', { ...PUSHED, mechanism: 'live-socket possible' }, 'possible server-app warning'],
    [
      '… the beginning not captured',
      { ...PUSHED, reset: { freshlyAcked: 0, quality: { midStream: true } } },
      'likely server-app warning',
    ],
    [
      '… by a client',
      { ...PUSHED, sender: { ...SERVED.sender, role: 'client' }, receiver: { ...nothing, role: 'server' } },
      'certain client-app warning',
    ],
    ['… the numbers do not agree', { ...PUSHED, rst: { ack: 1002 } }, 'likely server-app note'],
    [
      'no data at all, by a client',
      { ...PUSHED, sender: { bytes: 0, role: 'client' }, receiver: { ...nothing, role: 'server' } },
      'likely client-app warning',
    ],
    [
      'no data at all, by a client, the other direction not captured',
      { ...PUSHED, sender: { bytes: 0, role: 'client' }, receiver: { ...nothing, segments: 0, role: 'server' } },
      'possible client-app warning',
    ],
    ['no data at all, by a server', { ...PUSHED, sender: { bytes: 0 } }, 'possible server-app'],
    [
      'unread data',
      { ...SERVED, reset: { ...SERVED.reset, unread: UNREAD } },
      'no: at least 5,000 bytes were unread, which is tested before SO_LINGER',
    ],
    [
      'in the handshake',
      { ...SERVED, reset: { ...SERVED.reset, phase: 'handshake' } },
      'no: the handshake was not complete',
    ],
    [
      'before the handshake',
      { ...SERVED, reset: { ...SERVED.reset, phase: 'syn-sent' } },
      'no: the handshake was not complete',
    ],
    ['of a third party', { ...SERVED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    ['an orphan', { ...SERVED, reset: { ...SERVED.reset, phase: 'orphan' } }, 'not asked'],
    ['an orphan that states why', { ...SERVED, reset: { ...SERVED.reset, phase: 'orphan', stated } }, 'likely unknown'],
    [
      '… of no live socket',
      { ...SERVED, mechanism: 'kernel-reply likely', reset: { ...SERVED.reset, phase: 'orphan', stated } },
      'not asked',
    ],
    [
      'one direction only, sending again',
      {
        ...SERVED,
        sender: { ...SERVED.sender, retransmitting: { count: 1, first: ago(90), last: ago(90) } },
        reset: { ...SERVED.reset, quality: { oneSided: true } },
      },
      'possible unknown',
    ],
    [
      'one direction only, probing',
      {
        ...SERVED,
        sender: { ...SERVED.sender, keepAliveProbes: { count: 1, first: ago(90), last: ago(90), interval: 0 } },
        reset: { ...SERVED.reset, quality: { oneSided: true } },
      },
      'possible unknown',
    ],
    [
      'one direction only, at rest',
      { ...SERVED, reset: { ...SERVED.reset, quality: { oneSided: true } } },
      'likely server-app note',
    ],
    [
      'one direction only, volumes unknown',
      { ...SERVED, receiver: { bytes: 0, iss: null }, reset: { ...SERVED.reset, quality: { oneSided: true } } },
      'possible unknown',
    ],
    [
      'only SYN, FIN and RST captured, with data',
      { ...SERVED, reset: { ...SERVED.reset, quality: { flagsOnly: true } } },
      'possible unknown',
    ],
    [
      'only SYN, FIN and RST captured, nothing received, soon',
      { ...PUSHED, reset: { freshlyAcked: null, idleData: 1999 * MS, quality: { flagsOnly: true } } },
      'certain server-app warning',
    ],
    [
      'only SYN, FIN and RST captured, nothing received, after a silence',
      { ...PUSHED, reset: { freshlyAcked: null, idleData: 2000 * MS, quality: { flagsOnly: true } } },
      'possible unknown',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('abortive-close', given)).toBe(answer);
  });

  test('abortive-close says what it saw', () => {
    expect(tellsOf('abortive-close', SERVED)).toEqual([
      "95 the client's last request came",
      '96 the server answered it',
      '97 all of the answer was acknowledged',
      '100 200 ms later its live socket sent RST, ACK, without a FIN before it {"window":0}',
      "An administrator's ss -K gives the same packets; so does a close with a few bytes unread.",
    ]);
    expect(tellsOf('abortive-close', PUSHED)).toEqual([
      '97 the client had sent no data in the whole connection: nothing could be unread',
      `100 the server's live socket sent RST, ACK without a FIN before it {"seq":5001,"ack":1001,"window":0}`,
      'Seen: an abort on purpose. Whether SO_LINGER 0 or ss -K, packets cannot tell.',
    ]);
    expect(tellsOf('abortive-close', { ...SERVED, mechanism: 'live-socket possible' })).toEqual([
      "95 the client's last request came",
      '96 the server answered it',
      '97 all of the answer was acknowledged',
      '100 200 ms later its live socket sent RST, ACK, without a FIN before it {"window":0}',
      "An administrator's ss -K gives the same packets; so does a close with a few bytes unread.",
    ]);
    expect(tellsOf('abortive-close', { ...SERVED, reset: { ...SERVED.reset, unanswered: message(4, 20) } })).toEqual([
      `100 the server's live socket sent RST, ACK without a FIN before it {"seq":5001,"ack":1041,"window":0}`,
      "An administrator's ss -K gives the same packets; so does a close with a few bytes unread.",
    ]);
    expect(
      tellsOf('abortive-close', {
        ...PUSHED,
        sender: { ...SERVED.sender, stack: { abortWindow: 'zero', family: 'windows' } as never },
      }),
    ).toEqual([
      '97 the client had sent no data in the whole connection: nothing could be unread',
      `100 the server's live socket sent RST, ACK without a FIN before it {"seq":5001,"ack":1001,"window":0}`,
      'Windows aborts the connections of a process that is stopped with the same packet.',
    ]);
  });

  test('says what was answered and what became of it', () => {
    expect(saidOf('abortive-close', { ...SERVED, sender: { ...SERVED.sender, bytesUnacked: 4 } })).toEqual([
      "95 the client's last request came",
      '96 the server answered it',
      '- 4 bytes of the answer were never acknowledged',
      '100 200 ms later its live socket sent RST, ACK, without a FIN before it',
      "An administrator's ss -K gives the same packets; so does a close with a few bytes unread.",
    ]);
  });

  test('says of a FIN before it that it was there', () => {
    const told = (given: Given) => saidOf('abortive-close', given);
    const closed = { ...SERVED.sender, fin: { ...ago(0.046, 99), idleBefore: null, acked: null, seq: 0 } };
    expect(told({ ...SERVED, sender: closed })).toContain(
      '100 200 ms later its live socket sent RST, ACK, 46 µs after its FIN (99)',
    );
    expect(told({ ...PUSHED, sender: closed })).toContain(
      "100 the server's live socket sent RST, ACK 46 µs after its FIN (99)",
    );
  });
});
