import type { Limits } from '../../limits.js';
import { ACK, FIN } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import type { Reset } from '../types.js';
import { mayBeTls } from './content.js';
import type { Trigger } from './shape.js';

/**
 * The segment that must have drawn a bare RST: it acknowledged the RST's number (RFC 9293 §3.10.7.1). Its
 * length is what came beyond the sender's FIN, as far as the other end's own FIN tells.
 */
export function unseenTrigger({
  rst,
  receiver,
  tail,
  aftermath,
}: Pick<Reset, 'rst' | 'receiver' | 'tail' | 'aftermath'>): Trigger {
  const fin = tail.find((s) => s.from === 'sender' && (s.control & FIN) !== 0);
  const seq = fin?.ack ?? receiver.sndNxt ?? 0;
  const beyond = fin === undefined || receiver.fin === null ? 0 : Math.max(0, distance(receiver.fin.seq, fin.ack));
  return {
    frame: aftermath.crossed ?? rst.frame,
    time: rst.time,
    from: 'receiver',
    seq,
    ack: rst.seq,
    control: ACK,
    length: beyond,
    window: 0,
    ttl: null,
    ipId: null,
    tsVal: null,
    tsEcr: null,
    note: 'none',
    head: new Uint8Array(0),
    fastclose: false,
    latency: 0,
    index: tail.length,
    unseen: true,
  };
}

/**
 * Was a bare RST drawn by the data captured right behind it, out of order? Nothing but a segment draws one from a
 * socket that had closed; and after a long silence two packets in one moment belong together.
 */
export function drawnByWhatFollows(
  { sender, aftermath, idle }: Pick<Reset, 'sender' | 'aftermath' | 'idle'>,
  shape: Reset['shape'],
  limits: Limits,
): boolean {
  return shape === 'reply' && aftermath.crossed !== null && (sender.fin !== null || idle >= limits.messageGap);
}

/** Where the data is that drew it: not captured, or behind the RST. */
export function whereUnseen({ rst, trigger }: Pick<Reset, 'rst' | 'trigger'>): string {
  return trigger?.frame === rst.frame ? 'that is not in this capture' : 'that was captured behind the RST';
}

/**
 * Was it data that drew this RST, though no such segment was captured? At the FIN's own number it answers what had
 * not acknowledged the FIN, and of that only new data is reset. Behind it, and before the kernel forgets the
 * connection, it answers data or a FIN; a few octets before a FIN may be a TLS goodbye.
 */
export function drawnByUnseenData(
  { rst, sender, receiver, trigger, tail }: Pick<Reset, 'rst' | 'sender' | 'receiver' | 'trigger' | 'tail'>,
  limits: Limits,
): boolean {
  if (!trigger?.unseen || sender.fin === null) return false;
  if (trigger.frame !== rst.frame) return true;
  // TLS answers a FIN with a goodbye of its own, which is no data.
  if (mayBeTls({ sender, receiver, tail }) && trigger.length <= limits.closeNotify) return false;
  if (rst.seq === sender.fin.seq) return true;
  if (receiver.fin !== null) return trigger.length > limits.closeNotify;
  return rst.time - sender.fin.time < limits.finWait2;
}
