import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import { fact, plural, span } from '../evidence.js';
import { announcesClose, mayBeClientHello } from '../facts/content.js';
import { isUnseen } from '../facts/one-sided.js';
import type { Evidence, Reset } from '../types.js';
import { isServer } from './side.js';
import { mayBeTurnedAway } from './turned-away.js';

/**
 * A server that said in its answer that it closes and then did so with RST: it meant a close, and a close is a FIN unless
 * bytes were unread (RFC 9293 §3.6.1). Null where it announced none, or did not act on it.
 */
export function closedAsAnnounced({ rst, sender }: Reset, limits: Limits): readonly Evidence[] | null {
  const answer = sender.lastMessage;
  if (!isServer(sender) || answer === null || !announcesClose(answer)) return null;
  const after = rst.time - answer.last.time;
  if (after > limits.exchangeIdle) return null;
  return [
    fact(answer.last, 'its answer says that the connection ends with it ("Connection: close")'),
    fact(rst, `${span(after)} later it closed. With bytes unread a kernel then sends RST instead of FIN`, {
      window: rst.window,
    }),
  ];
}

/** Another story of which the decisive part is not in the capture. */
export function lookAlikeUnseen(reset: Reset, context: Context, limits: Limits): string | null {
  if (mayBeTurnedAway(reset, context, limits))
    return 'The handshake is not in this capture: a server that turns connections away at once gives the same packets.';
  if (!isUnseen(reset)) return null;
  if (reset.rst.window === 0 && reset.rst.timestamps === null)
    return 'With window 0 and no options it may as well mirror a segment that is not in this capture.';
  if (mayBeClientHello(reset, limits))
    return 'What the client sent is not in this capture: a TLS greeting that was turned away looks the same.';
  const burst = context.burst(reset.sender, reset.sender, reset.rst.time);
  return burst !== null && burst.byFin > 0 && burst.ended >= Math.max(limits.burstFlows, limits.burstShare * burst.live)
    ? `${plural(burst.ended, 'connection')} ended within ${span(burst.span)}: a process that ended looks the same, if the other sides had not closed first.`
    : null;
}
