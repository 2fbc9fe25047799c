import type { Place } from '../../context/types.js';
import { OnDemand } from '../held/on-demand.js';
import type { Mark, Reset } from '../types.js';
import { isServer } from '../vocabulary/side.js';
import type { Verdict } from '../vocabulary/verdict.js';

/** What is made on demand of a verdict: nearly all that it takes. The rest is what findings and selections ask of every one. */
export const FACTS = [
  'reset',
  'mechanism',
  'kernelReasons',
  'applications',
  'evidence',
  'doubt',
  'alternatives',
  'against',
  'untested',
] as const;
export type Facts = Pick<Verdict, (typeof FACTS)[number]>;

/** What counting and grouping need of a verdict. */
export interface GroupingFacts extends Mark {
  readonly phase: Reset['phase'];
  readonly client: Place;
  readonly server: Place;
}

export function groupingFactsOfReset({ rst, sender, receiver, phase }: Reset): GroupingFacts {
  const [client, server] = isServer(sender) ? [receiver, sender] : [sender, receiver];
  const at = ({ address, port }: Place) => ({ address, port });
  return { phase, frame: rst.frame, time: rst.time, client: at(client), server: at(server) };
}

/** What the facts of a verdict are made of again. */
export interface Again {
  readonly phase: Reset['phase'];
  facts(): Facts;
  /** Without making the others, of which there is far more. */
  groupingFacts(): GroupingFacts;
}

export const MADE_AGAIN = new OnDemand<Again, Facts>([...FACTS], (again) => again.facts());
