/** MPTCP closed a subflow or the whole connection (RFC 8684 §3.5, §3.6). */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
import { expectCause, served } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ACK, answerOf, tellsOf } from '../support/signatures.js';

describe('mptcp-close', () => {
  const asked = (from: 'sender' | 'receiver') => ({ tail: [makeSegment(95, 9_900, from, ACK, { fastclose: true })] });
  test.each<[string, Given, string]>([
    ['the other end asked for it', { reset: asked('receiver') }, 'certain client-app'],
    [
      'its own earlier wish is none',
      { reset: asked('sender') },
      'no: neither it nor a segment before it has an MPTCP option that ends anything',
    ],
    ['MP_FASTCLOSE', { rst: { mptcp: 1 << 7 } }, 'certain server-app'],
    ['MP_TCPRST', { rst: { mptcp: 1 << 8, mptcpReason: 1 } }, 'certain server-app'],
    [
      'another subtype',
      { rst: { mptcp: 1 << 6 } },
      'no: neither it nor a segment before it has an MPTCP option that ends anything',
    ],
    [
      'options that the capture cut off',
      { rst: { headerLength: 40 }, reset: { quality: { cut: true } } },
      'possible unknown',
    ],
    ['none', {}, 'no: neither it nor a segment before it has an MPTCP option that ends anything'],
  ])('%s', (_, given, answer) => {
    expect(answerOf('mptcp-close', given)).toBe(answer);
  });

  test('mptcp-close says what it saw', () => {
    expect(tellsOf('mptcp-close', { reset: asked('receiver') })).toEqual([
      '95 the client sent an acknowledgment with MP_FASTCLOSE: the whole connection is to end at once',
      '100 the server answered with RST, as RFC 8684 wants it {"seq":5001}',
    ]);
    expect(tellsOf('mptcp-close', { rst: { mptcp: 1 << 7 } })).toEqual([
      '100 the server sent RST with MP_FASTCLOSE: the whole connection ends at once {"reason":null}',
    ]);
    expect(tellsOf('mptcp-close', { rst: { mptcp: 1 << 8, mptcpReason: 1 } })).toEqual([
      '100 the server sent RST with MP_TCPRST: this subflow ends, reason "MPTCP specific error" {"reason":1}',
    ]);
    expect(tellsOf('mptcp-close', { rst: { mptcp: 1 << 8, mptcpReason: null } })).toEqual([
      '100 the server sent RST with MP_TCPRST: this subflow ends {"reason":null}',
    ]);
  });
});

describe('mptcp-close in packets', () => {
  const ended = (options: string) => `${served()}
    1.000 C > S: [R.] seq 19 ack 20 win 502 <${options}> ttl 64 id 5 DF`;

  test.each([
    ['MP_FASTCLOSE: the whole connection', 'mptcp 12 fast-close key 0x1'],
    ['MP_TCPRST: this subflow', 'mptcp 4 tcprst'],
  ])('%s', async (_, options) => {
    await expectCause(ended(options), { gives: 'mptcp-close certain', not: 'keepalive-race-unread' });
  });

  test('another option of that protocol ends nothing', async () => {
    await expectCause(ended('mptcp 4 dss'), { gives: 'unexplained-abort', not: 'mptcp-close' });
  });

  const answered = (options: string) => `${served()}
    1.000 C > S: [.] seq 19 ack 20 win 502 <${options}> ttl 64 id 5 DF
    1.001 S > C: [R] seq 20 win 0 ttl 57 id 0 DF`;

  test('an acknowledgment with MP_FASTCLOSE is answered with RST', async () => {
    await expectCause(answered('mptcp 12 fast-close key 0x1'), {
      gives: 'mptcp-close certain',
      not: 'host-lost-state?',
    });
  });

  test('one without is answered by a host that knows no connection', async () => {
    await expectCause(answered('nop,nop,TS val 102 ecr 900'), { gives: 'unexplained-reply', not: 'mptcp-close' });
  });
});
