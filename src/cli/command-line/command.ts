/** A command as its line is read; what it does is in `cli/commands/`. */

import type { Options, Places, ValuesOf } from './option.js';

/** What yargs parsed, by the names of options and places. */
export type Given = Readonly<Record<string, unknown>>;

/** Of one command: its name, as it is typed (null for the one without), its words and options, and the task they make. */
export interface Command<Name extends string | null = string | null, Task = unknown> {
  readonly name: Name;
  readonly describe: string;
  readonly places: Places;
  readonly options: Options;
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  readonly epilogue?: string;
  readonly read: (given: Given) => Task;
}

interface Described<Name, P, O> extends Omit<Command, 'name' | 'places' | 'options' | 'read'> {
  readonly name: Name;
  readonly places: P;
  readonly options: O;
}

export function defineCommand<const Name extends string | null, P extends Places, O extends Options>(
  described: Described<Name, P, O>,
): Command<Name, ValuesOf<P> & ValuesOf<O>> {
  const { places, options } = described;
  return { ...described, read: (given) => ({ ...valuesOf(places, given), ...valuesOf(options, given) }) };
}

function valuesOf<T extends Options | Places>(table: T, given: Given): ValuesOf<T> {
  const values = Object.entries(table).map(([key, { name, read }]) => [key, read(given[name])]);
  return Object.fromEntries(values) as ValuesOf<T>;
}

/** What a command makes of its line. */
export type TaskOf<C> = C extends Command<string | null, infer Task> ? Task : never;

/** As somebody would call it: `whyrst check`, `whyrst CAPTURE`. */
export function calledAs({ name }: Pick<Command, 'name'>): string {
  return name === null ? 'whyrst CAPTURE' : `whyrst ${name}`;
}
