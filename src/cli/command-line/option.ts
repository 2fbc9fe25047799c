/**
 * What can be typed behind a command, each said once: the parser, the help, "did you mean", the completions and the type
 * of the task are made of it.
 *
 * A new option is one line in the `options` of its command (`command-line/check.ts`), or in `shared.ts` where several
 * commands take it. `task.<key>` then has its value, already of the right type.
 */

/** What may be typed in a place or behind an option: a path, some words (`causes`: the ids of all causes), or anything. */
export type Follows = 'file' | 'any' | { readonly words: readonly string[]; readonly causes?: true };

/** What is typed: `--max-resets`, `-f`. */
interface Typed {
  /** Without dashes. */
  readonly name: string;
  readonly alias?: string;
  readonly describe: string;
  /** Heading in the help. */
  readonly group?: string;
}

interface Valued extends Typed {
  /** `any` when absent. */
  readonly follows?: Follows;
}

export interface Option<T> extends Typed {
  /** null for a flag. */
  readonly follows: Follows | null;
  /** Of what yargs made of it: undefined, a boolean, a text, or several texts. */
  readonly read: (given: unknown) => T;
}

/** A word that is told by its place. */
export interface Place<T> {
  readonly name: string;
  readonly describe: string;
  readonly required: boolean;
  readonly several: boolean;
  readonly follows: Follows;
  readonly read: (given: unknown) => T;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type Places = Readonly<Record<string, Place<unknown>>>;

/** The plain object that options and places are read into: a value for each key. */
export type ValuesOf<T extends Options | Places> = {
  readonly [K in keyof T]: T[K] extends { readonly read: (given: unknown) => infer V } ? V : never;
};

/** `--all`: given or not. */
export function flag(typed: Typed): Option<boolean> {
  return { ...typed, follows: null, read: (given) => given === true };
}

/** `--limit 5`; given twice, the last counts. */
export function value(typed: Valued): Option<string | undefined> {
  return { ...typed, follows: typed.follows ?? 'any', read: (given) => strings(given).at(-1) };
}

/** `--cause a,b --cause c`: given twice or with commas, all count. */
export function list(typed: Valued): Option<readonly string[]> {
  return { ...typed, follows: typed.follows ?? 'any', read: (given) => strings(given).flatMap(commaSeparated) };
}

/** As a list, but what is given may hold commas. */
export function texts(typed: Valued): Option<readonly string[]> {
  return { ...typed, follows: typed.follows ?? 'any', read: strings };
}

/** `<capture>` */
export function word(name: string, describe: string, follows: Follows): Place<string> {
  return { name, describe, required: true, several: false, follows, read: (given) => strings(given)[0] ?? '' };
}

/** `<captures..>`, or `[captures..]` where none need be given. */
export function files(name: string, describe: string, required: 'required' | 'optional'): Place<readonly string[]> {
  return { name, describe, required: required === 'required', several: true, follows: 'file', read: strings };
}

/** `<words..>` that are one text. */
export function phrase(name: string, describe: string, follows: Follows): Place<string> {
  return { name, describe, required: true, several: true, follows, read: (given) => strings(given).join(' ') };
}

/** `<words..>`, each by itself. */
export function several(name: string, describe: string, follows: Follows): Place<readonly string[]> {
  return { name, describe, required: true, several: true, follows, read: strings };
}

/** Stands before a word while yargs works, which must not take it for an option, a command or (a lone dash) an empty word. */
export const WORD = '\u0001';

function strings(given: unknown): string[] {
  if (given === undefined || given === null) return [];
  return (Array.isArray(given) ? given : [given]).map((text) => String(text).replace(WORD, ''));
}

function commaSeparated(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** As they are typed: `--format`, `-f`. */
export function spellings({ name, alias }: Pick<Typed, 'name' | 'alias'>): readonly string[] {
  return alias === undefined ? [`--${name}`] : [`-${alias}`, `--${name}`];
}
