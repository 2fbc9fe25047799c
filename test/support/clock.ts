import type { Clock } from '../../src/follow.js';

/** A clock that stands still until it is moved on. */
export class FakeClock implements Clock {
  private time = 0;
  private readonly timers = new Set<{ readonly due: number; readonly wake: () => void }>();

  now(): number {
    return this.time;
  }

  epoch(): number {
    return this.time;
  }

  after(milliseconds: number, wake: () => void): () => void {
    const timer = { due: this.time + milliseconds, wake };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Moves on in small steps; whoever is woken does all it can before the next. */
  async advance(milliseconds: number): Promise<void> {
    for (const end = this.time + milliseconds; this.time < end; ) {
      this.time = Math.min(end, this.time + 50);
      for (const timer of [...this.timers]) {
        if (timer.due > this.time || !this.timers.delete(timer)) continue;
        timer.wake();
      }
      await idle();
    }
  }
}

/** Everything that waits for nothing but its turn has been done. */
export async function idle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
