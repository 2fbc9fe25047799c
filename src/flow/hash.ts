import type { Segment } from '../packet/segment.js';

/** Mixes one endpoint, four address words and a port. The two ends of a connection are added, so its hash does not depend on direction. */
export function endpointHash(w0: number, w1: number, w2: number, w3: number, port: number): number {
  let h = Math.imul(w3 ^ Math.imul(port, 0x9e3779b1), 0x85ebca6b);
  // The other words of an IPv4 address are the same in all of them.
  if (w2 !== 0xffff) h ^= Math.imul(w0 ^ (w1 << 7) ^ (w1 >>> 25) ^ Math.imul(w2, 0x27d4eb2f), 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

/** Order-free hash of the segment's four-tuple. */
export function flowHash(s: Segment): number {
  return (
    (endpointHash(s.source0, s.source1, s.source2, s.source3, s.sourcePort) +
      endpointHash(s.destination0, s.destination1, s.destination2, s.destination3, s.destinationPort)) |
    0
  );
}
