import { timerNamed } from '../context/timers.js';
import { cited, fact, span, spoke, the } from '../reset/evidence.js';
import { isUsed } from '../reset/facts/mechanism.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { mayBeHttp } from '../reset/vocabulary/protocols.js';

/** A NAT, load balancer or stateful firewall forgot the idle connection and answered for the host. */
export const natStateExpired = defineCause({
  id: 'nat-state-expired',
  title: 'A device on the path had forgotten the idle connection',
  counted: '{idle connection|idle connections} had been forgotten by a device on the path',
  explanation: `NATs, load balancers and stateful firewalls keep a table of connections and drop entries that were idle too
long, mostly in silence. The next packet then meets a device that knows nothing of the connection and answers it with RST
in the name of the other host, which still believes that the connection lives. The first query after a pause fails.`,
  fix: 'Send TCP keep-alives more often than half of the idle limit (60 to 120 s suits most devices), let pools drop connections sooner, or raise the limit on the device.',
  confirm: `on {sender.address}: ss -tn still shows the connection as established; on the device: its idle timeout for TCP`,
  references: [
    'RFC 5382 §5',
    'RFC 9293 §3.10.7.1',
    'linux: nf_conntrack_tcp_timeout_established',
    'AWS NLB: idle timeout 350 s',
  ],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply', 'mirror'],
  needs: ['drawn'],
  signature: (reset, _context, limits) => {
    const { rst, sender, trigger, drawn, mechanism, provenance, tail } = reset;
    if (sender.fin !== null) return { no: `the ${sender.role} had closed (${cited(sender.fin)})` };
    if (!isUsed(sender) || reset.phase === 'handshake') return { no: 'the connection had not been in use' };
    if (provenance.senderWentOn && mechanism.kind === 'third-party' && provenance.ttl?.rst === provenance.ttl?.usual)
      return { no: 'the host itself went on' };
    // Silence before the segment that drew it: since whatever came before that on the connection.
    const silent = drawn.time - (sender.lastSegment?.time ?? drawn.time);
    const before = trigger && tail[trigger.index - 1];
    const again = trigger === null || trigger.note === 'retransmission' || trigger.note === 'keep-alive';
    const idle = again ? silent : Math.min(silent, drawn.time - (before?.time ?? 0));
    if (idle < limits.messageGap) return { no: `the connection had been in use ${span(idle)} before` };
    const foreign = mechanism.kind === 'third-party';
    const ttl = provenance.ttl;
    const timer = timerNamed(idle, limits, mayBeHttp(reset));
    if (trigger?.unseen && idle < limits.deviceIdle) return { no: `the connection was ${span(idle)} old` };
    if (!foreign && idle < limits.deviceIdle)
      return { no: `the answer has the host's own TTL, and ${span(idle)} of silence is too short for a device` };
    return {
      confidence: foreign ? 'likely' : 'possible',
      responsible: 'network-device',
      lost: trigger && trigger.length > 1 ? 'data lost' : undefined,
      evidence: [
        fact(sender.lastSegment, `${the(sender)} was last heard of`),
        fact(drawn, `after ${span(idle)} of silence ${spoke(reset)}`, { idle: Math.round(idle) }),
        fact(
          rst,
          `the answer was an RST ${foreign && ttl ? `with TTL ${ttl.rst}, while all packets of ${sender.address} had ${ttl.usual}: another machine made it` : 'as from a host without that connection'}`,
          { ttl: rst.ttl, window: rst.window },
        ),
        ...(provenance.senderWentOn
          ? [fact(provenance.senderWentOn, `${sender.address} itself still spoke for the connection later`)]
          : []),
        ...(timer !== null ? [fact(null, `${span(idle)} is ${timer}`)] : []),
      ],
      doubt: [
        foreign
          ? 'Which device: its TTL tells the distance, not the name. A machine that took over the address (failover) answers alike.'
          : 'A host that was restarted in the meantime answers the same; uptime there, or a second capture beyond the device, decides.',
      ],
    };
  },
});
