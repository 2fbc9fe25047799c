import { ACK, SYN } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import type { Mark } from '../types.js';
import type { With } from './verdict.js';

/** A SYN on a four-tuple that the other end still had in use, and the answer for the old connection. */
export interface PortReuse {
  readonly syn: Mark & { readonly seq: number };
  /** The old connection is in the capture. */
  readonly oldSeen: boolean;
  /** … and had been closed, by FINs or an RST. */
  readonly closed: boolean;
}

/** null where the RST did not turn such an answer away (RFC 5961 §4, RFC 9293 §3.10.7.3). */
export function portReuse(reset: With<'trigger'>): PortReuse | null {
  const { sender, receiver, trigger, pendingSyn, handshake } = reset;
  if (pendingSyn !== null) {
    if (pendingSyn.from !== 'sender' || trigger.frame < pendingSyn.frame) return null;
    return { syn: pendingSyn, oldSeen: true, closed: receiver.fin !== null };
  }
  // The SYN opened an incarnation of its own, and the answer is a bare acknowledgment of something else.
  if (
    sender.role !== 'client' ||
    sender.dataSegments > 0 ||
    handshake === null ||
    handshake.synAck !== null ||
    sender.iss === null
  )
    return null;
  if ((trigger.control & (SYN | ACK)) !== ACK || distance(trigger.ack, sender.iss) === 1) return null;
  // Who still sends data had not been told of any end.
  const oldSeen = reset.incarnation > 1;
  return { syn: { ...handshake.syn, seq: sender.iss }, oldSeen, closed: oldSeen && trigger.length === 0 };
}
