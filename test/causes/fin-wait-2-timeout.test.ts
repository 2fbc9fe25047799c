/** One side closed, the other never did; the kernel's patience in FIN-WAIT-2 ended. */
import { describe, expect, test } from 'vitest';
import { FIN } from '../../src/tcp/control.js';
import { BACK, expectCause, served, TS } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, tellsOf, trigger } from '../support/signatures.js';

describe('fin-wait-2-timeout', () => {
  const acked = ago(59_000, 91);
  const WAITED: Given = { sender: { fin: fin(60_000, { acked }) }, receiver: { lastData: ago(61_000, 80) } };
  const REPLY: Given = {
    ...WAITED,
    mechanism: 'kernel-reply likely',
    reset: { trigger: trigger(), shape: 'reply' },
    receiver: { bytesUnacked: 0 },
  };
  test.each<[string, Given, string]>([
    ['the kernel gave up', WAITED, 'likely client-app'],
    [
      '… of a client',
      { sender: { ...WAITED.sender, role: 'client' }, receiver: { ...WAITED.receiver, role: 'server' } },
      'likely server-app',
    ],
    ['soon', { ...WAITED, sender: { fin: fin(29_000, { acked }) } }, 'possible unknown'],
    ['without a FIN', { ...WAITED, sender: { fin: null } }, 'not asked'],
    ['the other end had closed too', { ...WAITED, receiver: { fin: fin(100) } }, 'not asked'],
    ['of a third party', { ...WAITED, mechanism: 'third-party likely' }, 'no: the sender named in it did not make it'],
    ['its FIN not acknowledged', { ...WAITED, sender: { fin: fin(60_000) } }, 'no: its FIN had not been acknowledged'],
    ['data came after the FIN', { ...WAITED, receiver: { lastData: ago(100, 95) } }, 'no: data had come after its FIN'],
    ['a late acknowledgment drew it', REPLY, 'certain client-app note'],
    ['… too soon', { ...REPLY, sender: { fin: fin(29_000, { acked }) } }, 'no: it had closed only 29 s before'],
    [
      'the acknowledgment of the FIN drew it',
      { ...REPLY, sender: { fin: fin(5, { acked: ago(1, 99) }) } },
      'likely server-app warning',
    ],
    [
      'a keep-alive probe drew it',
      { ...REPLY, reset: { shape: 'reply', trigger: trigger({ note: 'keep-alive' }) } },
      'certain client-app note',
    ],
    ['data drew it', { ...REPLY, reset: { shape: 'reply', trigger: trigger({ length: 5 }) } }, 'no: data drew it'],
    [
      'a FIN drew it',
      { ...REPLY, reset: { shape: 'reply', trigger: trigger({ control: ACK | FIN }) } },
      'no: data drew it',
    ],
    ['nothing drew it', { ...REPLY, reset: { shape: 'reply', trigger: null } }, 'no: data drew it'],
    [
      'data is outstanding',
      { ...REPLY, receiver: { bytesUnacked: 1 } },
      'no: data was outstanding that may have drawn it',
    ],
    [
      'what drew it was not captured',
      { ...REPLY, reset: { shape: 'reply', trigger: trigger({ unseen: true }) } },
      'no: what drew it is not in this capture',
    ],
    ['data stands right behind', { ...REPLY, aftermath: { crossed: 101 } }, 'possible client-app note'],
    [
      'its socket answered something else after that',
      {
        ...REPLY,
        sender: { ...WAITED.sender, lastSegment: ago(1, 97) },
        reset: { shape: 'reply', trigger: { ...trigger(), frame: 96 } },
      },
      'no: its socket still answered after that (97)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('fin-wait-2-timeout', given)).toBe(answer);
  });

  test('fin-wait-2-timeout says what it saw', () => {
    expect(tellsOf('fin-wait-2-timeout', WAITED)).toEqual([
      '90 the server closed (FIN)',
      '91 the client acknowledged that and never closed its own side',
      `100 after 1 min the server's kernel gave up waiting: RST {"waited":60000000000}`,
      'A program that aborted after a half-close of that length looks the same.',
    ]);
    expect(tellsOf('fin-wait-2-timeout', REPLY)).toEqual([
      '90 the server closed (FIN)',
      '99 1 min later the client, which had not closed, still spoke',
      `100 the server's kernel had forgotten the connection: RST {"seq":5001}`,
    ]);
    expect(tellsOf('fin-wait-2-timeout', { ...REPLY, sender: { fin: fin(5, { acked: ago(1, 99) }) } })).toEqual([
      '90 the server closed (FIN)',
      '99 the plain acknowledgment of that FIN drew the reset: the kernel had no patience at all (TCP_LINGER2 below zero)',
      `100 the server's kernel had forgotten the connection: RST {"seq":5001}`,
      'Inferred: that it was the acknowledgment. Data of the client right behind it that this capture lacks would have drawn the same.',
    ]);
    expect(tellsOf('fin-wait-2-timeout', { ...WAITED, sender: { fin: fin(29_000, { acked }) } })).toEqual([
      '90 the server closed (FIN)',
      '100 29 s later it aborted',
      'Too many orphaned sockets or too little memory for them (tcp_max_orphans, tcp_mem: nstat TcpExtTCPAbortOnMemory), SO_LINGER 0 or ss -K after a half-close look the same.',
    ]);
    expect(tellsOf('fin-wait-2-timeout', { ...REPLY, aftermath: { crossed: 101 } })).toEqual([
      '90 the server closed (FIN)',
      '99 1 min later the client, which had not closed, still spoke',
      `100 the server's kernel had forgotten the connection: RST {"seq":5001}`,
      'Data of the client stands right behind the RST in the capture (101): it may have drawn it.',
    ]);
  });
});

describe('fin-wait-2-timeout in packets', () => {
  const halfClosed = `${served()}
    5.000 S > C: [F.] seq 20 ack 19 win 509 ${BACK} ttl 57 id 71 DF
    5.001 C > S: [.] seq 19 ack 21 win 502 ${TS} ttl 64 id 6 DF`;
  const bare = (at: string) => `
    ${at} S > C: [R] seq 21 win 0 ttl 57 id 0 DF`;

  test('the acknowledgment of the FIN itself drew it: TCP_LINGER2 below zero', async () => {
    await expectCause(halfClosed + bare('5.0012'), {
      gives: 'fin-wait-2-timeout likely',
      not: ['host-lost-state', 'data-after-close'],
    });
  });

  test('data stands right behind the RST, and may have drawn it', async () => {
    const crossed = `
    5.0013 C > S: [P.] seq 19 ack 21 win 502 ${TS} ttl 64 id 7 DF "more"`;
    await expectCause(halfClosed + bare('5.0012') + crossed, {
      gives: 'unexplained-reply',
      not: 'fin-wait-2-timeout?',
    });
  });

  /** What the client sends that never closed. */
  const still = (at: string, what: string) => `
    ${at} C > S: [${what === '' ? '' : 'P'}.] seq ${what === '' ? 18 : 19} ack 21 win 502 ${TS} ttl 64 id 7 DF ${what}`;

  test('a minute later a keep-alive finds that the kernel has forgotten', async () => {
    await expectCause(halfClosed + still('70.001', '') + bare('70.0012'), {
      gives: 'fin-wait-2-timeout certain',
      not: 'host-lost-state',
    });
  });

  test('… after three seconds no kernel has', async () => {
    await expectCause(halfClosed + still('8.001', '') + bare('8.0012'), {
      gives: 'unexplained-reply',
      not: 'fin-wait-2-timeout',
    });
  });

  test('a request after a minute is that of a client that did not look', async () => {
    await expectCause(halfClosed + still('70.001', '"more"') + bare('70.0012'), {
      gives: 'stale-connection-reuse certain',
      not: 'fin-wait-2-timeout',
    });
  });

  /** The socket itself gives up, though the last word had been the client's. */
  const gaveUp = (at: string) => `${served()}
    4.000 C > S: [P.] seq 19 ack 20 win 502 ${TS} ttl 64 id 5 DF "more"
    4.001 S > C: [.] seq 20 ack 23 win 509 ${BACK} ttl 57 id 71 DF
    5.000 S > C: [F.] seq 20 ack 23 win 509 ${BACK} ttl 57 id 72 DF
    5.001 C > S: [.] seq 23 ack 21 win 502 ${TS} ttl 64 id 6 DF
    ${at} S > C: [R.] seq 21 ack 23 win 509 ${BACK} ttl 57 id 73 DF`;

  test('the socket gives up after its minute', async () => {
    await expectCause(gaveUp('65.001'), { gives: 'fin-wait-2-timeout likely', not: 'host-lost-state' });
  });

  test('… after three seconds it was something else', async () => {
    await expectCause(gaveUp('8.001'), { gives: 'unexplained-abort', not: 'fin-wait-2-timeout?' });
  });
});
