/** A SYN on a four-tuple that is in use: half-open-port-reuse and time-wait-port-reuse. */
import { describe, expect, test } from 'vitest';
import { SYN } from '../../src/tcp/control.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, fin, tellsOf, trigger } from '../support/signatures.js';

describe('a SYN on a four-tuple that is in use', () => {
  const pendingSyn = { ...ago(3, 97), seq: 7000, from: 'sender' } as const;
  const REUSED: Given = {
    mechanism: 'kernel-reply likely',
    sender: { role: 'client' },
    receiver: { role: 'server' },
    reset: { trigger: trigger(), pendingSyn },
  };
  const OWN: Given = {
    ...REUSED,
    sender: { role: 'client', iss: 7000, dataSegments: 0 },
    reset: { trigger: trigger({ ack: 9 }), incarnation: 2, handshake: { syn: ago(3, 97), synAck: null, ack: null } },
  };
  const HALF = 'no: the old connection was being closed';
  const WAIT = 'no: the old connection had not been closed';
  test.each<[string, Given, string, string]>([
    ['still open at the other end', REUSED, 'certain client-host', WAIT],
    [
      'closed by the other end',
      { ...REUSED, receiver: { role: 'server', fin: fin(500) } },
      HALF,
      'certain client-host',
    ],
    ['as an incarnation of its own', OWN, HALF, 'likely client-host'],
    [
      '… the first one that was captured',
      { ...OWN, reset: { ...OWN.reset, incarnation: 1 } },
      'likely client-host',
      WAIT,
    ],
    [
      'the other end sent the SYN',
      { ...REUSED, reset: { ...REUSED.reset, pendingSyn: { ...pendingSyn, from: 'receiver' } } },
      'not asked',
      'not asked',
    ],
    [
      'what drew it came before',
      { ...REUSED, reset: { ...REUSED.reset, trigger: trigger({ frame: 96 }) } },
      'not asked',
      'not asked',
    ],
    [
      'no SYN waits, and it is no client',
      { ...OWN, sender: { ...OWN.sender, role: 'server' } },
      'not asked',
      'not asked',
    ],
    ['… it had sent data', { ...OWN, sender: { ...OWN.sender, dataSegments: 1 } }, 'not asked', 'not asked'],
    ['… no handshake', { ...OWN, reset: { ...OWN.reset, handshake: null } }, 'not asked', 'not asked'],
    [
      '… accepted',
      { ...OWN, reset: { ...OWN.reset, handshake: { syn: ago(3, 97), synAck: ago(2, 98), ack: null } } },
      'not asked',
      'not asked',
    ],
    [
      '… answered with its own number',
      { ...OWN, reset: { ...OWN.reset, trigger: trigger({ ack: 7001 }) } },
      'not asked',
      'not asked',
    ],
    [
      '… answered with a SYN-ACK',
      { ...OWN, reset: { ...OWN.reset, trigger: trigger({ ack: 9, control: SYN | ACK }) } },
      'not asked',
      'not asked',
    ],
  ])('%s', (_, given, half, wait) => {
    expect([answerOf('half-open-port-reuse', given), answerOf('time-wait-port-reuse', given)]).toEqual([half, wait]);
  });

  test('time-wait-port-reuse says what it saw', () => {
    expect(tellsOf('time-wait-port-reuse', REUSED)).toEqual([]);
    expect(tellsOf('time-wait-port-reuse', OWN)).toEqual([
      '- the connection before on this four-tuple had ended',
      '97 the client sent a SYN with a new number on the same port 10.0.2.2:5007 {"seq":7000}',
      '99 the server answered for the old connection {"seq":0,"ack":9}',
      `100 the client's kernel reset that {"seq":5001}`,
      'That the old one had been closed at the server as well is inferred.',
    ]);
    expect(tellsOf('time-wait-port-reuse', { ...REUSED, sender: { ...REUSED.sender, fin: fin(100) } })).toEqual([]);
  });

  test('half-open-port-reuse says what it saw', () => {
    expect(tellsOf('half-open-port-reuse', REUSED)).toEqual([
      '97 the client sent a SYN with a new number on 10.0.2.2:5007, a connection the server still had {"seq":7000}',
      '99 the server answered with an acknowledgment of the old connection (challenge ACK) {"seq":0,"ack":0}',
      `100 the client's kernel reset that: the old connection ended {"seq":5001}`,
    ]);
    expect(tellsOf('half-open-port-reuse', OWN)).toEqual([]);
  });
});
