/**
 * One signature asked about one Reset: the table tests of the causes. A row changes a plain Reset (the server resets an
 * established connection on which one exchange was complete) in the facts that the branch under test looks at.
 */

import { causes } from '../../src/causes/index.js';
import type { Context, ListenerFacts } from '../../src/context/types.js';
import { makeLimits } from '../../src/limits.js';
import { withFrames } from '../../src/reset/evidence.js';
import type {
  Aftermath,
  EndpointFacts,
  Evidence,
  Mechanism,
  Message,
  Provenance,
  Reset,
  SiblingReset,
} from '../../src/reset/types.js';
import { ACK, FIN, RST, SYN } from '../../src/tcp/control.js';
import { MS, makeReset, makeSegment, mark } from './diagnosis.js';

export interface Given {
  readonly sender?: Partial<EndpointFacts>;
  readonly receiver?: Partial<EndpointFacts>;
  readonly rst?: Partial<Reset['rst']>;
  readonly reset?: Partial<Omit<Reset, 'quality'>> & { readonly quality?: Partial<Reset['quality']> };
  readonly provenance?: Partial<Provenance>;
  readonly aftermath?: Partial<Aftermath>;
  /** `live-socket certain`; default `live-socket likely`. */
  readonly mechanism?: `${Mechanism['kind']} ${Mechanism['confidence']}`;
  /** What the mechanism is told by. */
  readonly facts?: readonly Evidence[];
  readonly context?: Partial<Context>;
  /** The last words, a QUIT of six octets unless it says otherwise, and whose. */
  readonly goodbye?: Partial<Omit<NonNullable<Reset['goodbye']>, 'by'>> & { readonly by: 'sender' | 'receiver' };
}

export const LIMITS = makeLimits();

/** Nothing is known from other connections. */
export const ALONE: Context = {
  listener: () => null,
  host: () => null,
  burst: () => null,
  fanOut: () => null,
  sibling: () => null,
  originalSyn: () => null,
  period: () => null,
  sameIdle: () => 1,
  relay: () => null,
  queue: () => null,
  untranslated: () => null,
  leakBefore: () => null,
  sameOffset: () => 0,
  unansweredAround: () => 0,
  start: 0,
  end: 1e12,
  vantage: 'middle',
  lossy: false,
  arrangement: 'as recorded',
  lag: 0,
};

export function listener(facts: Partial<ListenerFacts>): () => ListenerFacts {
  return () => ({
    address: '10.0.2.2',
    port: 5007,
    attempts: 1,
    accepted: 0,
    refused: 0,
    connections: 1,
    served: 0,
    firstAccepted: null,
    lastAccepted: null,
    firstRefused: null,
    lastRefused: null,
    live: 0,
    acceptedBefore: () => null,
    acceptedAfter: () => null,
    refusedAfter: () => null,
    ...facts,
  });
}

/** The RST comes in frame 100, ten seconds after the first packet. */
export const RST_FRAME = 100;
export const RST_TIME = 10_000;

/** So many milliseconds before the RST, in the frame before it or the one given. */
export function ago(milliseconds: number, frame = RST_FRAME - 1) {
  return mark(frame, RST_TIME - milliseconds);
}

/** A message of `length` octets whose first and last packet came so many milliseconds before the RST. */
export function message(
  length: number,
  milliseconds: number,
  more: Partial<Message> & { readonly text?: string; readonly frame?: number } = {},
): Message {
  const { text = '', frame, ...rest } = more;
  const at = ago(milliseconds, frame);
  return { first: at, last: at, length, idleBefore: null, octets: new TextEncoder().encode(text), ...rest };
}

/** A FIN so many milliseconds before the RST. */
export function fin(
  milliseconds: number,
  more: Partial<NonNullable<EndpointFacts['fin']>> & { readonly frame?: number } = {},
): NonNullable<EndpointFacts['fin']> {
  return { ...ago(milliseconds, more.frame ?? 90), idleBefore: null, acked: null, seq: 5000, ...more };
}

/** The segment of the receiver that drew the RST. */
export function trigger(more: Partial<NonNullable<Reset['trigger']>> = {}): NonNullable<Reset['trigger']> {
  const latency = more.latency ?? 1 * MS;
  return { ...makeSegment(RST_FRAME - 1, RST_TIME - latency / MS, 'receiver', ACK), latency, index: 0, ...more };
}

