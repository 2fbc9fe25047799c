/** Who made the packet: each fact's sign, what each outcome takes, and how they add up. */
import { describe, expect, test } from 'vitest';
import { initialTtl } from '../../../src/context/initial-ttl.js';
import { makeLimits } from '../../../src/limits.js';
import {
  describe as described,
  isInitial,
  isUsed,
  mechanismOf,
  sameDistance,
} from '../../../src/reset/facts/mechanism.js';
import type { Provenance, Reset } from '../../../src/reset/types.js';
import { ACK, RST } from '../../../src/tcp/control.js';
import { makeReset, makeSegment, mark } from '../../support/diagnosis.js';

const LIMITS = makeLimits();
const TRIGGER = { ...makeSegment(9, 990, 'receiver', ACK), latency: 1e6, index: 0 };
/** New data, 100 to 130, and a host that acknowledged it afterwards. */
const CAME = { ...makeSegment(7, 970, 'receiver', ACK, { seq: 100, length: 30, note: 'new' }), latency: 3e7, index: 0 };
const TAKEN = { rcvNxt: 130, lastAckMoved: mark(8, 980) } as const;
const LINUX = { stack: { family: 'linux', name: 'Linux' } as never };
const WINDOW = { shape: 'reply', trigger: TRIGGER, rst: { window: 8192 }, p: { window: 'plausible' } } as const;
const QUIET = makeReset({ frame: 1, time: 0 }).aftermath;
/** As a kernel answers that has no socket, but with ACK. */
const BARE = {
  shape: 'mirror',
  trigger: TRIGGER,
  segments: 5,
  rst: { ipId: 0, df: true },
  sender: LINUX,
  p: { timestamps: 'missing' },
} as const;
/** Came 60 ms before the RST, over a path of 1 ms. */
const LONG_AGO = { ...TRIGGER, time: 940e6, latency: 60e6 };
/** Tells nothing of its own. */
const NEUTRAL: Provenance = {
  ...makeReset({ frame: 1, time: 0 }).provenance,
  ttl: null,
  ipId: null,
  dfDiffers: null,
  macDiffers: null,
  window: 'zero',
};

interface Case {
  readonly shape?: Reset['shape'];
  readonly phase?: Reset['phase'];
  readonly trigger?: Reset['trigger'];
  readonly rttParts?: Reset['rttParts'];
  readonly crossed?: number;
  readonly rst?: Partial<Reset['rst']>;
  readonly role?: 'client' | 'server';
  readonly segments?: number;
  readonly sender?: Partial<Reset['sender']>;
  readonly p?: Partial<Provenance>;
}

function mechanism({
  shape = 'active',
  phase = 'established',
  trigger = null,
  rttParts,
  crossed,
  rst,
  role = 'server',
  segments,
  sender,
  p,
}: Case) {
  const ack = shape !== 'reply';
  return mechanismOf(
    makeReset({
      frame: 10,
      time: 1000,
      sender: { role, ...(segments !== undefined && { segments }), ...sender },
      segment: { hasAck: ack, control: ack ? RST | ACK : RST, ipId: 5, ...rst },
      reset: {
        shape,
        phase,
        trigger,
        provenance: { ...NEUTRAL, ...p },
        ...(rttParts !== undefined && { rttParts }),
        ...(crossed !== undefined && { aftermath: { ...QUIET, crossed } }),
      },
    }),
    LIMITS,
  );
}
const outcome = (one: Case) => {
  const { kind, confidence } = mechanism(one);
  return `${kind} ${confidence}`;
};
/** What is shown of it. */
const texts = (one: Case) => mechanism(one).facts.map(({ text }) => text);

const ttl = (rst: number, usual: number, samples = 5) => ({ ttl: { rst, usual, samples, ofHost: false } });

