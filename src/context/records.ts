import type { EndpointMap } from './endpoint-map.js';
import { AcceptQueue } from './queues.js';
import type { Timeline } from './timeline.js';

/** One listening endpoint while the capture is read. */
export class Listener {
  attempts = 0;
  accepted = 0;
  refused = 0;
  connections = 0;
  served = 0;
  firstAccepted: number | null = null;
  lastAccepted: number | null = null;
  firstRefused: number | null = null;
  lastRefused: number | null = null;
  acceptedTimes: Timeline | null = null;
  refusedTimes: Timeline | null = null;
  readonly queue = new AcceptQueue();
  retries: Timeline | null = null;
  /** Numbers among the enders by client host; a host is told by its address. */
  clients: EndpointMap<number> | null = null;

  constructor(
    /** Its number among the enders. */
    readonly endings: number,
  ) {}
}

/** One source of connections that carried nothing. */
export class Source {
  readonly targets = new Set<string>();
  readonly ports = new Set<number>();
  readonly hosts = new Set<string>();
  refused = 0;
  halfOpen = 0;
  withData = 0;
  windowStart = -1;
  windowLast = -1;
  windowTargets = 0;
  densest = 0;
  densestSpan = 0;
}
