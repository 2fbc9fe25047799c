/**
 * Values of a configuration, each described once: its JSON Schema, for editors, and its reading, which says what is wrong
 * and where. A validator of a few lines, because what is installed with the command should be small.
 */

/** From the outermost to where a value stands: keys, and the indices of lists. */
export type Path = readonly (string | number)[];

export type Problem =
  | { readonly path: Path; readonly text: string }
  | { readonly path: Path; readonly unknownKeys: readonly string[]; readonly known: readonly string[] };

type Json = Readonly<Record<string, unknown>>;

export interface Shape<T> {
  /** JSON Schema 2020-12 of what stands in the file. */
  readonly json: Json;
  /** Nothing need be given: then the value is this, or absent where it is undefined. */
  readonly absent?: { readonly value: T };
  /** The value; what comes back counts only where no problem was said. */
  readonly read: (value: unknown, path: Path, say: (problem: Problem) => void) => T;
}

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type MayBeAbsent<S extends Shapes> = { [K in keyof S]: undefined extends Read<S[K]> ? K : never }[keyof S];
/** What a shape makes of a value. */
export type Read<S> = S extends Shape<infer T> ? T : never;
export type ReadObject<S extends Shapes> = { [K in Exclude<keyof S, MayBeAbsent<S>>]: Read<S[K]> } & {
  [K in MayBeAbsent<S>]?: Read<S[K]>;
};

interface TextRules {
  readonly json?: Json;
  /** At least one character. */
  readonly filled?: boolean;
  /** Asked of a text of the right length; what it must be, else. */
  readonly must?: { readonly hold: (text: string) => boolean; readonly error: string };
}

export function text({ json = {}, filled = false, must }: TextRules = {}): Shape<string> {
  return {
    json: { type: 'string', ...(filled ? { minLength: 1 } : {}), ...json },
    read: (value, path, say) => {
      if (typeof value !== 'string') return mismatch('string', value, path, say);
      if (filled && value === '') say({ path, text: 'must not be empty' });
      else if (must && !must.hold(value)) say({ path, text: must.error });
      return value;
    },
  };
}

interface NumberRules {
  readonly json?: Json;
  readonly integer?: boolean;
  readonly least: 'zero' | 'above zero';
}

export function number({ json = {}, integer = false, least }: NumberRules): Shape<number> {
  const limit = least === 'zero' ? { minimum: 0 } : { exclusiveMinimum: 0 };
  return {
    json: {
      type: integer ? 'integer' : 'number',
      ...limit,
      ...(integer ? { maximum: Number.MAX_SAFE_INTEGER } : {}),
      ...json,
    },
    read: (value, path, say) => {
      if (typeof value !== 'number' || !Number.isFinite(value)) return mismatch('number', value, path, say);
      if (integer && !Number.isInteger(value)) say({ path, text: `must be a whole number, not ${value}` });
      else if (least === 'zero' ? value < 0 : value <= 0)
        say({ path, text: `must be ${least === 'zero' ? '0 or more' : 'above 0'}, not ${value}` });
      else if (integer && value > Number.MAX_SAFE_INTEGER)
        say({ path, text: `must be at most ${Number.MAX_SAFE_INTEGER}, not ${value}` });
      return value;
    },
  };
}

export function array<T>(item: Shape<T>): Shape<T[]> {
  return {
    json: { type: 'array', items: item.json },
    read: (value, path, say) => {
      if (!Array.isArray(value)) return mismatch('array', value, path, say);
      // Not map, which passes over holes.
      return Array.from(value, (member: unknown, index) => item.read(member, [...path, index], say));
    },
  };
}

/** One text or a list of them, read as a list. */
export function oneOrMore(json: Json): Shape<string[]> {
  const one = text({ filled: true });
  const several = array(one);
  return {
    json: { anyOf: [one.json, several.json], ...json },
    read: (value, path, say) => {
      if (typeof value === 'string') return [one.read(value, path, say)];
      if (Array.isArray(value)) return several.read(value, path, say);
      return mismatch('string or array of strings', value, path, say);
    },
  };
}

/** An object with these keys and no others. */
export function object<const S extends Shapes>(shapes: S, json: Json = {}): Shape<ReadObject<S>> {
  const keys = Object.keys(shapes);
  const required = keys.filter((key) => shapes[key]?.absent === undefined);
  const properties = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, shape.json]));
  return {
    json: {
      type: 'object',
      properties,
      ...(required.length > 0 ? { required } : {}),
      additionalProperties: false,
      ...json,
    },
    read: (value, path, say) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return mismatch('object', value, path, say);
      const found: [string, unknown][] = [];
      for (const [key, shape] of Object.entries(shapes)) {
        const member = (value as Readonly<Record<string, unknown>>)[key];
        if (member !== undefined || shape.absent === undefined)
          found.push([key, shape.read(member, [...path, key], say)]);
        else if (shape.absent.value !== undefined) found.push([key, shape.absent.value]);
      }
      const unknownKeys: string[] = [];
      // What a configuration in JavaScript inherits is read, so it is also looked at here.
      for (const key in value) if (!Object.hasOwn(shapes, key)) unknownKeys.push(key);
      if (unknownKeys.length > 0) say({ path, unknownKeys, known: keys });
      return Object.fromEntries(found) as ReadObject<S>;
    },
  };
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return { ...shape, absent: { value: undefined } };
}

/** Empty where nothing is given. */
export function emptyByDefault<T>(shape: Shape<T[]>): Shape<T[]> {
  return { ...shape, json: { default: [], ...shape.json }, absent: { value: [] } };
}

/** Says what was expected and what there was. There is no value to give back: it counts only without a problem. */
function mismatch(expected: string, value: unknown, path: Path, say: (problem: Problem) => void): never {
  say({ path, text: `expected ${expected}, received ${kindOf(value)}` });
  return undefined as never;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : typeof value;
}
