/** A device reset both ends when its idle timer fired; nothing was sent that drew it. */
import { describe, expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, MS, RST_TIME, tellsOf, trigger } from '../support/signatures.js';

const SECOND = 1000;

describe('device-idle-timeout', () => {
  const IDLE: Given = {
    mechanism: 'third-party likely',
    sender: { lastSegment: ago(300 * SECOND, 80) },
    reset: { shape: 'active', idle: 300 * SECOND * MS, idleData: 300 * SECOND * MS },
  };
  const both = { bothEnds: mark(101, RST_TIME) };
  const odd = { shape: 'active', idle: 47.3 * SECOND * MS, idleData: 47.3 * SECOND * MS } as const;
  const stated = { by: 'F5 BIG-IP', text: 'Flow expired (idle timeout)' } as const;
  test.each<[string, Given, string]>([
    ['a third party, at a known timer', IDLE, 'likely network-device'],
    ['certainly a third party', { ...IDLE, mechanism: 'third-party certain' }, 'certain network-device'],
    ['to both ends, no known timer', { ...IDLE, reset: odd, provenance: both }, 'likely network-device'],
    ['a third party, no known timer', { ...IDLE, reset: odd }, 'possible network-device'],
    ['… as two others', { ...IDLE, reset: odd, context: { sameIdle: () => 3 } }, 'likely network-device'],
    ['… as one other', { ...IDLE, reset: odd, context: { sameIdle: () => 2 } }, 'possible network-device'],
    [
      'to both ends, whoever made it',
      { ...IDLE, mechanism: 'undecided possible', reset: odd, provenance: both },
      'possible network-device',
    ],
    [
      'to both ends at a known timer, whoever made it',
      { ...IDLE, mechanism: 'undecided possible', provenance: both },
      'likely network-device',
    ],
    ['at a known timer, whoever made it', { ...IDLE, mechanism: 'undecided possible' }, 'possible network-device'],
    [
      'no known timer, whoever made it',
      { ...IDLE, mechanism: 'undecided possible', reset: odd },
      'no: nothing shows that another machine made it',
    ],
    [
      'of a live socket',
      { ...IDLE, mechanism: 'live-socket likely' },
      "no: it has the marks of the sender's own socket",
    ],
    ['perhaps of a live socket', { ...IDLE, mechanism: 'live-socket possible' }, 'possible network-device'],
    ['drawn by a segment', { ...IDLE, reset: { ...IDLE.reset, trigger: trigger() } }, 'no: a segment drew it (99)'],
    [
      'not idle',
      { ...IDLE, reset: { ...IDLE.reset, idle: 29.9 * SECOND * MS } },
      'no: the connection had been in use 29.9 s before',
    ],
    ['it says so', { ...IDLE, mechanism: 'live-socket certain', reset: { ...odd, stated } }, 'possible network-device'],
    ['an orphan', { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan' } }, 'not asked'],
    ['an orphan that says so', { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan', stated } }, 'likely network-device'],
    [
      'an orphan that says something else',
      { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan', stated: { ...stated, text: 'No route' } } },
      'not asked',
    ],
    [
      'an orphan whose program says so',
      { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan', stated: { ...stated, by: 'text in the RST' } } },
      'not asked',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('device-idle-timeout', given)).toBe(answer);
  });

  test('device-idle-timeout says what it saw', () => {
    expect(tellsOf('device-idle-timeout', IDLE)).toEqual([
      '80 the last packet of the connection had passed',
      '100 after 5 min of silence on both sides an RST came that nothing had drawn {"idle":300000000000,"ttl":63,"window":0}',
      "- 5 min is F5's TCP profile",
      'Which device: packets do not name it. A host with the same idle timer and an unusual stack is excluded by its TTL and IP ID only.',
    ]);
    expect(tellsOf('device-idle-timeout', { ...IDLE, reset: odd, provenance: both })).toEqual([
      '80 the last packet of the connection had passed',
      '100 after 47.3 s of silence on both sides an RST came that nothing had drawn {"idle":47300000000,"ttl":63,"window":0}',
      '101 in the same moment the other end was reset too, in the name of this one',
      'Which device: packets do not name it. A host with the same idle timer and an unusual stack is excluded by its TTL and IP ID only.',
    ]);
    expect(tellsOf('device-idle-timeout', { ...IDLE, reset: odd, context: { sameIdle: () => 3 } })).toEqual([
      '80 the last packet of the connection had passed',
      '100 after 47.3 s of silence on both sides an RST came that nothing had drawn {"idle":47300000000,"ttl":63,"window":0}',
      'Which device: packets do not name it. A host with the same idle timer and an unusual stack is excluded by its TTL and IP ID only.',
    ]);
    expect(tellsOf('device-idle-timeout', { ...IDLE, reset: { ...IDLE.reset, phase: 'orphan', stated } })).toEqual([
      '100 it states a reason itself (F5 BIG-IP): "Flow expired (idle timeout)"',
      'That is what the device claims; the connection before it is not in this capture.',
    ]);
  });
});
