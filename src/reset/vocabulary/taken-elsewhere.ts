import type { Context, ListenerFacts } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import type { Reset } from '../types.js';

/** The same service at the address that the client tries next: `localhost` is ::1 first, then 127.0.0.1. */
const OTHER_LOOPBACK: Readonly<Record<string, string>> = { '::1': '127.0.0.1', '127.0.0.1': '::1' };
/** SMB over TCP and over NetBIOS: Windows tries both at once and needs one ([MS-SMB2] §2.1). */
const SMB: Readonly<Record<number, number>> = { 139: 445, 445: 139 };

/**
 * A refusal that cost its client nothing: what it wanted was accepted in the same moment by the other address of this
 * host, or the other port of this service. Null where a single attempt was left without.
 */
export function takenElsewhere(
  { rst, sender }: Pick<Reset, 'rst' | 'sender'>,
  context: Context,
  limits: Limits,
): ListenerFacts | null {
  const address = OTHER_LOOPBACK[sender.address];
  const port = SMB[sender.port];
  const other =
    address !== undefined
      ? context.listener(address, sender.port)
      : port !== undefined
        ? context.listener(sender.address, port)
        : null;
  if (other === null) return null;
  const near = [other.acceptedBefore(rst.time), other.acceptedAfter(rst.time)];
  const inTime = near.some((time) => time !== null && Math.abs(time - rst.time) <= limits.siblingConnect);
  // One verdict stands for all refusals of a listener: each must have had its other way.
  const refused = context.listener(sender.address, sender.port)?.refused ?? 1;
  return inTime && other.accepted >= refused ? other : null;
}