describe('facts that say someone else made it', () => {
  // Each alone against a base of +2 (wrong DF): 3 and more are a third party, possibly; 5 and more likely.
  const DF = { dfDiffers: true } as const;
  test.each<[string, Case, string]>([
    ['nothing but the DF bit', { p: DF }, 'undecided possible'],
    ['a TTL of another class, far away', { p: ttl(250, 60) }, 'third-party likely'],
    ['a TTL as far off within the class', { p: ttl(64, 60) }, 'third-party possible'],
    ['… with the DF bit', { p: { ...DF, ...ttl(64, 60) } }, 'third-party likely'],
    ['a TTL one off', { p: ttl(61, 60) }, 'third-party possible'],
    ['… with the DF bit', { p: { ...DF, ...ttl(61, 60) } }, 'third-party likely'],
    ['a TTL one off one packet', { p: { ...DF, ...ttl(61, 60, 1) } }, 'third-party possible'],
    ['a TTL far off one packet', { p: ttl(64, 50, 1) }, 'undecided possible'],
    ['a TTL far off one packet, with the DF bit', { p: { ...DF, ...ttl(64, 50, 1) } }, 'third-party possible'],
    ['another MAC address', { p: { macDiffers: true } }, 'third-party possible'],
    ['… with the DF bit', { p: { ...DF, macDiffers: true } }, 'third-party likely'],
    ['the trigger’s IP ID', { p: { ipId: 'mirrors' } }, 'third-party possible'],
    ['… with the DF bit', { p: { ...DF, ipId: 'mirrors' } }, 'third-party likely'],
    ['faster than light', { trigger: TRIGGER, p: { tooFast: true } }, 'third-party possible'],
    ['… with the DF bit', { trigger: TRIGGER, p: { ...DF, tooFast: true } }, 'third-party likely'],
    ['timestamps that run backwards', { p: { timestamps: 'odd' } }, 'third-party possible'],
    ['… with the DF bit', { p: { ...DF, timestamps: 'odd' } }, 'third-party likely'],
    ['an IP ID that breaks the sequence', { p: { ipId: 'breaks' } }, 'undecided possible'],
    ['… with the DF bit', { p: { ...DF, ipId: 'breaks' } }, 'third-party possible'],
    ['… and timestamps missing', { p: { ...DF, ipId: 'breaks', timestamps: 'missing' } }, 'third-party likely'],
    ['the other end in the same moment', { p: { bothEnds: mark(11, 1000) } }, 'third-party possible'],
    ['… with the DF bit', { p: { ...DF, bothEnds: mark(11, 1000) } }, 'third-party likely'],
    ['a copy of the sender’s own segment', { shape: 'forward' }, 'third-party possible'],
    ['… with timestamps missing', { shape: 'forward', p: { timestamps: 'missing' } }, 'third-party likely'],
    [
      'the trigger’s window and numbers',
      { shape: 'mirror', trigger: TRIGGER, rst: { window: 9 }, p: { window: 'mirrors' } },
      'third-party possible',
    ],
    // The numbers of a connection, which neither a Linux socket nor its kernel writes so: 5 with another TTL.
    [
      'RST,ACK without timestamps, of a Linux host',
      { ...BARE, p: { ...BARE.p, ...ttl(60, 64) } },
      'third-party likely',
    ],
    ['… of another', { ...BARE, sender: {}, p: { ...BARE.p, ...ttl(60, 64) } }, 'third-party possible'],
    ['… where none were agreed on', { ...BARE, p: ttl(60, 64) }, 'third-party possible'],
    ['… with a window', { ...BARE, rst: { window: 9 }, p: { ...BARE.p, ...ttl(60, 64) } }, 'third-party possible'],
    ['… of a host not heard of', { ...BARE, segments: 1, p: { ...BARE.p, ...ttl(60, 64) } }, 'third-party possible'],
    ['… with its own TTL', { ...BARE, p: { ...BARE.p, ...ttl(64, 64) } }, 'kernel-reply possible'],
    ['a wrong number', { shape: 'ahead' }, 'undecided possible'],
    ['… with the DF bit', { shape: 'ahead', p: DF }, 'third-party possible'],
    ['a volley of such', { shape: 'behind', p: { alike: [8], volley: [8] } }, 'third-party likely'],
  ])('%s', (_, one, result) => {
    expect(outcome(one)).toBe(result);
  });
});

