/** Which packets belong to the verdicts at hand: the plan that write/extract.ts carries out. */

import type { EndpointFacts } from '../reset/types.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';
import type { WantedConnection, WantedEnd } from '../write/extract.js';
import { parseAddress } from './select/address.js';
import { frameText } from './words/frame.js';
import { parties } from './words/wording.js';

export type ExtractBy = 'connection' | 'cause';

/** One entry per connection, also where several verdicts are about it. `name` gives the output its connection goes to. */
export function wantedConnections(
  verdicts: readonly Verdict[],
  name: (verdict: Verdict) => string,
): readonly WantedConnection[] {
  const byTuple = new Map<string, Map<number, Verdict>>();
  for (const verdict of verdicts) {
    const { client, server } = parties(verdict.reset);
    const tuple = [client, server]
      .map(({ address, port }) => `${address} ${port}`)
      .sort()
      .join(' ');
    let lives = byTuple.get(tuple);
    if (lives === undefined) byTuple.set(tuple, (lives = new Map()));
    const start = verdict.reset.start.frame;
    if (!lives.has(start)) lives.set(start, verdict);
  }
  return [...byTuple.values()].flatMap((lives) => {
    const starts = [...lives.keys()].sort((a, b) => a - b);
    return starts.map((start, index) => {
      const verdict = lives.get(start) as Verdict;
      const { client, server } = parties(verdict.reset);
      const next = Math.min(
        verdict.reset.aftermath.nextSyn?.frame ?? Number.POSITIVE_INFINITY,
        starts[index + 1] ?? Number.POSITIVE_INFINITY,
      );
      return {
        one: wantedEnd(client),
        other: wantedEnd(server),
        firstFrame: start,
        lastFrame: next - 1,
        output: name(verdict),
      };
    });
  });
}

function wantedEnd({ address, port }: EndpointFacts): WantedEnd {
  const parsed = parseAddress(address);
  let value = parsed?.value ?? 0n;
  if (parsed?.bits === 32) value |= 0xffff_0000_0000n;
  const word = (shift: bigint) => Number((value >> shift) & 0xffff_ffffn) | 0;
  return { words: [word(96n), word(64n), word(32n), word(0n)], port };
}

/** `06_fin.frame-11.keepalive-race-after-fin` or `06_fin.keepalive-race-after-fin`, without the ending. */
export function outputName(stem: string, verdict: Verdict, by: ExtractBy): string {
  return by === 'cause'
    ? `${stem}.${verdict.cause.id}`
    : `${stem}.frame-${frameText(verdict.reset, verdict.reset.rst.frame).replace(':', '-')}.${verdict.cause.id}`;
}
