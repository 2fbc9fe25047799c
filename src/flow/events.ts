import type { Segment } from '../packet/segment.js';
import type { Connection } from './connection.js';

/**
 * The border between hot and cold: what the tracker tells of a connection. The cursor stands on the
 * row, `one` being the endpoint the event is about; it is valid only during the call. These come a
 * few times per connection, never per segment (but for connections that saw an RST).
 */
export interface FlowObserver {
  /** First segment of a connection or of its next incarnation; `client` is -1 where it began before the capture. */
  opened(connection: Connection, segment: Segment): void;
  /** The first SYN-ACK; `one` is the server. */
  answered(connection: Connection, segment: Segment): void;
  /** The client acknowledged the SYN-ACK; `one` is the client. */
  established(connection: Connection, segment: Segment): void;
  /** A SYN was sent once more without an answer. */
  retried(connection: Connection, segment: Segment): void;
  /** First payload of the server (or responder). */
  served(connection: Connection, segment: Segment): void;
  /** `one` sent the first FIN. */
  finished(connection: Connection, segment: Segment): void;
  /** Both FINs are acknowledged: nothing else belongs to this connection. */
  closed(connection: Connection, segment: Segment): void;
  /** An RST of `one`, before it touches the row. */
  reset(connection: Connection, segment: Segment): void;
  /** Another segment on a connection that saw an RST, before it touches the row. */
  afterReset(connection: Connection, segment: Segment, newData: boolean, newAck: boolean): void;
  /** A copy of an RST. */
  resetCopied(connection: Connection, segment: Segment): void;
  /** The row is about to be given up: closed and settled, evicted, replaced by its next incarnation, or the end of the capture. */
  gone(connection: Connection, why: 'closed' | 'evicted' | 'replaced' | 'end'): void;
}
