import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import type { Reset } from '../types.js';

/**
 * Did one living program drop this one connection, so that what it was waiting for is why? Windows resets what a process
 * that ends leaves open; elsewhere only those with unread data are reset, and several at once have a reason in common.
 */
export function droppedByChoice(
  { rst, sender, receiver, mechanism }: Reset,
  context: Context,
  limits: Limits,
): boolean {
  if (mechanism.kind !== 'live-socket' || mechanism.confidence === 'possible') return false;
  if (sender.stack?.abortWindow === 'zero' || sender.fin !== null || receiver.fin !== null) return false;
  return (context.burst(sender, receiver, rst.time)?.ended ?? 1) < limits.burstFlows;
}
