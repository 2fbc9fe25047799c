/** A NAT, load balancer or stateful firewall forgot the idle connection and answered for the host. */
import { describe, expect, test } from 'vitest';
import { makeSegment, mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ACK, answerOf, fin, RST_TIME, tellsOf, trigger } from '../support/signatures.js';

const SECOND = 1000;

describe('nat-state-expired', () => {
  const drew = trigger({ length: 20, index: 1, frame: 99 });
  const at = (seconds: number): Given => ({
    mechanism: 'third-party likely',
    sender: { segments: 5, bytes: 10, lastSegment: mark(80, RST_TIME - seconds * SECOND - 1) },
    reset: {
      trigger: drew,
      tail: [makeSegment(80, RST_TIME - seconds * SECOND - 1, 'sender', ACK), drew],
      shape: 'reply',
    },
    provenance: { ttl: { rst: 254, usual: 60, samples: 5, ofHost: false } },
  });
  const LONG = at(600);
  const own = { ...LONG, mechanism: 'kernel-reply likely' } as const;
  test.each<[string, Given, string]>([
    ['another machine answers after a silence', LONG, 'likely network-device (data lost)'],
    ['the host itself does, after a long silence', own, 'possible network-device (data lost)'],
    [
      'the host itself does, too soon',
      { ...at(29), mechanism: 'kernel-reply likely' },
      "no: the answer has the host's own TTL, and 29 s of silence is too short for a device",
    ],
    [
      'another machine answers to nothing that was seen, too soon',
      { ...at(29), reset: { ...at(29).reset, trigger: { ...drew, unseen: true } } },
      'no: the connection was 29 s old',
    ],
    ['in use just before', at(0.9), 'no: the connection had been in use 900 ms before'],
    ['closed', { ...LONG, sender: { ...LONG.sender, fin: fin(100) } }, 'no: the server had closed (90)'],
    [
      'never used',
      { ...LONG, sender: { ...LONG.sender, segments: 1, bytes: 0 } },
      'no: the connection had not been in use',
    ],
    [
      'in its handshake',
      { ...LONG, reset: { ...LONG.reset, phase: 'handshake' } },
      'no: the connection had not been in use',
    ],
    [
      'the host went on, with the same TTL',
      {
        ...LONG,
        provenance: {
          ttl: { rst: 60, usual: 60, samples: 5, ofHost: false },
          senderWentOn: { ...mark(105, 10_100), length: 5 },
        },
      },
      'no: the host itself went on',
    ],
    [
      'the host went on, with another TTL',
      { ...LONG, provenance: { ...LONG.provenance, senderWentOn: { ...mark(105, 10_100), length: 5 } } },
      'likely network-device (data lost)',
    ],
    [
      'a probe drew it',
      { ...LONG, reset: { ...LONG.reset, trigger: { ...drew, length: 1 } } },
      'likely network-device',
    ],
    [
      'the client spoke just before',
      { ...LONG, reset: { ...LONG.reset, tail: [makeSegment(98, RST_TIME - 501, 'receiver', ACK), drew] } },
      'no: the connection had been in use 500 ms before',
    ],
    [
      '… and this is the same again',
      {
        ...LONG,
        reset: {
          ...LONG.reset,
          trigger: { ...drew, note: 'retransmission' },
          tail: [makeSegment(98, RST_TIME - 501, 'receiver', ACK), drew],
        },
      },
      'likely network-device (data lost)',
    ],
    [
      '… and this is a probe',
      {
        ...LONG,
        reset: {
          ...LONG.reset,
          trigger: { ...drew, note: 'keep-alive' },
          tail: [makeSegment(98, RST_TIME - 501, 'receiver', ACK), drew],
        },
      },
      'likely network-device (data lost)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('nat-state-expired', given)).toBe(answer);
  });

  test('nat-state-expired says what it saw', () => {
    expect(tellsOf('nat-state-expired', LONG)).toEqual([
      '80 the server was last heard of',
      '99 after 10 min of silence the client spoke again {"idle":600000000000}',
      '100 the answer was an RST with TTL 254, while all packets of 10.0.2.2 had 60: another machine made it {"ttl":63,"window":0}',
      "- 10 min is Google Cloud's connection tracking",
      'Which device: its TTL tells the distance, not the name. A machine that took over the address (failover) answers alike.',
    ]);
    expect(tellsOf('nat-state-expired', own)).toEqual([
      '80 the server was last heard of',
      '99 after 10 min of silence the client spoke again {"idle":600000000000}',
      '100 the answer was an RST as from a host without that connection {"ttl":63,"window":0}',
      "- 10 min is Google Cloud's connection tracking",
      'A host that was restarted in the meantime answers the same; uptime there, or a second capture beyond the device, decides.',
    ]);
    expect(
      tellsOf('nat-state-expired', {
        ...LONG,
        provenance: { ...LONG.provenance, senderWentOn: { ...mark(110, 11_000), length: 5 } },
      }),
    ).toEqual([
      '80 the server was last heard of',
      '99 after 10 min of silence the client spoke again {"idle":600000000000}',
      '100 the answer was an RST with TTL 254, while all packets of 10.0.2.2 had 60: another machine made it {"ttl":63,"window":0}',
      '110 10.0.2.2 itself still spoke for the connection later',
      "- 10 min is Google Cloud's connection tracking",
      'Which device: its TTL tells the distance, not the name. A machine that took over the address (failover) answers alike.',
    ]);
  });
});
