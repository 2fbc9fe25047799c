import { timerNamed } from '../context/timers.js';
import { cited, fact, span } from '../reset/evidence.js';
import { sameDistance } from '../reset/facts/mechanism.js';
import { byDevice } from '../reset/facts/stated.js';
import type { Confidence, Evidence, Mark, Reset, StatedReason } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { mayBeHttp } from '../reset/vocabulary/protocols.js';
import { isServer, serverOf } from '../reset/vocabulary/side.js';
import type { Match } from '../reset/vocabulary/verdict.js';

/** A device reset both ends when its idle timer fired; nothing was sent that drew it. */
export const deviceIdleTimeout = defineCause({
  id: 'device-idle-timeout',
  title: 'A device on the path cut the idle connection when its timer ran out',
  counted: '{idle connection was|idle connections were} cut by the timer of a device on the path',
  explanation: `Some load balancers and firewalls do not only forget an idle connection, they reset both of its ends in the
name of the other (Azure load balancer with TCP reset, FortiGate timeout-send-rst, F5). Nobody had sent anything: the
reset comes out of silence, after the same idle time on every connection, and neither host made it. Connection pools log
errors though no request was lost.`,
  fix: 'Send TCP keep-alives more often than half of the idle limit, let pools drop connections sooner, or raise the limit on the device.',
  confirm: 'on the device: its idle timeout; a capture at the other end shows the mirror image of this RST',
  references: ['RFC 5382 §5', 'Azure: load-balancer-tcp-reset', 'Fortinet FD35049'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['active', 'reply', 'mirror', 'stale-isn', 'forward', 'behind', 'ahead', 'orphan'],
  needs: [],
  signature: (reset, context, limits) => {
    const { sender, trigger, mechanism, provenance, idle } = reset;
    const stated = reset.stated !== null && /idle|timeout|expired/i.test(reset.stated.text);
    if (reset.phase === 'orphan')
      return stated && byDevice(reset.stated) ? saysSoItself(reset, reset.stated) : undefined;
    if (mechanism.kind === 'live-socket' && mechanism.confidence !== 'possible' && !stated)
      return { no: "it has the marks of the sender's own socket" };
    if (trigger !== null && trigger.latency < limits.triggerWindow)
      return { no: `a segment drew it (${cited(trigger)})` };
    if (idle < limits.deviceIdle) return { no: `the connection had been in use ${span(idle)} before` };
    const timer = timerNamed(idle, limits, mayBeHttp(reset));
    const foreign = mechanism.kind === 'third-party';
    const both = provenance.bothEnds !== null;
    if (!foreign && !both && !stated)
      return timer === null ? { no: 'nothing shows that another machine made it' } : onlyATimer(reset, timer);
    const same = context.sameIdle(serverOf(reset), isServer(sender) ? 'server' : 'client', reset.idleData ?? idle);
    // A box at the host's own place that speaks out of silence is its balancer: a forger's place is on the way.
    const alone = !both && timer === null && !stated && same < limits.clusterFlows;
    if (alone && !isBalancer(reset)) return onlyForeign(reset);
    return outOfSilence(reset, timer, alone);
  },
});

/** The device names its reason, and nothing else of the connection was captured. */
function saysSoItself({ rst }: Reset, stated: StatedReason): Match {
  return {
    confidence: 'likely',
    responsible: 'network-device',
    evidence: [statement(rst, stated)],
    doubt: ['That is what the device claims; the connection before it is not in this capture.'],
  };
}

/** After the time of a known timer, but nothing shows who made it. */
function onlyATimer({ rst, idle }: Reset, timer: string): Match {
  return {
    confidence: 'possible',
    responsible: 'network-device',
    evidence: [fact(rst, `after ${span(idle)} of silence an RST came`)],
    doubt: [`${span(idle)} is ${timer}; the host itself may have that timer.`],
  };
}

/** Another machine made it, but nothing shows that a timer ran out. */
function onlyForeign({ rst, idle }: Reset): Match {
  return {
    confidence: 'possible',
    responsible: 'network-device',
    evidence: [fact(rst, `after ${span(idle)} of silence an RST came that the named sender did not make`)],
    doubt: [
      `${span(idle)} is no known timer and nothing else ended after the same time: any other third party looks the same.`,
    ],
  };
}

/** Is it a box as far away as the server, of another make, that reset a connection on which nothing was outstanding? */
function isBalancer({ sender, receiver, provenance, unanswered, mechanism }: Reset): boolean {
  if (mechanism.kind !== 'third-party' || !isServer(sender) || provenance.ttl === null) return false;
  const { rst, usual, samples } = provenance.ttl;
  const atRest = unanswered === null && sender.bytesUnacked === 0 && receiver.bytesUnacked === 0;
  return atRest && samples > 1 && sameDistance(rst, usual);
}

/** Nothing had drawn it, and more than one sign points to a device. */
function outOfSilence(reset: Reset, timer: string | null, balancer: boolean): Match {
  const { rst, sender, idle, provenance, mechanism, stated, quality } = reset;
  const both = provenance.bothEnds;
  const foreign = mechanism.kind === 'third-party';
  let confidence: Confidence = foreign || timer !== null ? 'likely' : 'possible';
  if (foreign && (both !== null || timer !== null) && mechanism.confidence === 'certain') confidence = 'certain';
  const silence = quality.flagsOnly ? 'without a packet that was captured' : 'of silence on both sides';
  return {
    confidence,
    responsible: 'network-device',
    evidence: [
      fact(sender.lastSegment, 'the last packet of the connection had passed'),
      fact(rst, `after ${span(idle)} ${silence} an RST came that nothing had drawn`, {
        idle: Math.round(idle),
        ttl: rst.ttl,
        window: rst.window,
      }),
      ...(both ? [fact(both, 'in the same moment the other end was reset too, in the name of this one')] : []),
      ...(foreign ? mechanism.facts.slice(0, TOLD) : []),
      ...(stated ? [statement(rst, stated)] : []),
      ...(timer !== null ? [fact(null, `${span(idle)} is ${timer}`)] : []),
      ...(balancer ? [fact(rst, 'it was made about as many hops away as the server is: by a box in front of it')] : []),
    ],
    doubt:
      mechanism.confidence === 'certain'
        ? []
        : [
            'Which device: packets do not name it. A host with the same idle timer and an unusual stack is excluded by its TTL and IP ID only.',
          ],
  };
}

/** How many facts of the mechanism are told. */
const TOLD = 2;

function statement(rst: Mark, { by, text }: StatedReason): Evidence {
  return fact(rst, `it states a reason itself (${by}): "${text}"`);
}