describe('facts that do not count where they mean nothing', () => {
  test.each<[string, Case]>([
    [
      'an IP ID that breaks the sequence, in a bare RST',
      { shape: 'ahead', rst: { hasAck: false }, p: { ipId: 'breaks' } },
    ],
    ['missing timestamps of a wrong number', { shape: 'ahead', p: { timestamps: 'missing' } }],
    ['a window like the trigger’s in an active one', { p: { dfDiffers: true, window: 'mirrors' } }],
    ['the other end’s RST, where a segment drew this one', { trigger: TRIGGER, p: { bothEnds: mark(11, 1000) } }],
    [
      'the other end’s RST, where this one has a window',
      { rst: { window: 3 }, trigger: TRIGGER, p: { bothEnds: mark(11, 1000) } },
    ],
    ['a volley of RSTs with other TTLs', { shape: 'ahead', p: { volley: [8] } }],
  ])('%s', (_, one) => {
    expect(outcome(one)).toBe('undecided possible');
  });

  test('a scanner’s kernel answers with its own TTL', () => {
    const one: Case = { shape: 'active', phase: 'handshake', role: 'client', p: ttl(250, 60) };
    expect([outcome(one), outcome({ ...one, role: 'server' })]).toEqual(['live-socket possible', 'third-party likely']);
  });
});

describe('the named sender’s own socket', () => {
  test.each<[string, Case, string]>([
    ['kept its timestamps', { p: { timestamps: 'kept' } }, 'live-socket certain'],
    [
      'kept its timestamps, but the MAC address differs',
      { p: { timestamps: 'kept', macDiffers: true } },
      'third-party possible',
    ],
    [
      'kept its timestamps, but the DF bit differs',
      { p: { timestamps: 'kept', dfDiffers: true } },
      'live-socket likely',
    ],
    [
      'went on with its IP ID and has a window',
      { rst: { window: 500 }, p: { ipId: 'continues', window: 'plausible' } },
      'live-socket certain',
    ],
    ['went on with its IP ID, window 0', { p: { ipId: 'continues' } }, 'live-socket likely'],
    ['has a real window', { rst: { window: 500 }, p: { window: 'plausible' } }, 'live-socket likely'],
    [
      'has a real window and no timestamps where there were some',
      { rst: { window: 500 }, p: { window: 'plausible', timestamps: 'missing' } },
      'live-socket possible',
    ],
    ['has the usual TTL', { p: ttl(60, 60) }, 'live-socket likely'],
    ['has the TTL of the one other packet', { p: ttl(60, 60, 1) }, 'live-socket possible'],
    ['tells nothing', {}, 'live-socket possible'],
    ['after its own FIN', { shape: 'active-after-fin', p: { timestamps: 'kept' } }, 'live-socket certain'],
    ['within a window that shrank', { shape: 'active-shrunk', p: { timestamps: 'kept' } }, 'live-socket certain'],
    [
      'of a connection of which nothing was seen, with timestamps and a window',
      { shape: 'orphan', rst: { window: 9, timestamps: { tsVal: 1, tsEcr: 1 } } },
      'live-socket likely',
    ],
  ])('%s', (_, one, result) => {
    expect(outcome(one)).toBe(result);
  });

  test('an active number that a segment drew is not told from an answer', () => {
    expect(outcome({ trigger: TRIGGER })).toBe('undecided possible');
  });
});

