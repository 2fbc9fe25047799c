import type { Context } from '../../context/types.js';
import * as c from '../../flow/columns.js';
import type { Limits } from '../../limits.js';
import { FIN, SYN } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import type { HeldView } from '../held/held-view.js';
import { R } from '../held/layout.js';
import type { Aftermath, EndpointFacts, Provenance, Reset, ResetSegment, SiblingReset, TailSegment } from '../types.js';
import { countingOf, stepOf } from './ip-id.js';
import { lastOf, reachesBack, roundTripToSender, type Trigger } from './shape.js';

/** What an RST shares with its sender's other packets: TTL and IP ID. */
export type Marks = Pick<Provenance, 'ttl' | 'ipId' | 'ipIdStep'>;

export function marksOf(
  view: HeldView,
  reset: Pick<Reset, 'rst' | 'sender' | 'tail'>,
  trigger: Trigger | null,
  context: Context,
  limits: Limits,
): Marks {
  const { rst, tail } = reset;
  const { ipId, ipIdStep } = ipIdOf(view, reset, trigger ?? lastReceived(tail, rst, limits), limits);
  return { ttl: ttlOf(view, reset, context, limits), ipId, ipIdStep };
}

/**
 * Was the RST captured on the near leg of a translated connection (context/legs.ts)? All else that its sender says by that name
 * was captured on the far one, from another MAC address and with another TTL.
 */
export function isOfNearLeg(view: HeldView, { frame }: Pick<ResetSegment, 'frame'>, context: Context): boolean {
  return view.client >= 0 && context.untranslated(frame) !== null;
}

/** Facts that tell who made the packet (docs/causes.md, "Who made the packet"). Weighed in mechanism.ts. */
export function provenanceOf(
  view: HeldView,
  marks: Marks,
  reset: Pick<Reset, 'rst' | 'sender' | 'receiver' | 'rttParts' | 'rtt' | 'phase' | 'tail'>,
  trigger: Trigger | null,
  after: Aftermath,
  siblings: readonly SiblingReset[],
  context: Context,
  limits: Limits,
): Provenance {
  const { rst, sender, receiver } = reset;
  const latency = trigger?.latency ?? null;
  const toSender = roundTripToSender(reset);
  const same = siblings.filter((s) => s.fromSender);
  return {
    // Spelled out, as in assemble.ts: what is spread first makes each property behind it a slow one (a tenth of all the time
    // that verdicts took, measured).
    ttl: marks.ttl,
    ipId: marks.ipId,
    ipIdStep: marks.ipIdStep,
    dfDiffers: dfDiffers(view, rst),
    timestamps: timestampsOf(view, rst, sender, receiver),
    window:
      rst.window === 0
        ? 'zero'
        : trigger !== null && rst.window === trigger.window && rst.window !== sender.rawWindow
          ? 'mirrors'
          : 'plausible',
    macDiffers: macDiffers(view) && !isOfNearLeg(view, rst, context),
    latency,
    tooFast:
      trigger !== null &&
      mustPrecede(trigger, reset) &&
      toSender >= limits.fastReplyMinimumRtt &&
      reachesBack(reset.tail, rst, toSender) &&
      trigger.latency < toSender * limits.fastReply,
    senderWentOn: after.senderWentOn,
    synAckAfter: after.synAck,
    bothEnds:
      siblings.find(
        (s) => !s.fromSender && Math.abs(s.time - rst.time) <= Math.max(reset.rtt ?? 0, limits.lifeAfterReset),
      ) ?? null,
    volley: same
      .filter((s) => s.seq !== rst.seq && Math.abs(s.time - rst.time) <= 2 * limits.triggerWindow)
      .map((s) => s.frame),
    alike: same
      .filter((s) => rst.ttl !== null && s.ttl === rst.ttl && s.ipId === (rst.ipId ?? -1) && s.df === rst.df)
      .map((s) => s.frame),
    twin: same.find((s) => isTwin(s, rst, limits))?.frame ?? null,
    // Where both ends are one host, nobody stands between.
    hidden:
      rst.ttl === null &&
      sender.address !== receiver.address &&
      (sender.segments > 0 || (context.host(sender.address)?.lastSpoke ?? null) !== null),
  };
}

/**
 * Sandvine's traffic shaper, as Comcast ran it against BitTorrent in 2007 and 2008: two RSTs in the name of one end, alike
 * but for the IP ID and this step, which no TCP takes (Weaver, Sommer, Paxson: NDSS 2009; 25 pairs in a public capture).
 */
const TWIN_STEP = 12_503;

function isTwin(s: SiblingReset, rst: ResetSegment, limits: Limits): boolean {
  return (
    Math.abs(distance(s.seq, rst.seq)) === TWIN_STEP &&
    Math.abs(s.time - rst.time) <= limits.triggerWindow &&
    s.hasAck === rst.hasAck &&
    s.window === rst.window &&
    s.ttl === rst.ttl
  );
}

/**
 * Can the RST not have been sent before the trigger arrived? A socket that aborts on its own account may happen to do so
 * while an acknowledgment is on its way: its RST, right behind its last data, comes too soon after the acknowledgment of these.
 */
function mustPrecede(trigger: Trigger, { rst, sender }: Pick<Reset, 'rst' | 'sender'>): boolean {
  if (!rst.hasAck) return true;
  const takesNumbers = trigger.length > 0 || (trigger.control & (SYN | FIN)) !== 0;
  // No program has the connection before its handshake is complete.
  return takesNumbers || (sender.segments <= 1 && sender.bytes === 0);
}

