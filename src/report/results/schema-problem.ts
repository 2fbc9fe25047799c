/** Does a value keep to a schema of data/schema.ts? The keywords that stand there, and no others. */

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: unknown;
  readonly propertyNames?: unknown;
  readonly items?: unknown;
  readonly anyOf?: readonly unknown[];
}

/**
 * What keeps the value from the schema, the first thing in its order, with the way to it: `resets[12].time: must be …`;
 * null where nothing does.
 */
export function schemaProblem(schema: unknown, value: unknown, path = ''): string | null {
  const one = schema as Schema;
  const problem = (text: string) => `${path === '' ? '' : `${path}: `}${text}, not ${brief(value)}`;
  if (one.anyOf !== undefined) {
    const problems = one.anyOf.map((each) => schemaProblem(each, value, path));
    // null or an object: what is wrong with the object is worth knowing.
    return problems.includes(null) ? null : (problems.at(-1) ?? null);
  }
  if ('const' in one && value !== one.const) return problem(`must be ${JSON.stringify(one.const)}`);
  if (one.enum !== undefined && !one.enum.includes(value))
    return problem(`must be one of ${one.enum.map((word) => JSON.stringify(word)).join(', ')}`);
  const types = one.type === undefined ? [] : [one.type].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return problem(`must be ${named(types)}`);
  if (typeof value === 'string') {
    if (one.pattern !== undefined && !patternOf(one.pattern).test(value)) return problem(`must match ${one.pattern}`);
    // As the specification counts: characters, not UTF-16 units.
    if (one.maxLength !== undefined && [...value].length > one.maxLength)
      return problem(`must have at most ${one.maxLength} characters`);
  }
  if (typeof value === 'number') {
    if (one.minimum !== undefined && value < one.minimum) return problem(`must be at least ${one.minimum}`);
    if (one.maximum !== undefined && value > one.maximum) return problem(`must be at most ${one.maximum}`);
  }
  if (Array.isArray(value)) {
    if (one.items === undefined) return null;
    for (const [index, item] of value.entries()) {
      const found = schemaProblem(one.items, item, `${path}[${index}]`);
      if (found !== null) return found;
    }
    return null;
  }
  return typeof value === 'object' && value !== null ? memberProblem(one, value as Members, path) : null;
}

type Members = Readonly<Record<string, unknown>>;

function memberProblem(
  { properties = {}, required = [], additionalProperties, propertyNames }: Schema,
  value: Members,
  path: string,
): string | null {
  const before = path === '' ? '' : `${path}.`;
  for (const key of required) if (!Object.hasOwn(value, key)) return `${before}${key}: is missing`;
  for (const [key, member] of Object.entries(value)) {
    const own = Object.hasOwn(properties, key);
    const schema = own ? properties[key] : additionalProperties;
    const found =
      (propertyNames === undefined ? null : schemaProblem(propertyNames, key, `${before}${key}`)) ??
      (schema === undefined ? null : schemaProblem(schema, member, `${before}${key}`));
    if (found !== null) return found;
  }
  return null;
}

function isOf(type: string, value: unknown): boolean {
  switch (type) {
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    default:
      return typeof value === type;
  }
}

const NAMES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

function named(types: readonly string[]): string {
  return types.map((type) => NAMES[type] ?? type).join(' or ');
}

const patterns = new Map<string, RegExp>();

function patternOf(pattern: string): RegExp {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) patterns.set(pattern, (compiled = new RegExp(pattern, 'u')));
  return compiled;
}

/** Characters of a value that a message repeats. */
const REPEATED = 40;

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= REPEATED ? text : `${text.slice(0, REPEATED)}…`;
}
