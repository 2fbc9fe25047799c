import type { Reset, Role } from '../types.js';
import { WRONG_NUMBER } from './shape.js';

/**
 * Did the RST take no effect? The connection went on at both ends afterwards, a wrong checksum let it
 * be dropped, or it was answered with a challenge ACK (RFC 5961 §3.2) while its named sender went on.
 */
export function isIgnored(reset: Pick<Reset, 'aftermath' | 'rst' | 'shape' | 'siblings'>): boolean {
  const { aftermath: a, rst, shape } = reset;
  const wentOn = a.senderWentOn !== null || a.synAck !== null;
  // A wrong checksum alone is no proof: checksum offload leaves it unset in what the capturing host sends.
  if (rst.checksumValid === false && a.receiverWentOn !== null) return true;
  if (wentOn && a.receiverWentOn !== null) return true;
  // Both RSTs of a pair may be answered; a host that was really gone answers the challenge with an exact one.
  const exactFollows = reset.siblings.some(
    (s) => s.fromSender && s.frame > rst.frame && !s.hasAck && s.seq !== rst.seq,
  );
  if (a.challengeAck !== null && (WRONG_NUMBER.includes(shape) || shape === 'forward')) return wentOn || !exactFollows;
  return false;
}

/** The role of a reset, given the first effective one of the same incarnation before it. */
export function roleOf(reset: Reset, hasFirst: boolean): Role {
  if (!reset.effective) return 'ignored';
  return hasFirst ? 'aftershock' : 'first';
}
