/**
 * The configuration file, validated: `whyrst.config.json`, `.yaml` or `.js`, or the key `whyrst` of package.json. One
 * definition validates it and makes the JSON Schema that editors complete from (config.schema.json).
 */

import { LIMIT_DEFINITIONS } from '../limits.js';
import { parseEndpoint } from '../report/select/address.js';
import {
  array,
  emptyByDefault,
  number,
  object,
  oneOrMore,
  optional,
  type Path,
  type Problem,
  type Read,
  type Shape,
  text,
} from './shape.js';

const cidr = text({
  must: {
    hold: (block) => parseEndpoint(block)?.port === null,
    error: 'must be an address or a CIDR block, like 10.1.0.0/16',
  },
  json: { description: 'An address or a CIDR block', examples: ['10.1.0.0/16', '2001:db8::/32'] },
});
const DATE = /^\d{4}-\d\d-\d\d$/;
const date = text({
  must: { hold: (day) => DATE.test(day), error: 'must be a date like 2027-03-01' },
  json: { pattern: DATE.source, description: 'The last day on which it holds', examples: ['2027-03-01'] },
});
const end = text({
  json: {
    description: '*, an address, a CIDR block, each with or without a port',
    examples: ['10.0.2.2:5001', '*:443'],
  },
});
const filled = (description: string) => text({ filled: true, json: { description } });
const name = filled('What reports call it');

const ignore = object(
  {
    cause: filled('A cause id, or a pattern like keepalive-*'),
    client: optional(end),
    server: optional(end),
    until: date,
    reason: filled('Why these may be ignored'),
  },
  { description: 'Resets that check and the gates pass over, with a reason and a last day' },
);

const site = object(
  {
    middleboxes: emptyByDefault(array(object({ cidr, name }))),
    idleTimeouts: emptyByDefault(
      array(object({ seconds: number({ least: 'above zero' }), name, cidr: optional(cidr) })),
    ),
    healthCheckers: emptyByDefault(array(object({ cidr, name }))),
  },
  { description: 'What is known of the network, so that reports can call things by their names' },
);

type LimitName = keyof typeof LIMIT_DEFINITIONS;
const limits = object(
  Object.fromEntries(
    (Object.keys(LIMIT_DEFINITIONS) as LimitName[]).map((limit) => {
      const { unit, meaning, value } = LIMIT_DEFINITIONS[limit];
      const description = `${meaning} (${unit}; default ${value})`;
      return [limit, optional(number({ least: 'zero', json: { description } }))];
    }),
  ) as Readonly<Record<LimitName, Shape<number | undefined>>>,
  { description: 'Thresholds of the causes' },
);

const list = (description: string) => optional(oneOrMore({ description }));

const configuration = object(
  {
    $schema: optional(text()),
    captures: list('Files or patterns that whyrst check looks at when none is named'),
    failOn: list('As --fail-on: causes, a severity, or "any"'),
    maxResets: optional(number({ least: 'zero', integer: true, json: { description: 'As --max-resets' } })),
    baseline: optional(filled('As --baseline: an earlier report in JSON')),
    ignore: optional(array(ignore)),
    causes: list("Modules with the team's own causes, as --causes"),
    limits: optional(limits),
    site: optional(site),
  },
  {
    title: 'Configuration of whyrst',
    description: 'whyrst.config.json, .yaml or .js, or the key "whyrst" of package.json',
  },
);

export type Config = Read<typeof configuration>;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    readonly file: string,
    readonly problems: readonly string[],
  ) {
    super(problems.map((problem) => `${file}: ${problem}`).join('\n'));
  }
}

type Meant = (word: string, known: readonly string[]) => string;

/** @throws ConfigError with every problem, each with the path to it */
export function parseConfig(value: unknown, file: string, meant: Meant): Config {
  const problems: Problem[] = [];
  const config = configuration.read(value ?? {}, [], (problem) => problems.push(problem));
  if (problems.length === 0) return config;
  throw new ConfigError(
    file,
    problems.map((problem) => told(problem, meant)),
  );
}

/** `site.middleboxes[0].cidr: must be …` */
function told(problem: Problem, meant: Meant): string {
  const at = problem.path.length === 0 ? '' : `${dotted(problem.path)}: `;
  if ('text' in problem) return `${at}${problem.text}`;
  const hints = problem.unknownKeys.map((key) => `"${key}"${meant(key, problem.known)}`);
  return `${at}unknown key ${hints.join(', ')}`;
}

function dotted(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
    .join('');
}

/** For editors: what `parseConfig` takes, as written in the file. */
export function configJsonSchema(): unknown {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...configuration.json };
}