describe('the kernel’s answer', () => {
  test.each<[string, Case, string]>([
    ['to a segment', { shape: 'reply', trigger: TRIGGER }, 'kernel-reply likely'],
    ['to a SYN', { shape: 'reply-to-syn', phase: 'syn-sent', trigger: TRIGGER }, 'kernel-reply likely'],
    ['to a SYN that is not there', { shape: 'reply-to-syn', phase: 'syn-sent' }, 'kernel-reply likely'],
    ['to nothing that is there', { shape: 'reply' }, 'kernel-reply possible'],
    [
      'where the IP header is hidden',
      { shape: 'reply', trigger: TRIGGER, p: { hidden: true } },
      'kernel-reply possible',
    ],
    ['with a TTL one off', { shape: 'reply', trigger: TRIGGER, p: ttl(61, 60) }, 'third-party likely'],
    ['with a TTL one off one packet', { shape: 'reply', trigger: TRIGGER, p: ttl(61, 60, 1) }, 'kernel-reply likely'],
    ['with another MAC address', { shape: 'reply', trigger: TRIGGER, p: { macDiffers: true } }, 'third-party likely'],
    ['too fast', { shape: 'reply', trigger: TRIGGER, p: { tooFast: true } }, 'third-party likely'],
    [
      'too fast, with the DF bit of another, its own TTL and the next IP ID',
      { shape: 'reply', trigger: TRIGGER, p: { ...ttl(64, 64), tooFast: true, dfDiffers: true, ipId: 'continues' } },
      'kernel-reply likely',
    ],
    [
      '… without the IP ID',
      { shape: 'reply', trigger: TRIGGER, p: { ...ttl(64, 64), tooFast: true, dfDiffers: true } },
      'third-party likely',
    ],
    [
      'of another machine at the same distance',
      { shape: 'reply', trigger: TRIGGER, segments: 5, p: ttl(124, 60) },
      'kernel-reply likely',
    ],
    [
      '… long after the segment that it would answer',
      { shape: 'reply', trigger: LONG_AGO, segments: 5, p: ttl(124, 60) },
      'third-party likely',
    ],
    [
      '… over a path of which the length is not known',
      { shape: 'reply', trigger: LONG_AGO, rttParts: null, segments: 5, p: ttl(124, 60) },
      'kernel-reply likely',
    ],
    [
      '… with data right behind it, captured out of order',
      { shape: 'reply', trigger: LONG_AGO, crossed: 11, segments: 5, p: ttl(124, 60) },
      'kernel-reply likely',
    ],
    [
      'of a machine one hop farther, by the same initial TTL',
      { shape: 'reply', trigger: TRIGGER, segments: 5, p: ttl(59, 60) },
      'kernel-reply likely',
    ],
    ['… two hops farther', { shape: 'reply', trigger: TRIGGER, segments: 5, p: ttl(58, 60) }, 'third-party likely'],
    [
      'of a machine at another distance',
      { shape: 'reply', trigger: TRIGGER, segments: 5, p: ttl(120, 60) },
      'third-party likely',
    ],
    [
      'of another machine, that was never heard of here',
      { shape: 'reply', trigger: TRIGGER, segments: 1, p: ttl(124, 60) },
      'third-party likely',
    ],
    [
      'of another machine, in the handshake',
      { shape: 'reply', trigger: TRIGGER, phase: 'handshake', segments: 5, p: ttl(124, 60) },
      'third-party likely',
    ],
    ['with a window, of a Linux host', { ...WINDOW, sender: LINUX }, 'third-party likely'],
    ['… of another host', WINDOW, 'kernel-reply likely'],
    ['… with ACK', { ...WINDOW, shape: 'mirror', sender: LINUX }, 'undecided possible'],
    ['… that is the trigger’s', { ...WINDOW, sender: LINUX, p: { window: 'mirrors' } }, 'kernel-reply likely'],
    [
      'of another machine at the same distance, to what the host had acknowledged',
      { shape: 'reply', trigger: CAME, segments: 5, sender: TAKEN, p: ttl(124, 60) },
      'third-party likely',
    ],
    [
      '… before that came',
      {
        shape: 'reply',
        trigger: CAME,
        segments: 5,
        sender: { ...TAKEN, lastAckMoved: mark(6, 960) },
        p: ttl(124, 60),
      },
      'kernel-reply likely',
    ],
    [
      '… but for an octet',
      { shape: 'reply', trigger: CAME, segments: 5, sender: { ...TAKEN, rcvNxt: 129 }, p: ttl(124, 60) },
      'kernel-reply likely',
    ],
    [
      '… which was sent again',
      {
        shape: 'reply',
        trigger: { ...CAME, note: 'retransmission' },
        segments: 5,
        sender: TAKEN,
        p: ttl(124, 60),
      },
      'kernel-reply likely',
    ],
    [
      'to what the host had acknowledged, with nothing else',
      { shape: 'reply', trigger: CAME, sender: TAKEN },
      'kernel-reply likely',
    ],
    [
      'of an orphan, as Linux makes it',
      { shape: 'orphan', rst: { hasAck: false, ipId: 0, df: true } },
      'kernel-reply possible',
    ],
    ['as a mirror, as Linux makes it', { shape: 'mirror', rst: { ipId: 0, df: true } }, 'kernel-reply possible'],
    ['as number 0, as Linux makes it', { shape: 'zero', rst: { ipId: 0, df: true } }, 'kernel-reply possible'],
    ['as a mirror, otherwise', { shape: 'mirror', rst: { ipId: 0, df: false } }, 'undecided possible'],
    ['of an orphan, otherwise', { shape: 'orphan', rst: { hasAck: false, ipId: 7 } }, 'undecided possible'],
    [
      'of a client that turned something away in its handshake',
      { shape: 'reply', role: 'client', phase: 'handshake', trigger: TRIGGER, p: { macDiffers: true } },
      'kernel-reply likely',
    ],
    ['… whose cause is not there', { shape: 'reply', role: 'client', phase: 'syn-sent' }, 'kernel-reply possible'],
  ])('%s', (_, one, result) => {
    expect(outcome(one)).toBe(result);
  });
});

