/**
 * The configuration file, validated: `whyrst.config.json`, `.yaml` or `.js`, or the key `whyrst` of package.json. One
 * definition validates it and makes the JSON Schema that editors complete from (config.schema.json).
 */

import { z } from 'zod';
import { LIMIT_DEFINITIONS } from '../limits.js';
import { parseEndpoint } from '../report/select/address.js';

const cidr = z
  .string()
  .refine((text) => parseEndpoint(text)?.port === null, {
    error: 'must be an address or a CIDR block, like 10.1.0.0/16',
  })
  .meta({ description: 'An address or a CIDR block', examples: ['10.1.0.0/16', '2001:db8::/32'] });
const date = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, { error: 'must be a date like 2027-03-01' })
  .meta({ description: 'The last day on which it holds', examples: ['2027-03-01'] });
const end = z.string().meta({
  description: '*, an address, a CIDR block, each with or without a port',
  examples: ['10.0.2.2:5001', '*:443'],
});
const name = z.string().min(1).meta({ description: 'What reports call it' });

const ignore = z
  .strictObject({
    cause: z.string().min(1).meta({ description: 'A cause id, or a pattern like keepalive-*' }),
    client: end.optional(),
    server: end.optional(),
    until: date,
    reason: z.string().min(1).meta({ description: 'Why these may be ignored' }),
  })
  .meta({ description: 'Resets that check and the gates pass over, with a reason and a last day' });

const site = z
  .strictObject({
    middleboxes: z.array(z.strictObject({ cidr, name })).default([]),
    idleTimeouts: z.array(z.strictObject({ seconds: z.number().positive(), name, cidr: cidr.optional() })).default([]),
    healthCheckers: z.array(z.strictObject({ cidr, name })).default([]),
  })
  .meta({ description: 'What is known of the network, so that reports can call things by their names' });

const limitNames = Object.keys(LIMIT_DEFINITIONS) as (keyof typeof LIMIT_DEFINITIONS)[];
const limits = z
  .strictObject(
    Object.fromEntries(
      limitNames.map((limit) => {
        const { unit, meaning, value } = LIMIT_DEFINITIONS[limit];
        return [
          limit,
          z
            .number()
            .nonnegative()
            .optional()
            .meta({ description: `${meaning} (${unit}; default ${value})` }),
        ];
      }),
    ),
  )
  .meta({ description: 'Thresholds of the causes' });

const list = (description: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1))])
    .meta({ description })
    .transform((value) => (Array.isArray(value) ? value : [value]));

export const configSchema = z
  .strictObject({
    $schema: z.string().optional(),
    captures: list('Files or patterns that whyrst check looks at when none is named').optional(),
    failOn: list('As --fail-on: causes, a severity, or "any"').optional(),
    maxResets: z.int().nonnegative().optional().meta({ description: 'As --max-resets' }),
    baseline: z.string().min(1).optional().meta({ description: 'As --baseline: an earlier report in JSON' }),
    ignore: z.array(ignore).optional(),
    causes: list("Modules with the team's own causes, as --causes").optional(),
    limits: limits.optional(),
    site: site.optional(),
  })
  .meta({
    title: 'Configuration of whyrst',
    description: 'whyrst.config.json, .yaml or .js, or the key "whyrst" of package.json',
  });

export type Config = z.output<typeof configSchema>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  }
}

/** @throws ConfigError with every problem, each with the path to it */
export function parseConfig(
  value: unknown,
  file: string,
  meant: (word: string, known: readonly string[]) => string,
): Config {
  const parsed = configSchema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    file,
    parsed.error.issues.map((issue) => {
      const at = issue.path
        .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`))
        .join('');
      if (issue.code === 'unrecognized_keys') {
        const known = knownKeys(issue.path);
        const hint = issue.keys.map((key) => `"${key}"${meant(key, known)}`).join(', ');
        return `${at === '' ? '' : `${at}: `}unknown key ${hint}`;
      }
      const text = issue.message.replace(/^Invalid input: /, '');
      return at === '' ? text : `${at}: ${text}`;
    }),
  );
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(configSchema.shape),
  site: ['middleboxes', 'idleTimeouts', 'healthCheckers'],
  limits: limitNames,
  ignore: ['cause', 'client', 'server', 'until', 'reason'],
};

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  return KEYS[String(path[0] ?? '')] ?? ['cidr', 'name', 'seconds'];
}

/** For editors: what `parseConfig` takes, as written in the file. */
export function configJsonSchema(): unknown {
  return z.toJSONSchema(configSchema, { io: 'input' });
}
