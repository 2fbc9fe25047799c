import { AcceptQueue } from './queues.js';
import { Timeline } from './timeline.js';
import type { ListenerFacts } from './types.js';

/** One listening endpoint while the capture is read. */
export class Listener {
  attempts = 0;
  accepted = 0;
  refused = 0;
  /** When it refused for the first time; a list of moments is made for the second: a scan has one of most listeners. */
  private refusedFirst = Number.NaN;
  connections = 0;
  served = 0;
  /** Client hosts that are told apart. */
  clients = 0;
  acceptedTimes: Timeline | null = null;
  private refusedTimes: Timeline | null = null;
  retries: Timeline | null = null;
  /** Made when it is asked for: a scan makes hundreds of thousands of listeners that accept nothing. */
  private accepting: AcceptQueue | null = null;

  constructor(
    readonly number: number,
    /** Its number among the parties. */
    readonly party: number,
  ) {}

  get queue(): AcceptQueue {
    return (this.accepting ??= new AcceptQueue());
  }

  /** It refused a connection at `time`. */
  refuse(time: number): void {
    if (this.refused++ === 0) {
      this.refusedFirst = time;
      return;
    }
    if (this.refusedTimes === null) {
      this.refusedTimes = new Timeline();
      this.refusedTimes.add(this.refusedFirst);
    }
    this.refusedTimes.add(time);
  }

  facts(address: string, port: number, live: number): ListenerFacts {
    const { attempts, accepted, refused, connections, served, acceptedTimes, refusedTimes, refusedFirst } = this;
    const onlyRefusal = refused === 1 ? refusedFirst : null;
    return {
      address,
      port,
      attempts,
      accepted,
      refused,
      connections,
      served,
      live,
      firstAccepted: acceptedTimes?.first ?? null,
      lastAccepted: acceptedTimes?.last ?? null,
      firstRefused: refusedTimes?.first ?? onlyRefusal,
      lastRefused: refusedTimes?.last ?? onlyRefusal,
      acceptedBefore: (time) => acceptedTimes?.before(time) ?? null,
      acceptedAfter: (time) => acceptedTimes?.after(time) ?? null,
      refusedAfter: (time) =>
        refusedTimes === null
          ? onlyRefusal !== null && onlyRefusal > time
            ? onlyRefusal
            : null
          : refusedTimes.after(time),
    };
  }
}
