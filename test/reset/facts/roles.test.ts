/** Which RSTs took no effect, and what each RST of a death is. */
import { describe, expect, test } from 'vitest';
import { isIgnored, roleOf } from '../../../src/reset/facts/roles.js';
import type { Aftermath, Reset, SiblingReset } from '../../../src/reset/types.js';
import { makeReset, mark } from '../../support/diagnosis.js';
import { said, verdictsOf } from '../../support/listing.js';

const ON = { ...mark(12, 1100), length: 10 };
const sibling = (fields: Partial<SiblingReset>): SiblingReset => ({
  ...mark(13, 1200),
  fromSender: true,
  seq: 5001,
  ack: 0,
  ttl: 63,
  ipId: 0,
  df: true,
  hasAck: false,
  window: 0,
  ...fields,
});

function ignored(aftermath: Partial<Aftermath>, rst: Partial<Reset['rst']> = {}, more: Partial<Reset> = {}): boolean {
  const reset = makeReset({ frame: 10, time: 1000, segment: { seq: 5001, hasAck: true, ...rst } });
  return isIgnored({ ...reset, ...more, aftermath: { ...reset.aftermath, ...aftermath } });
}

describe('an RST took no effect', () => {
  test.each([
    ['when both ends went on', ignored({ senderWentOn: ON, receiverWentOn: ON }), true],
    [
      'when its sender accepted after it and the receiver went on',
      ignored({ synAck: mark(11, 1050), receiverWentOn: ON }),
      true,
    ],
    ['not when only its sender went on', ignored({ senderWentOn: ON }), false],
    ['not when only its receiver went on', ignored({ receiverWentOn: ON }), false],
    [
      'when its checksum is wrong and the receiver went on',
      ignored({ receiverWentOn: ON }, { checksumValid: false }),
      true,
    ],
    ['not when its checksum is wrong and nothing followed (offload)', ignored({}, { checksumValid: false }), false],
    ['not when its checksum cannot be judged', ignored({ receiverWentOn: ON }, { checksumValid: null }), false],
    ['when a wrong number drew a challenge', ignored({ challengeAck: mark(11, 1001) }, {}, { shape: 'ahead' }), true],
    [
      '… or a copy of its sender’s segment did',
      ignored({ challengeAck: mark(11, 1001) }, {}, { shape: 'forward' }),
      true,
    ],
    ['not when the exact number did', ignored({ challengeAck: mark(11, 1001) }, {}, { shape: 'active' }), false],
    [
      'not when an exact one answers the challenge',
      ignored({ challengeAck: mark(11, 1001) }, {}, { shape: 'ahead', siblings: [sibling({ seq: 4990 })] }),
      false,
    ],
    [
      '… or later what acknowledges its number: it had overtaken data',
      ignored({ challengeAck: mark(11, 1001) }, {}, { shape: 'ahead', siblings: [sibling({ seq: 5001 })] }),
      false,
    ],
    [
      '… a bare RST that comes again with the same number is a guess',
      ignored(
        { challengeAck: mark(11, 1001) },
        { hasAck: false },
        { shape: 'ahead', siblings: [sibling({ seq: 5001 })] },
      ),
      true,
    ],
    [
      '… before it',
      ignored({ challengeAck: mark(11, 1001) }, {}, { shape: 'ahead', siblings: [sibling({ seq: 4990, frame: 9 })] }),
      true,
    ],
    [
      '… with ACK',
      ignored(
        { challengeAck: mark(11, 1001) },
        {},
        { shape: 'ahead', siblings: [sibling({ seq: 4990, hasAck: true })] },
      ),
      true,
    ],
    [
      '… of the other end',
      ignored(
        { challengeAck: mark(11, 1001) },
        {},
        { shape: 'ahead', siblings: [sibling({ seq: 4990, fromSender: false })] },
      ),
      true,
    ],
    [
      '… though its sender went on',
      ignored(
        { challengeAck: mark(11, 1001), senderWentOn: ON },
        {},
        { shape: 'ahead', siblings: [sibling({ seq: 4990 })] },
      ),
      true,
    ],
    [
      'not when its sender then answers without a socket',
      ignored({ receiverWentOn: ON }, { checksumValid: false }, { siblings: [sibling({})] }),
      false,
    ],
    [
      '… at another number',
      ignored({ receiverWentOn: ON }, { checksumValid: false }, { siblings: [sibling({ seq: 5002 })] }),
      true,
    ],
    [
      '… before the receiver went on',
      ignored({ receiverWentOn: ON }, { checksumValid: false }, { siblings: [sibling({ frame: 11 })] }),
      true,
    ],
    [
      '… with ACK: of a socket',
      ignored({ receiverWentOn: ON }, { checksumValid: false }, { siblings: [sibling({ hasAck: true })] }),
      true,
    ],
    [
      '… of the other end',
      ignored({ receiverWentOn: ON }, { checksumValid: false }, { siblings: [sibling({ fromSender: false })] }),
      true,
    ],
    [
      '… itself bare',
      ignored({ receiverWentOn: ON }, { checksumValid: false, hasAck: false }, { siblings: [sibling({})] }),
      true,
    ],
  ])('%s', (_, is, expected) => {
    expect(is).toBe(expected);
  });
});

test('the first effective one, what follows it, and what took no effect', () => {
  const effective = makeReset({ frame: 10, time: 1 });
  expect(roleOf(effective, false)).toBe('first');
  expect(roleOf(effective, true)).toBe('aftershock');
  expect(roleOf({ ...effective, effective: false }, true)).toBe('ignored');
});

const LIVE = `
  0.000 C > S: [S] seq 0 win 64240 ttl 64
  0.010 S > C: [S.] seq 0 ack 1 win 65160 ttl 60
  0.020 C > S: [.] ack 1 win 502 ttl 64
  0.100 C > S: [P.] seq 1:101 ack 1 win 502 ttl 64
  0.110 S > C: [.] ack 101 win 509 ttl 60`;

test.each([
  ['an RST with a wrong checksum, after which the receiver goes on, is ignored', 'cksum wrong', true],
  ['one with a right checksum is not', 'cksum right', false],
])('%s', async (_, checksum, is) => {
  const [verdict] = await verdictsOf(`${LIVE}
    0.200 S > C: [R.] seq 1 ack 101 win 0 ttl 60 ${checksum}
    0.300 C > S: [P.] seq 101:201 ack 1 win 502 ttl 64
    0.310 C > S: [P.] seq 201:301 ack 1 win 502 ttl 64`);
  expect(said(verdict!).startsWith('rst-ignored ')).toBe(is);
});
