import type { QueueFacts } from './types.js';

/** Resets followed per listener. */
const FOLLOWED = 64;

interface Watch {
  readonly ack: number;
  readonly facts: { waiting: number; overtaken: number };
}

/**
 * A listener's accept queue as it can be seen: handshakes complete and not served yet. It is first
 * in, first out, and full for everybody: one that comes later and is served was not turned away by
 * a full queue.
 */
export class AcceptQueue {
  waiting = 0;
  private readonly watches: Watch[] = [];

  established(): void {
    this.waiting++;
  }

  /** A connection whose handshake was complete at `established` is served (or ended) now. */
  served(established: number, window: number): void {
    if (this.waiting > 0) this.waiting--;
    if (this.watches.length === 0) return;
    const overtaken = this.watches.some((w) => established > w.ack && established - w.ack <= window);
    if (!overtaken) return;
    // What was no full queue for one was none for those that came in the same moment.
    for (const watch of this.watches) if (Math.abs(established - watch.ack) <= window) watch.facts.overtaken++;
  }

  gone(): void {
    if (this.waiting > 0) this.waiting--;
  }

  /** A handshake complete at `ack` was reset by the server's kernel: its facts grow with what follows. */
  watch(ack: number): QueueFacts {
    const facts = { waiting: Math.max(0, this.waiting - 1), overtaken: 0 };
    if (this.watches.length >= FOLLOWED) this.watches.shift();
    this.watches.push({ ack, facts });
    return facts;
  }
}
