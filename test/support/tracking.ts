/** What the tracker says of a capture, without anything that is concluded from it. */
import { openReader } from '../../src/capture/open.js';
import { CaptureRecord } from '../../src/capture/types.js';
import type { Connection } from '../../src/flow/connection.js';
import type { FlowObserver } from '../../src/flow/events.js';
import { Tracker, type TrackerOptions } from '../../src/flow/track.js';
import { makeLimits } from '../../src/limits.js';
import { Decoder } from '../../src/packet/decode.js';
import { DECODED_ICMP, DECODED_TCP, Segment } from '../../src/packet/segment.js';
import { type ListingOptions, octetsOf } from './listing.js';

export interface Tracked {
  readonly tracker: Tracker;
  /** One line per event: `name port[ frame][ …]`, the port being that of the endpoint the event is about. */
  readonly events: readonly string[];
}

class Recorder implements FlowObserver {
  readonly events: string[] = [];
  private note(name: string, connection: Connection, segment: Segment, ...more: readonly string[]): void {
    this.events.push([name, connection.port(connection.one.side), segment.frame, ...more].join(' '));
  }
  opened(connection: Connection, s: Segment): void {
    this.note('opened', connection, s, `#${connection.incarnation}`, `client ${clientOf(connection)}`);
  }
  answered(connection: Connection, s: Segment): void {
    this.note('answered', connection, s);
  }
  established(connection: Connection, s: Segment): void {
    this.note('established', connection, s);
  }
  retried(connection: Connection, s: Segment): void {
    this.note('retried', connection, s);
  }
  served(connection: Connection, s: Segment): void {
    this.note('served', connection, s);
  }
  finished(connection: Connection, s: Segment): void {
    this.note('finished', connection, s);
  }
  closed(connection: Connection, s: Segment): void {
    this.note('closed', connection, s);
  }
  reset(connection: Connection, s: Segment): void {
    this.note('reset', connection, s);
  }
  afterReset(connection: Connection, s: Segment, newData: boolean, newAck: boolean): void {
    this.note('afterReset', connection, s, ...(newData ? ['data'] : []), ...(newAck ? ['ack'] : []));
  }
  resetCopied(connection: Connection, s: Segment): void {
    this.note('resetCopied', connection, s);
  }
  gone(connection: Connection, why: string): void {
    const ports = [connection.port(0), connection.port(1)].join('-');
    this.events.push(`gone ${ports} #${connection.incarnation} ${why}`);
  }
}

function clientOf(connection: Connection): string {
  return connection.client < 0 ? 'unknown' : String(connection.port(connection.client));
}

/** Tracks a listing to its end. */
export function track(listing: string, options: ListingOptions & TrackerOptions = {}): Tracked {
  return trackOctets(octetsOf(listing, options), options);
}

/** Tracks a capture file; `sweep` says whether closed rows are given up after every segment, as between chunks. */
export function trackOctets(octets: Uint8Array, options: TrackerOptions & { readonly sweep?: boolean } = {}): Tracked {
  const recorder = new Recorder();
  const tracker = new Tracker(recorder, makeLimits(), options);
  const reader = openReader();
  const decoder = new Decoder();
  const record = new CaptureRecord();
  const all = () => {
    while (reader.next(record)) {
      const what = decoder.decode(record);
      if (what === DECODED_TCP) tracker.track(decoder.segment);
      else if (what === DECODED_ICMP) tracker.trackIcmp(decoder.segment);
      if (options.sweep) tracker.sweep();
    }
  };
  reader.push(octets);
  all();
  reader.end();
  all();
  tracker.end();
  return { tracker, events: recorder.events };
}

/** A segment of hand-made numbers for what needs no capture: ports tell the connection. */
export function segment(fields: Partial<Segment>): Segment {
  return Object.assign(
    new Segment(),
    { ipVersion: 4, source2: 0xffff, destination2: 0xffff, source3: 1, destination3: 2 },
    fields,
  );
}
