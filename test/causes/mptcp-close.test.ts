/** MPTCP closed a subflow or the whole connection (RFC 8684 §3.5, §3.6). */
import { describe, expect, test } from 'vitest';
import { makeSegment } from '../support/diagnosis.js';
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
