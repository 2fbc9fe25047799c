import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import { mayBeClientHello } from '../facts/content.js';
import type { Confidence, Mark, Reset } from '../types.js';
import { isServer } from './side.js';
import { statedLimit } from './stated-limit.js';

/** A server that accepted a connection and closed it at once: without a byte of answer, or with a word about a limit. */
export interface TurnedAway {
  readonly closed: Mark;
  /** From the end of the handshake to the close, ns. */
  readonly since: number;
  /** Other connections of the listener that were served. */
  readonly served: number;
  readonly confidence: Confidence;
  /** The line in which it said that a limit is reached, null where it said nothing. */
  readonly limit: string | null;
}

export function turnedAway(reset: Reset, context: Context, limits: Limits): TurnedAway | null {
  const { rst, sender, receiver, accepted, shape } = reset;
  if (sender.role !== 'server' || accepted === null) return null;
  const limit = statedLimit(sender.lastMessage);
  const said = sender.bytes > 0 && (limit === null || sender.messages > 1);
  if (said || (shape === 'reply' && sender.fin === null)) return null;
  const closed = sender.fin ?? rst;
  // Who hung up first was not turned away.
  if (receiver.fin !== null && receiver.fin.frame < closed.frame) return null;
  const since = closed.time - accepted.time;
  const sinceRequest = receiver.firstData === null ? since : closed.time - receiver.firstData.time;
  if (Math.min(since, sinceRequest < 0 ? since : sinceRequest) > limits.quickClose) return null;
  // Only one message: a server that took a whole conversation did not turn it away.
  if (receiver.messages > 1) return null;
  const served = context.listener(sender.address, sender.port)?.served ?? 0;
  return {
    closed,
    since,
    served,
    limit,
    confidence:
      limit !== null
        ? 'likely'
        : served === 0 || since > limits.quickClose || mayBeClientHello(reset, limits)
          ? 'possible'
          : since <= limits.exchangeIdle
            ? 'certain'
            : 'likely',
  };
}

/**
 * Where the capture lacks the handshake, nobody can say whether the server had said anything before: one that serves
 * others and closed within a moment of the first data, without a word, may have turned this connection away.
 */
export function mayBeTurnedAway(reset: Reset, context: Context, limits: Limits): boolean {
  const { rst, sender, receiver, quality } = reset;
  if (!quality.midStream || !isServer(sender)) return false;
  if (sender.bytes > 0 || receiver.messages > 1) return false;
  const closed = sender.fin ?? rst;
  return (
    closed.time - (receiver.firstData ?? reset.start).time <= limits.quickClose &&
    (context.listener(sender.address, sender.port)?.served ?? 0) > 0
  );
}
