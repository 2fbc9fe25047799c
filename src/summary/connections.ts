import { E_ACKED, E_SPOKE } from '../flow/columns.js';
import type { Connection } from '../flow/connection.js';

/** Connections that a capture shows in part. */
export class ConnectionCounts {
  /** Began before the capture: no SYN. */
  midStream = 0;
  /** One direction only. */
  oneSided = 0;

  gone({ one, other, client }: Connection): void {
    const either = (one.bits | other.bits) & E_SPOKE;
    if (either === 0) return;
    if (client < 0) this.midStream++;
    // A SYN without an answer is no one-sided capture; data or an ACK without the other side is.
    if ((one.bits & other.bits & E_SPOKE) === 0 && ((one.bits | other.bits) & E_ACKED) !== 0) this.oneSided++;
  }
}
