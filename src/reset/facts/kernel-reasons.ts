import { FIN, SYN } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import type { EndpointFacts, Mechanism, Reset } from '../types.js';

/**
 * Names of enum sk_rst_reason (Linux 6.10 and later, include/net/rstreason.h) that the sender's
 * kernel prints for this reset, as far as its seen state predicts them: at most two, none where the
 * sender's kernel did not send it or is another than Linux, or more would be possible.
 */
export function kernelReasonsOf(reset: Reset, mechanism: Mechanism): readonly string[] {
  const { shape, phase, sender, receiver, rst, trigger } = reset;
  if (mechanism.kind === 'third-party') return [];
  if (!mayBeLinux(sender)) return [];
  if (phase === 'orphan') return [];
  if (rst.mptcp !== 0) return ['TCP_ABORT_ON_CLOSE'];
  if (shape === 'active' || shape === 'active-shrunk') {
    const probes = sender.keepAliveProbes;
    if (probes !== null && probes.count >= 2 && probes.last.time > (receiver.lastSegment?.time ?? 0))
      return ['TCP_KEEPALIVE_TIMEOUT'];
    // Nothing was received that could be unread: the FIN's octet does not count.
    if (receiver.bytes === 0 && !reset.quality.midStream) return ['TCP_STATE'];
    return ['TCP_ABORT_ON_CLOSE', 'TCP_STATE'];
  }
  if (shape !== 'reply' && shape !== 'reply-to-syn') return [];
  // Its first reset was the socket's last word: what draws another finds none, or a listener on the port.
  if (reset.siblings.some((s) => s.fromSender && s.frame < rst.frame))
    return sender.role === 'client' ? ['NO_SOCKET'] : ['NO_SOCKET', 'TCP_FLAGS'];
  if (phase === 'syn-sent') return ['NO_SOCKET'];
  const waiting = sender.role === 'client' && sender.dataSegments === 0 && sender.iss !== null && trigger !== null;
  if (waiting && distance(trigger.ack, sender.iss ?? 0) !== 1) return ['TCP_INVALID_ACK_SEQUENCE'];
  if (trigger !== null && (trigger.control & SYN) !== 0) return ['NO_SOCKET'];
  if (reset.pendingSyn !== null && reset.pendingSyn.from === 'sender') return ['TCP_INVALID_ACK_SEQUENCE'];
  // A full queue (INVALID_SYN), another listener (TCP_FLAGS) or none (NO_SOCKET): too many to name.
  if (sender.segments <= sender.retransmissions + 1 && sender.role === 'server') return [];
  if (sender.fin !== null) {
    // The mini-socket of FIN-WAIT-2 answers once the FIN is acknowledged, the full socket before.
    const acked = sender.fin.acked !== null && trigger !== null && sender.fin.acked.frame < trigger.frame;
    if (sender.fin.acked !== null && trigger !== null && trigger.frame === sender.fin.acked.frame)
      return ['TCP_ABORT_ON_DATA'];
    if (receiver.fin !== null && (trigger === null || receiver.fin.frame < trigger.frame))
      return ['NO_SOCKET', 'TCP_FLAGS'];
    if (trigger !== null && trigger.length === 0 && (trigger.control & FIN) === 0) return ['NO_SOCKET', 'TCP_FLAGS'];
    return acked ? ['TCP_TIMEWAIT_SOCKET'] : ['TCP_ABORT_ON_DATA'];
  }
  if (receiver.zeroWindow !== null && sender.bytes > 0) return ['TCP_ABORT_ON_DATA'];
  if (sender.role === 'client') return ['NO_SOCKET'];
  return ['NO_SOCKET', 'TCP_FLAGS'];
}

/** Other kernels have no such names. A stack that is not known may be Linux, and so may the host of a tool that writes SYNs. */
export function mayBeLinux({ stack }: Pick<EndpointFacts, 'stack'>): boolean {
  return stack === null || ['linux', 'raw-socket tool', 'unknown'].includes(stack.family);
}
