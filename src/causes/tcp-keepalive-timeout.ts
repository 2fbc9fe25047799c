import { cited, fact, lastHeard, plural, span, the, whose } from '../reset/evidence.js';
import type { Mark, ResetSegment, TailSegment } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** Keep-alive probes went unanswered (RFC 9293 §3.8.4). */
export const tcpKeepaliveTimeout = defineCause({
  id: 'tcp-keepalive-timeout',
  title: "The {sender}'s keep-alive probes went unanswered, so its kernel gave up",
  counted: '{idle connection|idle connections} had no answer to the keep-alive probes of {sender}',
  explanation: `The connection was idle. The kernel asked with keep-alive probes whether the other side was still there; none
was answered, and after the last one it gave the connection up and sent an RST, which most likely was lost like the
probes. Its program sees "connection timed out". The other host is down, or a device on the path drops the connection's
packets in silence.`,
  fix: 'Find out where the packets are lost: host down, or a firewall, NAT or load balancer that dropped the idle connection. Then send keep-alives more often than half of its idle limit.',
  confirm:
    'on {sender.address}: nstat -az TcpExtTCPAbortOnTimeout; on {receiver.address}: does ss -tn still show the connection?',
  references: ['RFC 9293 §3.8.4', 'RFC 1122 §4.2.3.6', 'linux: SK_RST_REASON_TCP_KEEPALIVE_TIMEOUT'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-shrunk'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    const probes = sender.keepAliveProbes;
    if (probes === null || probes.count < limits.keepAliveProbes) return { no: 'no keep-alive probes went unanswered' };
    if (receiver.lastSegment !== null && receiver.lastSegment.time > probes.first.time)
      return { no: `${the(receiver)} answered (${cited(receiver.lastSegment)})` };
    // An answer would have been echoed: the timestamps of later probes tell of it though its direction was not captured.
    if (reset.quality.oneSided && !sameEcho(reset.tail, rst, probes.first))
      return { no: 'whether they were answered is not in this capture: it shows one direction only' };
    const last = rst.time - probes.last.time;
    const even = probes.interval === 0 || Math.abs(last - probes.interval) <= 0.5 * probes.interval + limits.timerSlack;
    if (!even) return { no: `it came ${span(last)} after the last probe, which is not their interval` };
    return {
      confidence: 'certain',
      responsible: 'unknown',
      evidence: [
        ...lastHeard(receiver),
        fact(
          probes.first,
          `${span(probes.first.time - (receiver.lastSegment?.time ?? probes.first.time))} later ${whose(sender)} kernel began to ask whether it was still there`,
        ),
        fact(
          probes.last,
          `${plural(probes.count, 'keep-alive probe')}, ${span(probes.interval)} apart, got no answer`,
          { probes: probes.count, interval: Math.round(probes.interval) },
        ),
        fact(rst, 'then the kernel gave up: RST'),
      ],
      doubt: [],
    };
  },
});

/** Did all that the sender sent from the first probe to the RST echo one and the same timestamp (RFC 7323 §4.3)? */
function sameEcho(tail: readonly TailSegment[], rst: ResetSegment, first: Mark): boolean {
  const echo = rst.timestamps?.tsEcr;
  return echo !== undefined && tail.every((s) => s.frame < first.frame || s.from === 'receiver' || s.tsEcr === echo);
}
