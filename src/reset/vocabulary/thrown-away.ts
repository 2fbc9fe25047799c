import type { Limits } from '../../limits.js';
import { distance } from '../../tcp/sequence.js';
import { bytes, fact, the, whose } from '../evidence.js';
import type { Reset, TailSegment } from '../types.js';
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

/** A window that fell once or twice may be that of a reader who came late. */
const FALLS = 3;

/**
 * Where a window fell while data came, time after time, and never rose, and came back with the RST: nobody had read
 * meanwhile, and a kernel that throws the queue away gives its room back before it writes the window (linux: __tcp_close).
 * Where its edge stands still that is proof (`unread`); a buffer that counts more room than octets lets the edge creep on.
 * @returns the first acknowledgment from which on it fell; null where it does not hold
 */
export function fallenWindow({ rst, sender, tail }: Reset, limits: Limits): TailSegment | null {
  if (!rst.hasAck || sender.windowScale === null) return null;
  const said = tail.filter((s) => s.from === 'sender' && s.frame < rst.frame);
  const last = said.at(-1);
  if (last === undefined || rst.window <= last.window) return null;
  let first = said.length - 1;
  let falls = 0;
  while (first > 0 && said[first - 1].window >= said[first].window) {
    first--;
    if (said[first].window > said[first + 1].window) falls++;
  }
  const fell = said[first].window - last.window;
  // One that is read from now and then rises again: it must have gone on for longer than a pause of a program.
  const since = last.time - said[first].time;
  return falls >= FALLS && since >= limits.exchangeIdle && (rst.window - last.window) * 2 >= fell ? said[first] : null;
}

/** The program read nothing of what came for a while, and its window came back with the RST; null for any other story. */
export function threwAwayUnread(reset: Reset, limits: Limits): Match | null {
  const { rst, sender, receiver } = reset;
  const since = fallenWindow(reset, limits);
  if (since === null) return null;
  return {
    confidence: 'likely',
    responsible: programOf(sender),
    evidence: [
      fact(
        since,
        `from here on ${whose(sender)} window fell with what ${the(receiver)} sent: its program read nothing of that`,
      ),
      fact(
        rst,
        `with the RST it grew from ${sender.rawWindow} to ${rst.window} again: as where a kernel throws unread bytes away`,
        { window: rst.window },
      ),
    ],
    doubt: [
      'Inferred: unread. A program that had read all of it in the last moment and aborted on purpose (SO_LINGER 0) gives the same packets.',
    ],
  };
}