/** The TTL that this sender's other packets have where this RST was captured. */
function ttlOf(
  view: HeldView,
  { rst, sender, tail }: Pick<Reset, 'rst' | 'sender' | 'tail'>,
  context: Context,
  limits: Limits,
): Provenance['ttl'] {
  if (rst.ttl === null || isOfNearLeg(view, rst, context)) return null;
  const side = view.senderSide;
  const path = view.word(R.PATH);
  const samples = view.ew(side, c.TTL_COUNT);
  // Only there packets have crossed as many routers.
  const elsewhere = path !== view.ew(side, c.PATH) && path === view.ew(side, c.PATH2);
  const own = elsewhere
    ? { usual: view.ew(side, c.TTL2), samples: view.ew(side, c.TTL2_COUNT) }
    : { usual: view.ew(side, c.TTL), samples: samples > 0 ? samples - view.ew(side, c.TTL_OTHER) : 0 };
  const enough = elsewhere ? 1 : limits.ttlSamples;
  if (own.samples >= enough && own.usual >= 0) return { rst: rst.ttl, ...own, ofHost: false };
  // Too few packets on this connection: what the same host sends elsewhere in the capture.
  const host = context.host(sender.address);
  // Where balanced paths give its packets several: the one that most of the newest have.
  const recent = mostOf(tail);
  if (recent.samples > Math.max(own.samples, host?.ttlSamples ?? 0)) return { rst: rst.ttl, ...recent, ofHost: false };
  if (host !== null && host.ttl !== null && host.ttlSamples > own.samples)
    return { rst: rst.ttl, usual: host.ttl, samples: host.ttlSamples, ofHost: true };
  return own.samples > 0 && own.usual >= 0 ? { rst: rst.ttl, ...own, ofHost: false } : null;
}

/** The TTL that most of the sender's packets in the tail have. */
function mostOf(tail: readonly TailSegment[]): { readonly usual: number; readonly samples: number } {
  const count = new Map<number, number>();
  let most = { usual: -1, samples: 0 };
  for (const { from, ttl } of tail) {
    if (from !== 'sender' || ttl === null) continue;
    const samples = (count.get(ttl) ?? 0) + 1;
    count.set(ttl, samples);
    if (samples > most.samples) most = { usual: ttl, samples };
  }
  return most;
}

/** The receiver's segment right before the RST: what a box that reflects packets would have reflected. */
function lastReceived(tail: readonly TailSegment[], rst: ResetSegment, limits: Limits): TailSegment | null {
  const last = lastOf(tail, 'receiver');
  return last !== undefined && rst.time - last.time <= limits.triggerWindow ? last : null;
}

function ipIdOf(
  view: HeldView,
  { rst, sender, tail }: Pick<Reset, 'rst' | 'sender' | 'tail'>,
  trigger: Pick<TailSegment, 'ipId'> | null,
  limits: Limits,
): Pick<Provenance, 'ipId' | 'ipIdStep'> {
  if (rst.ipId === null) return { ipId: null, ipIdStep: null };
  const side = view.senderSide;
  // Where its own packets have that number as well, nobody copied it.
  const own = (view.bits(side) & c.E_IPID) !== 0 && view.ew(side, c.IPID_LAST) === rst.ipId;
  if (trigger !== null && rst.ipId !== 0 && rst.ipId === trigger.ipId && !own)
    return { ipId: 'mirrors', ipIdStep: null };
  if ((view.bits(side) & c.E_IPID) === 0) return { ipId: rst.ipId === 0 ? 'zero' : null, ipIdStep: null };
  const last = view.ew(side, c.IPID_LAST);
  const counting = countingOf(tail, limits.ipIdStep);
  const step = stepOf(last, rst.ipId, counting === 'swapped');
  if (rst.ipId === 0 && last !== 0xffff) return { ipId: 'zero', ipIdStep: null };
  if (step > 0 && step <= limits.ipIdStep) return { ipId: 'continues', ipIdStep: step };
  // One counter for all that the host sends may have gone on by any number.
  const shared = sender.stack?.ipId === 'host' && step > 0 && step < 0x8000;
  // What does not count cannot break off.
  return { ipId: shared || counting === 'none' ? null : 'breaks', ipIdStep: step };
}

function dfDiffers(view: HeldView, rst: ResetSegment): boolean | null {
  if (rst.ipId === null) return null;
  const bits = view.bits(view.senderSide);
  const [df, none] = [(bits & c.E_DF) !== 0, (bits & c.E_NO_DF) !== 0];
  if (df === none) return null;
  return rst.df !== df;
}

function timestampsOf(
  view: HeldView,
  rst: ResetSegment,
  sender: EndpointFacts,
  receiver: EndpointFacts,
): Provenance['timestamps'] {
  const negotiated = (view.bits(view.senderSide) & c.E_TIMESTAMPS) !== 0 || (sender.timestamps && receiver.timestamps);
  if (!negotiated || view.word(R.OPTIONS_CUT) !== 0) return null;
  if (rst.timestamps === null) return 'missing';
  // Linux leaves TSval 0 in some states; that it echoes the newest of the other end tells that it knew the connection.
  if (rst.timestamps.tsVal === 0 && rst.timestamps.tsEcr === view.ew(view.senderSide ^ 1, c.TS_VAL) >>> 0) return null;
  const step = distance(rst.timestamps.tsVal, view.ew(view.senderSide, c.TS_VAL));
  return step >= 0 ? 'kept' : 'odd';
}

/** Compared only where no direction says that the packet was seen at another interface. */
function macDiffers(view: HeldView): boolean | null {
  const mac = view.ew(view.senderSide, c.MAC);
  if (mac === 0 || view.word(R.MAC) === 0 || view.word(R.DIRECTION) !== 0) return null;
  const path = view.word(R.PATH);
  if (path === view.ew(view.senderSide, c.PATH) || path === view.ew(view.senderSide, c.PATH2)) return false;
  return mac !== view.word(R.MAC);
}
