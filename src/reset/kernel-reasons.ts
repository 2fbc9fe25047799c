import { after } from '../tcp/sequence.js';
import { FIN, SYN } from '../tcp/control.js';
import type { Mechanism, Reset } from './types.js';

/**
 * Names of enum sk_rst_reason (Linux 6.10 and later, include/net/rstreason.h) that the sender's
 * kernel prints for this reset, as far as its seen state predicts them: at most two, none where the
 * sender's kernel did not send it or more would be possible.
 */
export function kernelReasonsOf(reset: Reset, mechanism: Mechanism): readonly string[] {
  const { shape, phase, sender, receiver, rst, trigger } = reset;
  if (mechanism.kind === 'third-party') return [];
  if (phase === 'orphan') return [];
  if (rst.mptcp !== 0) return ['TCP_ABORT_ON_CLOSE'];
  if (shape === 'active' || shape === 'active-shrunk') {
    const probes = sender.keepAliveProbes;
    if (probes !== null && probes.count >= 2 && probes.last.time > (receiver.lastSegment?.time ?? 0)) return ['TCP_KEEPALIVE_TIMEOUT'];
    // Nothing was received that could be unread: the FIN's octet does not count.
    if (receiver.bytes === 0 && !reset.quality.midStream) return ['TCP_STATE'];
    return ['TCP_ABORT_ON_CLOSE', 'TCP_STATE'];
  }
  if (shape !== 'reply' && shape !== 'reply-to-syn') return [];
  if (phase === 'syn-sent') return ['NO_SOCKET'];
  if (trigger !== null && (trigger.control & SYN) !== 0) return ['NO_SOCKET', 'TCP_INVALID_ACK_SEQUENCE'];
  if (reset.pendingSyn !== null && reset.pendingSyn.from === 'sender') return ['TCP_INVALID_ACK_SEQUENCE'];
  if (sender.segments <= 1 && sender.role === 'server') return ['INVALID_SYN', 'TCP_FLAGS'];
  if (sender.fin !== null) {
    // The mini-socket of FIN-WAIT-2 answers once the FIN is acknowledged, the full socket before.
    const acked = trigger !== null && after(trigger.ack, sender.fin.seq);
    if (receiver.fin !== null && (trigger === null || (trigger.control & FIN) === 0 || trigger.frame !== receiver.fin.frame)) return ['NO_SOCKET', 'TCP_FLAGS'];
    if (trigger !== null && trigger.length === 0 && (trigger.control & FIN) === 0) return ['NO_SOCKET', 'TCP_FLAGS'];
    return acked ? ['TCP_TIMEWAIT_SOCKET'] : ['TCP_ABORT_ON_DATA'];
  }
  if (sender.bytesUnacked > 0 && receiver.zeroWindow !== null) return ['TCP_ABORT_ON_DATA'];
  if (sender.role === 'client') return ['NO_SOCKET'];
  return ['NO_SOCKET', 'TCP_FLAGS'];
}