describe('that its named sender lived on settles it', () => {
  const ON = { senderWentOn: { ...mark(11, 1100), length: 20 } } as const;
  test.each<[string, Case, string]>([
    ['it sent more', { p: ON }, 'third-party certain'],
    [
      'whatever else speaks for it',
      { rst: { window: 9 }, p: { ...ON, timestamps: 'kept', ipId: 'continues', window: 'plausible', ...ttl(60, 60) } },
      'third-party certain',
    ],
    [
      'it accepted the SYN',
      { shape: 'reply-to-syn', phase: 'syn-sent', p: { synAckAfter: mark(11, 1100) } },
      'third-party certain',
    ],
    [
      'not a bare reply with all marks of the host',
      { shape: 'reply', trigger: TRIGGER, p: { ...ON, ...ttl(60, 60) } },
      'undecided possible',
    ],
    [
      '… nor one whose marks are hidden',
      { shape: 'reply', trigger: TRIGGER, p: { ...ON, hidden: true } },
      'undecided possible',
    ],
    [
      '… but one with another MAC address',
      { shape: 'reply', trigger: TRIGGER, p: { ...ON, ...ttl(60, 60), macDiffers: true } },
      'third-party certain',
    ],
    [
      '… with another DF bit',
      { shape: 'reply', trigger: TRIGGER, p: { ...ON, ...ttl(60, 60), dfDiffers: true } },
      'third-party certain',
    ],
    [
      '… with an IP ID out of line',
      { shape: 'reply', trigger: TRIGGER, p: { ...ON, ...ttl(60, 60), ipId: 'breaks' } },
      'third-party certain',
    ],
    [
      '… with the trigger’s IP ID',
      { shape: 'reply', trigger: TRIGGER, p: { ...ON, ...ttl(60, 60), ipId: 'mirrors' } },
      'third-party certain',
    ],
    [
      '… on too few packets',
      { shape: 'reply', trigger: TRIGGER, p: { ...ON, ...ttl(60, 60, 1) } },
      'third-party certain',
    ],
    ['… with another TTL', { shape: 'reply', trigger: TRIGGER, p: { ...ON, ...ttl(61, 60) } }, 'third-party certain'],
    [
      'a client that waits in its handshake lives on',
      { shape: 'reply', role: 'client', phase: 'handshake', trigger: TRIGGER, p: { ...ON, ...ttl(61, 60) } },
      'kernel-reply likely',
    ],
  ])('%s', (_, one, result) => {
    expect(outcome(one)).toBe(result);
  });

  test('what is said of it', () => {
    expect(texts({ p: ON })).toEqual(['its named sender sent 20 more bytes: its TCP had reset nothing']);
    expect(texts({ p: { senderWentOn: { ...mark(11, 1100), length: 0 } } })).toEqual([
      'its named sender went on with the connection',
    ]);
    expect(mechanism({ p: ON }).facts[0]!.frame).toBe(11);
  });
});

