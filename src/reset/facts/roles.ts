import type { Reset, Role } from '../types.js';
import { WRONG_NUMBER } from './shape.js';

/**
 * Did the RST take no effect? The connection went on at both ends afterwards, a wrong checksum let it
 * be dropped, or it was answered with a challenge ACK (RFC 5961 §3.2) while its named sender went on.
 */
export function isIgnored(reset: Pick<Reset, 'aftermath' | 'rst' | 'shape' | 'siblings' | 'phase'>): boolean {
  const { aftermath: a, rst, shape, phase } = reset;
  // Whoever waits for the answer to a SYN obeys an RST only if it acknowledges that SYN (RFC 9293 §3.10.7.3).
  if (!rst.hasAck && phase === 'syn-sent' && (a.synAgain?.by === 'receiver' || isAnother(reset))) return true;
  const wentOn = a.senderWentOn !== null || a.synAck !== null || a.synAgain?.accepted != null;
  // Whoever answers the other end's later packet without a socket has reset its own: that RST was lost on its way.
  if (!wentOn && isRepeatedWithoutSocket(reset)) return false;
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

/** Has one like it come before, to the same effect: none? */
function isAnother({ rst, siblings }: Pick<Reset, 'rst' | 'siblings'>): boolean {
  return siblings.some((s) => s.fromSender && !s.hasAck && s.frame < rst.frame);
}

/** A bare RST of the same sender at the next number, drawn by what the receiver sent later (RFC 9293 §3.10.7.1). */
function isRepeatedWithoutSocket({ aftermath, rst, siblings }: Pick<Reset, 'aftermath' | 'rst' | 'siblings'>): boolean {
  // The challenge of a receiver that the RST's number was ahead of, because it had overtaken data, or whatever it sent later.
  const on = aftermath.receiverWentOn ?? aftermath.challengeAck;
  if (on === null || !rst.hasAck) return false;
  return siblings.some((s) => s.fromSender && s.frame > on.frame && !s.hasAck && s.seq === rst.seq);
}

/** The role of a reset, given the first effective one of the same incarnation before it. */
export function roleOf(reset: Reset, hasFirst: boolean): Role {
  if (!reset.effective) return 'ignored';
  return hasFirst ? 'aftershock' : 'first';
}
