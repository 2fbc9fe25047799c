import { C_ANSWERED, E_ACKED, E_FIN, E_SPOKE } from '../flow/columns.js';
import type { Connection } from '../flow/connection.js';

/** Connections that a capture shows in part. */
export class ConnectionCounts {
  /** Began before the capture: no SYN. */
  midStream = 0;
  /** One direction only. */
  oneSided = 0;
  /** Accepted and closed by a FIN: there was an acknowledgment in between. */
  finished = 0;

  gone({ bits, one, other, client }: Connection): void {
    const either = one.bits | other.bits;
    if ((either & E_SPOKE) === 0) return;
    if (client < 0) this.midStream++;
    if ((bits & C_ANSWERED) !== 0 && (either & E_FIN) !== 0) this.finished++;
    // A SYN without an answer is no one-sided capture; data or an ACK without the other side is.
    if ((one.bits & other.bits & E_SPOKE) === 0 && (either & E_ACKED) !== 0) this.oneSided++;
  }
}