describe('the facts', () => {
  test('of the outcome’s side are shown, strongest first', () => {
    expect(
      texts({ p: { ...ttl(250, 60), macDiffers: true, dfDiffers: true, ipId: 'breaks', timestamps: 'missing' } }),
    ).toEqual([
      'TTL 250, but 60 in 5 other packets of that host',
      "it came from another MAC address than that sender's other packets",
      "its IP ID 0x0005 breaks the sender's sequence",
      'its DF bit is set, unlike all other packets of that sender',
      'TCP timestamps were negotiated and are missing',
    ]);
    expect(
      texts({
        rst: { window: 500, df: true },
        p: { ...ttl(60, 60), timestamps: 'kept', ipId: 'continues', window: 'plausible' },
      }),
    ).toEqual([
      'TCP timestamps were kept and in line',
      'its IP ID went on from the last packet (0x0005)',
      'TTL 60, as in its other packets',
      'its window is a real one (500)',
    ]);
  });

  test('of a reply are why it is one', () => {
    expect(texts({ shape: 'reply', trigger: TRIGGER, rst: { ipId: 0 } })).toEqual([
      'it answers a segment that had just come',
      'IP ID 0, DF set, window 0, no options: as a kernel answers without a socket',
    ]);
    expect(texts({ shape: 'reply', trigger: { ...TRIGGER, unseen: true } })).toEqual([
      'its number is that of an answer, though what it answers was not captured before it',
    ]);
    expect(texts({ shape: 'reply', trigger: TRIGGER, segments: 5, p: ttl(124, 60) })[0]).toBe(
      'TTL 124, but 60 in 5 other packets of that host: another machine at the same distance',
    );
    expect(texts({ shape: 'reply', trigger: TRIGGER, segments: 5, p: ttl(59, 60) })[0]).toBe(
      'TTL 59, but 60 in 5 other packets of that host: another machine one hop farther',
    );
  });

  test('of an undecided one are both sides’, at most four', () => {
    expect(texts({ shape: 'ahead', rst: { ipId: 0, df: true }, p: { dfDiffers: null } })).toEqual([
      'IP ID 0, DF set, window 0, no options: as a kernel answers without a socket',
      'its sequence number is not one the sender would use',
    ]);
    expect(texts({ shape: 'ahead', p: ttl(61, 60, 1) })[1] ?? texts({ shape: 'ahead', p: ttl(61, 60, 1) })[0]).toBe(
      'TTL 61, but 60 in the one other packet of that host',
    );
  });
});

describe('hops', () => {
  test.each<[string, Case, number | null]>([
    ['of a device, from its TTL', { p: ttl(250, 60) }, 5],
    ['of one next door', { p: ttl(64, 60) }, 0],
    [
      'of a forger, who chose the TTL, are not told',
      { p: { ...ttl(250, 60), senderWentOn: { ...mark(11, 1100), length: 1 } } },
      null,
    ],
    ['without a TTL', { p: { macDiffers: true, dfDiffers: true } }, null],
    ['with the usual TTL', { p: { ...ttl(60, 60), macDiffers: true, dfDiffers: true, ipId: 'mirrors' } }, null],
  ])('%s', (_, one, hops) => {
    expect(mechanism(one)).toMatchObject({ kind: 'third-party', hops });
  });
});

test.each([
  [1, 64, false],
  [64, 64, true],
  [65, 128, false],
  [128, 128, true],
  [129, 255, false],
  [255, 255, true],
])('TTL %i began as %i', (seen, initial, is) => {
  expect([initialTtl(seen), isInitial(seen)]).toEqual([initial, is]);
});

test.each([
  [124, 60, true],
  [123, 60, true],
  [122, 60, false],
  [250, 60, true],
  [61, 60, false],
])('TTL %i and %i are as far away: %s', (a, b, result) => {
  expect([sameDistance(a, b), sameDistance(b, a)]).toEqual([result, result]);
});

test('an end that said more than its SYN is in use, also where only its numbers tell', () => {
  expect([
    isUsed({ segments: 1, bytes: 0 }),
    isUsed({ segments: 2, bytes: 0 }),
    isUsed({ segments: 1, bytes: 1 }),
  ]).toEqual([false, true, true]);
});

test('an RST in a line', () => {
  const { rst } = makeReset({ frame: 1, time: 0, segment: { seq: 5, ack: 7, window: 9 } });
  expect(described(rst)).toBe('RST seq 5 win 9');
  expect(described({ ...rst, hasAck: true, control: RST | ACK })).toBe('RST ACK seq 5 ack 7 win 9');
});
