import { AcceptQueue } from './queues.js';
import type { Timeline } from './timeline.js';
import type { ListenerFacts } from './types.js';

/** One listening endpoint while the capture is read. */
export class Listener {
  attempts = 0;
  accepted = 0;
  refused = 0;
  connections = 0;
  served = 0;
  /** Client hosts that are told apart. */
  clients = 0;
  acceptedTimes: Timeline | null = null;
  refusedTimes: Timeline | null = null;
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

  facts(address: string, port: number, live: number): ListenerFacts {
    const { attempts, accepted, refused, connections, served, acceptedTimes, refusedTimes } = this;
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
      firstRefused: refusedTimes?.first ?? null,
      lastRefused: refusedTimes?.last ?? null,
      acceptedBefore: (time) => acceptedTimes?.before(time) ?? null,
      acceptedAfter: (time) => acceptedTimes?.after(time) ?? null,
      refusedAfter: (time) => refusedTimes?.after(time) ?? null,
    };
  }
}
