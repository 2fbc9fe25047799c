import type { Layer } from './packet.js';

/** A number in a header that says what comes behind it, and what people call that. `whyrst formats` prints these. */
export interface Known {
  readonly number: number;
  readonly name: string;
  readonly layer: Layer;
}

/** A table as it is written: number, name, layer. */
export function known(...rows: readonly (readonly [number, string, Layer])[]): ReadonlyMap<number, Known> {
  return new Map(rows.map(([number, name, layer]) => [number, { number, name, layer }]));
}