/** Another RST of the connection, bare as a kernel's reply is. */
export function otherReset(frame: number, time: number, more: Partial<SiblingReset> = {}): SiblingReset {
  return {
    ...mark(frame, time),
    fromSender: true,
    seq: 1,
    ack: 0,
    ttl: 64,
    ipId: 0,
    df: true,
    hasAck: false,
    window: 0,
    ...more,
  };
}

/** The client's SYN, in the frame before the RST. */
const SYN_CAME = trigger({ control: SYN, frame: RST_FRAME - 1, seq: 1000 });

/** A connection that was refused: nothing of its server but the RST. */
export const REFUSED: Given = {
  mechanism: 'kernel-reply likely',
  sender: { iss: null, sndNxt: null, segments: 0, syn: null },
  receiver: { segments: 1 },
  rst: { hasAck: true, seq: 0, ack: 1001 },
  reset: { shape: 'reply-to-syn', phase: 'syn-sent', trigger: SYN_CAME },
};

/** The same without the SYN. */
export const UNSEEN: Given = {
  ...REFUSED,
  receiver: { segments: 0 },
  reset: { ...REFUSED.reset, trigger: null, phase: 'orphan' },
};

export function resetOf({
  sender,
  receiver,
  rst,
  reset = {},
  provenance,
  aftermath,
  mechanism = 'live-socket likely',
  facts = [],
  goodbye,
}: Given): Reset {
  const [kind, confidence] = mechanism.split(' ') as [Mechanism['kind'], Mechanism['confidence']];
  const plain = makeReset({ frame: RST_FRAME, time: RST_TIME });
  const hasAck = kind === 'live-socket';
  const made = makeReset({
    frame: RST_FRAME,
    time: RST_TIME,
    ...(sender && { sender }),
    ...(receiver && { receiver }),
    segment: { hasAck, control: hasAck ? RST | ACK : RST, ack: hasAck ? 1001 : 0, ...rst },
    mechanism: { kind, confidence, hops: null, facts },
    reset: {
      shape: hasAck ? 'active' : 'reply',
      drawn: reset.trigger ?? null,
      ...reset,
      quality: { ...plain.quality, ...reset.quality },
      provenance: { ...plain.provenance, ...provenance },
      aftermath: { ...plain.aftermath, ...aftermath },
    },
  });
  return goodbye === undefined
    ? made
    : { ...made, goodbye: { name: 'a QUIT', clear: true, length: 6, ...goodbye, by: made[goodbye.by] } };
}

/** `certain server-app`, with severity and loss where the signature names them; `no: why`; `not asked`. */
export function answerOf(id: string, given: Given): string {
  const cause = causes.find((one) => one.id === id);
  if (cause === undefined) throw new Error(`there is no cause ${id}`);
  const result = cause.signature(resetOf(given) as never, { ...ALONE, ...given.context }, LIMITS);
  if (result === undefined) return 'not asked';
  if ('no' in result) return `no: ${withFrames(result.no, undefined)}`;
  const { confidence, responsible, severity, lost } = result;
  return [confidence, responsible, severity, lost && `(${lost})`].filter(Boolean).join(' ');
}

/** The sentences of a match. */
export function saidOf(id: string, given: Given): readonly string[] {
  return linesOf(id, given, ({ frame, text }) => `${frame ?? '-'} ${text}`);
}

/** The same, each with its values: `100 … {"seq":5001}`. */
export function tellsOf(id: string, given: Given): readonly string[] {
  return linesOf(id, given, ({ frame, text, values }) =>
    [frame ?? '-', text, ...(Object.keys(values).length > 0 ? [JSON.stringify(values)] : [])].join(' '),
  );
}

function linesOf(id: string, given: Given, line: (evidence: Evidence) => string): readonly string[] {
  const result = causes
    .find((one) => one.id === id)
    ?.signature(resetOf(given) as never, { ...ALONE, ...given.context }, LIMITS);
  return result === undefined || 'no' in result
    ? []
    : [...result.evidence.map(line), ...result.doubt].map((text) => withFrames(text, undefined));
}

export { ACK, FIN, MS, mark };
