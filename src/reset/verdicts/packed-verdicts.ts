import { OnDemand } from '../held/on-demand.js';
import { PackedTail, TAIL } from '../held/packed-tail.js';
import type { Reset } from '../types.js';
import type { Verdict } from '../vocabulary/verdict.js';
import { FACTS, type Facts } from './facts.js';
import { type Packed, Packer } from './packer.js';
import { isRepeated } from './repeated.js';

/** Objects that are in the memory anyway: the catalogue's, the table's of stacks, the run's. */
const KEPT = new Set(['cause', 'stack', 'borders']);

interface Source {
  readonly packer: Packer;
  readonly packed: Packed;
}

/** A verdict's facts, with the tail as the tracker packed it, where it is not there in full. */
interface Record {
  readonly facts: Facts;
  readonly tail: ReturnType<PackedTail['octets']> | null;
}

const UNPACKED = new OnDemand<Source, Facts>([...FACTS], unpack);

/** Verdicts that wait for the end of a run: some 2 kB each instead of 10, and their facts again when they are asked for. */
export class PackedVerdicts {
  private readonly packer = new Packer(KEPT);

  /** The same verdict, packed; one that repeats another takes little as it is. */
  pack(verdict: Verdict): Verdict {
    if (isRepeated(verdict)) return verdict;
    const { id, role, of, cause, confidence, severity, responsible, lost } = verdict;
    const packed = this.packer.add(recordOf(verdict));
    return UNPACKED.give(
      { id, role, of, cause, confidence, severity, responsible, lost },
      { packer: this.packer, packed },
    );
  }
}

function recordOf(verdict: Verdict): Record {
  const facts = Object.fromEntries(FACTS.map((name) => [name, verdict[name]])) as unknown as Facts;
  const tail = TAIL.sourceOf(verdict.reset);
  if (tail === undefined) return { facts, tail: null };
  // Copied name by name: asked for, it would be unpacked.
  const reset: { [name: string]: unknown } = {};
  for (const name of Object.keys(verdict.reset)) if (name !== 'tail') reset[name] = verdict.reset[name as keyof Reset];
  return { facts: { ...facts, reset: reset as unknown as Reset }, tail: tail.octets() };
}

function unpack({ packer, packed }: Source): Facts {
  const { facts, tail } = packer.get(packed) as Record;
  if (tail === null) return facts;
  return { ...facts, reset: Object.freeze(TAIL.give(facts.reset, PackedTail.from(tail))) };
}
