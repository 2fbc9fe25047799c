import type { BurstFacts } from '../../context/types.js';
import type { Limits } from '../../limits.js';

/** Were the connections that ended together open together? Those whose SYN-ACK was not captured are not among the live ones. */
export function wereOpenTogether({ live, ended }: BurstFacts, limits: Limits): boolean {
  return live >= limits.burstShare * ended;
}
