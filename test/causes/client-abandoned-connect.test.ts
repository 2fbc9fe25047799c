/** The SYN-ACK came after the client had given up. */
import { describe, expect, test } from 'vitest';
import { SYN } from '../../src/tcp/control.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, tellsOf, trigger } from '../support/signatures.js';

describe('client-abandoned-connect', () => {
  const synAck = ago(1, 99);
  const handshake = (ms: number, answered = true) => ({
    syn: ago(ms, 1),
    synAck: answered ? synAck : null,
    ack: null,
  });
  const LATE: Given = {
    mechanism: 'kernel-reply likely',
    sender: { role: 'client', iss: 1000, windowScale: 7, timestamps: true },
    receiver: { role: 'server', iss: 5000 },
    rst: { seq: 1001 },
    reset: { phase: 'handshake', handshake: handshake(3000), trigger: trigger({ control: SYN | ACK }) },
  };
  const soon = { ...LATE, reset: { ...LATE.reset, handshake: handshake(899) } };
  const sibling = (sameHost: boolean) => ({
    established: true,
    byDesign: false,
    sameHost,
    frame: 50,
    time: 0,
    address: '10.0.2.2',
    port: 80,
  });
  const fan = (targets: number) => ({
    targets,
    ports: 1,
    hosts: 1,
    refused: 0,
    halfOpen: 0,
    unanswered: 0,
    withData: 0,
    fromOnePort: 1,
    span: 1,
  });
  test.each<[string, Given, string]>([
    ['the SYN-ACK came too late', LATE, 'certain client-app'],
    ['so soon', soon, 'likely client-app'],
    [
      'it had taken the first SYN-ACK, which is not in the capture',
      { ...LATE, sender: { ...LATE.sender, rcvNxt: 5001, lastAckMoved: { frame: 2, time: 0 } } },
      'no: the client had acknowledged a SYN-ACK before (2)',
    ],
    [
      '… a crafted SYN',
      { ...soon, sender: { ...LATE.sender, windowScale: 0 } },
      'no: the SYN-ACK came after 898 ms: no connect timeout is that short',
    ],
    ['… a SYN without timestamps', { ...soon, sender: { ...LATE.sender, timestamps: false } }, 'likely client-app'],
    [
      '… of another machine',
      { ...soon, provenance: { macDiffers: true } },
      'no: the SYN-ACK was turned away at another MAC address than the SYN came from',
    ],
    ['… by one that tries many', { ...soon, context: { fanOut: () => fan(10) } }, 'no: 10.0.2.2 tries many targets'],
    ['… by one that tries few', { ...soon, context: { fanOut: () => fan(9) } }, 'likely client-app'],
    ['… another family may have won', { ...soon, context: { sibling: () => sibling(false) } }, 'possible client-app'],
    [
      'a parallel connection had won',
      { ...LATE, context: { sibling: () => sibling(true) } },
      'no: a parallel connection had won (50)',
    ],
    [
      'another number',
      { ...LATE, rst: { seq: 1002 } },
      'no: the SYN-ACK acknowledged another number than the SYN bore',
    ],
    [
      'the same SYN came again',
      { ...LATE, aftermath: { synAgain: { ...ago(-1000, 101), by: 'sender', accepted: null } } },
      'no: the client went on asking with the same SYN (101)',
    ],
    ['of a server', { ...LATE, sender: { ...LATE.sender, role: 'server' } }, 'not asked'],
    ['established', { ...LATE, reset: { ...LATE.reset, phase: 'established' } }, 'not asked'],
    [
      'no SYN-ACK',
      { ...LATE, reset: { ...LATE.reset, phase: 'syn-sent', handshake: handshake(3000, false) } },
      'not asked',
    ],
    [
      'the server not captured, late',
      {
        ...LATE,
        receiver: { ...LATE.receiver, segments: 0 },
        reset: { ...LATE.reset, handshake: handshake(3000, false) },
      },
      'certain client-app',
    ],
    [
      'the server not captured, soon',
      {
        ...LATE,
        receiver: { ...LATE.receiver, segments: 0 },
        reset: { ...LATE.reset, handshake: handshake(899, false) },
      },
      'no: what came after 899 ms is not in this capture: no connect timeout is that short',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('client-abandoned-connect', given)).toBe(answer);
  });

  test('client-abandoned-connect says what it saw', () => {
    expect(tellsOf('client-abandoned-connect', LATE)).toEqual([
      '1 the client asked for a connection (SYN)',
      '99 the server accepted 3 s later',
      `100 3 s after the SYN the client's kernel knew no such connection any more {"seq":1001,"window":0}`,
    ]);
    expect(tellsOf('client-abandoned-connect', soon)).toEqual([
      '1 the client asked for a connection (SYN)',
      '99 the server accepted 898 ms later',
      `100 899 ms after the SYN the client's kernel knew no such connection any more {"seq":1001,"window":0}`,
      'So soon it was hardly a connect timeout: cancelled, or a parallel connection that is not in this capture had won.',
    ]);
    expect(tellsOf('client-abandoned-connect', { ...soon, context: { sibling: () => sibling(false) } })).toEqual([
      '1 the client asked for a connection (SYN)',
      '99 the server accepted 898 ms later',
      `100 899 ms after the SYN the client's kernel knew no such connection any more {"seq":1001,"window":0}`,
      'So soon it was hardly a connect timeout: cancelled, or a parallel connection that is not in this capture had won.',
    ]);
    expect(tellsOf('client-abandoned-connect', { ...soon, context: { fanOut: () => fan(9) } })).toEqual([
      '1 the client asked for a connection (SYN)',
      '99 the server accepted 898 ms later',
      `100 899 ms after the SYN the client's kernel knew no such connection any more {"seq":1001,"window":0}`,
      'So soon it was hardly a connect timeout: cancelled, or a parallel connection that is not in this capture had won.',
    ]);
  });
});
