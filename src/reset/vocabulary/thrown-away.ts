import { distance } from '../../tcp/sequence.js';
import { bytes, fact, the } from '../evidence.js';
import type { Reset } from '../types.js';
import { windowCameBack } from './dialogue.js';
import { programOf } from './side.js';
import type { Match } from './verdict.js';

/**
 * The other side had sent all it had and closed; this one's program did not want the rest: its window grew with the RST,
 * as where a kernel throws unread bytes away before it writes the window (linux: __tcp_close). null for any other story.
 */
export function threwAway(reset: Reset): Match | null {
  const { rst, sender, receiver } = reset;
  if (!windowCameBack(reset)) return null;
  if (receiver.fin === null || !rst.hasAck || distance(rst.ack, receiver.fin.seq) <= 0) return null;
  return {
    confidence: 'likely',
    responsible: programOf(sender),
    severity: 'note',
    evidence: [
      fact(receiver.lastData, `${the(receiver)} sent ${bytes(receiver.lastMessage?.length ?? 0)}`),
      fact(receiver.fin, 'and closed its side (FIN): that was all'),
      fact(
        rst,
        `${the(sender)} answered with RST instead of a FIN, and its window grew from ${sender.rawWindow} to ${rst.window}: as where a kernel throws unread bytes away`,
        { window: rst.window },
      ),
    ],
    doubt: [
      'Inferred: unread. A program that had just read them and aborted on purpose (SO_LINGER 0) gives the same packets.',
    ],
  };
}
