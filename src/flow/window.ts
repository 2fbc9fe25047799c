import type { Segment } from '../packet/segment.js';
import { SYN } from '../tcp/control.js';
import { distance } from '../tcp/sequence.js';
import * as c from './columns.js';
import type { Connection } from './connection.js';
import { history, LETTER } from './history.js';

/**
 * Window of the sender of an acknowledgment: zero windows, and how much it acknowledged while its
 * right edge (SEG.ACK + SEG.WND) stood still. A receiver whose program reads moves the edge on with
 * every acknowledgment; octets that do not come back as window are octets nobody has read. This is
 * a lower bound: growth of the receive buffer (auto-tuning) hides some of them.
 */
export function trackWindow(connection: Connection, s: Segment, newAck: boolean): void {
  const one = connection.one;
  const scale = (s.control & SYN) !== 0 ? 0 : one.windowScale;
  const bits = one.bits;
  if (s.window === 0 && (s.control & SYN) === 0) {
    if ((bits & c.E_ZERO_WINDOW) === 0) {
      one.bits = bits | c.E_ZERO_WINDOW;
      one.mark(c.ZERO_WINDOW_FRAME, c.ZERO_WINDOW_TIME, s.frame, s.time);
      history(connection, LETTER.w);
    }
  } else if ((bits & c.E_ZERO_WINDOW) !== 0) one.bits = bits & ~c.E_ZERO_WINDOW;

  if (scale >= 0) {
    const edge = (s.ack + (s.window << scale)) | 0;
    const previousAck = one.word(c.LAST_EDGE_ACK);
    if ((bits & c.E_WINDOW) === 0) one.bits |= c.E_WINDOW;
    else {
      const acked = distance(s.ack, previousAck);
      const moved = distance(edge, one.word(c.RIGHT_EDGE));
      if (acked > 0 && newAck) {
        // Thresholds of CAUSES §7: under a tenth counts as standing still, over a half as reading.
        if (moved * 10 <= acked) {
          if (one.word(c.FROZEN) === 0) one.mark(c.FROZEN_FRAME, c.FROZEN_TIME, s.frame, s.time);
          one.setWord(c.FROZEN, one.word(c.FROZEN) + acked - (moved > 0 ? moved : 0));
        } else if (moved * 2 >= acked) one.setWord(c.FROZEN, 0);
      } else if (acked === 0 && moved > 0) {
        // A window update: the program read, or the buffer grew.
        const frozen = one.word(c.FROZEN) - moved;
        one.setWord(c.FROZEN, frozen > 0 ? frozen : 0);
      }
    }
    one.setWord(c.RIGHT_EDGE, edge);
    one.setWord(c.LAST_EDGE_ACK, s.ack);
  }
  one.setWord(c.WINDOW, s.window);
}
