/**
 * JSON Schema (draft 2020-12) of the JSON report, schema 1. Fields may be added, so further properties are allowed;
 * none of these will be renamed or removed.
 */

const text = { type: 'string' } as const;
const bool = { type: 'boolean' } as const;
const whole = { type: 'integer', minimum: 0 } as const;
const frame = { type: 'integer', minimum: 1 } as const;
const frameOrNull = { type: ['integer', 'null'], minimum: 1 } as const;
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z$' } as const;
const textOrNull = { type: ['string', 'null'] } as const;
const timeOrNull = { ...time, type: ['string', 'null'] } as const;
const confidence = { enum: ['certain', 'likely', 'possible'] } as const;
const severity = { enum: ['note', 'warning', 'error'] } as const;
const cause = { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' } as const;

function list<T>(items: T) {
  return { type: 'array', items } as const;
}

/** Every property of the first kind is required; others than these are allowed. */
function object<T extends Record<string, unknown>, O extends Record<string, unknown> = Record<never, never>>(
  properties: T,
  optional?: O,
) {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) } as const;
}

const endpoint = object({
  address: text,
  port: { type: 'integer', minimum: 0, maximum: 65535 },
  role: { enum: ['client', 'server', 'originator', 'responder'] },
});

const outcome = {
  anyOf: [
    { type: 'null' },
    object({
      error: { enum: ['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ETIMEDOUT', 'ECONNABORTED', null] },
      eofFirst: bool,
      text,
    }),
  ],
} as const;

const frameInFile = object({ file: text, frame });

const captureProperties = {
  file: text,
  format: text,
  linkTypes: list(text),
  records: whole,
  segments: whole,
  copies: whole,
  connections: whole,
  resets: whole,
  resetCopies: whole,
  lostPackets: whole,
  lossy: bool,
  deaths: whole,
  // RSTs that were judged and counted but are not among the resets.
  omitted: whole,
  tally: object({ lost: whole, refused: whole, harmless: whole, aftershocks: whole, ignored: whole }),
  first: timeOrNull,
  last: timeOrNull,
  vantage: object({ at: { enum: ['client', 'server', 'middle', 'loopback', 'both', 'unknown'] }, why: text }),
  quality: list(text),
  // The file is said where the capture is several.
  warnings: list(object({ code: text, count: whole, frame: frameOrNull, text }, { file: text })),
};

const evidence = object({
  file: text,
  frame: frameOrNull,
  text,
  values: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
});

const verdictProperties = {
  id: { type: 'string', pattern: '^(\\d+:)?\\d+$' },
  file: text,
  frame,
  time: timeOrNull,
  copies: list(frame),
  from: endpoint,
  to: endpoint,
  flags: { enum: ['R', 'RA'] },
  shape: text,
  phase: {
    enum: ['orphan', 'syn-sent', 'handshake', 'established', 'sender-closed', 'receiver-closed', 'both-closed'],
  },
  role: { enum: ['first', 'aftershock', 'ignored'] },
  of: { type: ['string', 'null'] },
  cause,
  title: text,
  confidence,
  severity,
  lost: { type: ['string', 'null'] },
  mechanism: object({
    kind: { enum: ['live-socket', 'kernel-reply', 'third-party', 'undecided'] },
    confidence,
    hops: { type: ['integer', 'null'] },
    facts: list(evidence),
  }),
  responsible: {
    enum: [
      'client-app',
      'server-app',
      'client-host',
      'server-host',
      'network-device',
      'third-party',
      'configuration',
      'nobody',
      'unknown',
    ],
  },
  kernelReasons: list(text),
  applications: object({ client: outcome, server: outcome }),
  evidence: list(evidence),
  doubt: list(text),
  alternatives: list(object({ cause, confidence, reason: text })),
  against: list(object({ cause, reason: text })),
  untested: list(object({ cause, needs: text })),
  connection: object({
    client: text,
    server: text,
    incarnation: whole,
    start: timeOrNull,
    end: timeOrNull,
    history: { type: 'string', maxLength: 32 },
    packets: whole,
    bytes: whole,
    clientBytes: whole,
    serverBytes: whole,
    idleSeconds: { type: 'number' },
    stacks: object({ client: textOrNull, server: textOrNull }),
  }),
  filter: text,
};

/** `copiesElsewhere` where several files are one run: copies that do not lie in the file of the RST. */
export const verdictSchema = object(verdictProperties, { copiesElsewhere: list(frameInFile) });

const ending = object({
  kind: {
    enum: [
      'no-answer-to-syn',
      'fin-before-response',
      'went-silent',
      'icmp-unreachable',
      'handshake-incomplete',
      'accept-queue-full',
      'path-mtu-black-hole',
    ],
  },
  file: text,
  connection: object({ client: text, server: text, incarnation: whole }),
  frame,
  time: timeOrNull,
  text,
});

const finding = object({
  cause,
  severity,
  confidence,
  count: frame,
  where: text,
  connections: { type: ['integer', 'null'] },
  share: { type: ['number', 'null'] },
  first: timeOrNull,
  last: timeOrNull,
  resets: list(text),
  example: text,
  omitted: whole,
});

const configuration = {
  anyOf: [
    { type: 'null' },
    object({
      file: text,
      found: bool,
      limits: list(object({ name: text, value: { type: 'number' }, default: { type: 'number' }, unit: text })),
      site: bool,
    }),
  ],
} as const;

/** `files` where several files are one run; each is numbered, and `2:1234` is frame 1234 of the second. */
const runOfFiles = { files: list(object({ file: text, records: whole, first: timeOrNull, last: timeOrNull })) };

/** Verdicts by which findings are told though they are not among the resets. */
const examples = { examples: list(verdictSchema) };
// Reports of 0.1.0 have none, and are merged all the same.
const headline = { headline: text };
// Captures that were named and could not be read.
export const unreadSchema = object({ file: text, problem: text });
const unread = { unread: list(unreadSchema) };

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

export const jsonSchema = {
  $schema: DIALECT,
  title: 'whyrst report',
  ...object(
    {
      schema: { const: 1 },
      version: text,
      configuration,
      captures: list(object(captureProperties, runOfFiles)),
      resets: list(verdictSchema),
      omitted: whole,
      endings: list(ending),
      findings: list(finding),
      causes: {
        type: 'object',
        propertyNames: cause,
        additionalProperties: object({
          title: text,
          explanation: text,
          fix: text,
          confirm: text,
          references: list(text),
        }),
      },
    },
    { ...headline, ...examples, ...unread },
  ),
} as const;

/** The last line of ndjson for each capture; those of its resets stand before it. */
export const captureRecordSchema = {
  $schema: DIALECT,
  title: 'whyrst capture record',
  ...object(
    {
      record: { const: 'capture' },
      schema: { const: 1 },
      version: text,
      configuration,
      ...captureProperties,
      endings: list(ending),
      findings: list(finding),
    },
    { ...headline, ...runOfFiles, ...examples },
  ),
} as const;
