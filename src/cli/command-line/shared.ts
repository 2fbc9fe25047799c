/** Options that several commands take, in the groups in which they take them. */

import { formatNames } from '../../report/formats.js';
import { CONFIDENCES, SEVERITIES } from '../../report/select/select.js';
import { readerNames } from '../readers.js';
import { flag, list, type Option, type ValuesOf, value } from './option.js';

export const REPORT = 'Report';
export const GATE = 'Gate';
const SELECTION = 'Selection (a repeated or comma-separated value is an alternative)';

export const FORCE = flag({
  name: 'force',
  describe: 'let -o replace a file that is a packet capture, also as text (an input of the run never)',
  group: REPORT,
});

/** `-o`: where a command writes. */
export function outputTo(describe: string): Option<string | undefined> {
  return value({ name: 'output', alias: 'o', describe, follows: 'file', group: REPORT });
}

/** `-f` among the formats that the command can write. */
export function formatAmong(formats: readonly string[]): Option<string | undefined> {
  const describe = `${formats.join(' | ')} (default: text)`;
  return value({ name: 'format', alias: 'f', describe, follows: { words: formats }, group: REPORT });
}

/** What the report is, and where it goes. */
export const REPORT_OPTIONS = {
  format: formatAmong(formatNames),
  output: outputTo('write to this file; its ending gives the format when -f is absent'),
  force: FORCE,
  limit: value({ name: 'limit', describe: 'at most this many rows in a table (default: 50)', group: REPORT }),
  all: flag({ name: 'all', describe: 'every finding in full and every row, noise too', group: REPORT }),
};

/** What makes a run fail. */
export const GATE_OPTIONS = {
  failOn: list({
    name: 'fail-on',
    describe: 'exit 1 when found: causes, a severity (that or worse), or "any" (all but notes)',
    follows: { words: ['any', ...SEVERITIES], causes: true },
    group: GATE,
  }),
};

export const GITHUB = flag({
  name: 'github',
  describe: 'annotations for GitHub Actions on stdout, and the job summary',
  group: GATE,
});

export const ANONYMIZE_OPTIONS = {
  anonymize: flag({
    name: 'anonymize',
    describe: 'addresses replaced (equal prefixes stay equal), names and payload removed',
    group: REPORT,
  }),
  anonymizeKey: value({
    name: 'anonymize-key',
    describe: 'key of the addresses, the same for what belongs together (better: WHYRST_ANONYMIZE_KEY)',
    group: REPORT,
  }),
};

/** Which resets are meant. */
export const SELECTION_OPTIONS = {
  server: list({
    name: 'server',
    describe: 'address, CIDR block, address:port or :port of the server',
    group: SELECTION,
  }),
  client: list({ name: 'client', describe: 'the same of the client', group: SELECTION }),
  host: list({ name: 'host', describe: 'the same of either end', group: SELECTION }),
  port: list({ name: 'port', describe: 'port of either end', group: SELECTION }),
  cause: list({
    name: 'cause',
    describe: 'cause ids (whyrst causes lists them)',
    follows: { words: [], causes: true },
    group: SELECTION,
  }),
  since: value({
    name: 'since',
    describe: 'not before: 02:41:07, 2026-11-21T02:41:07Z, +90 (seconds after the first packet)',
    group: SELECTION,
  }),
  until: value({ name: 'until', describe: 'not after', group: SELECTION }),
  severity: value({
    name: 'severity',
    describe: `this or worse: ${SEVERITIES.join(' | ')}`,
    follows: { words: SEVERITIES },
    group: SELECTION,
  }),
  minConfidence: value({
    name: 'min-confidence',
    describe: `this or surer: ${CONFIDENCES.join(' | ')}`,
    follows: { words: CONFIDENCES },
    group: SELECTION,
  }),
};
export type SelectionOptions = ValuesOf<typeof SELECTION_OPTIONS>;

export const ZONE = value({ name: 'tz', describe: 'zone of the times: UTC (default), local, +02:00, Europe/Berlin' });

/** Where settings come from beside the command line. */
export const SETTINGS_OPTIONS = {
  causes: list({ name: 'causes', describe: "modules with causes of the team's own", follows: 'file' }),
  config: value({
    name: 'config',
    describe:
      'configuration (default: whyrst.config.json, .yaml, .js or "whyrst" in package.json); no verdict is certain under changed limits',
    follows: 'file',
  }),
};

/** How captures are read. */
export const READING_OPTIONS = {
  ...SETTINGS_OPTIONS,
  reader: value({
    name: 'reader',
    describe: 'read classic pcap with another reader (pcap-parser), as a second opinion',
    follows: { words: readerNames },
  }),
  twoPass: flag({
    name: 'two-pass',
    describe: 'survey a file first and pass over what is regular (default from half a million packets on)',
  }),
  onePass: flag({ name: 'one-pass', describe: 'read a large file but once' }),
};

/** Which captures, and what of them is one run. */
export const INPUT_OPTIONS = {
  join: flag({ name: 'join', describe: 'all captures are one run, in the order of time, whatever their names' }),
  separate: flag({ name: 'separate', describe: 'each file is a run of its own, also in a rotated series' }),
  filesFrom: value({
    name: 'files-from',
    describe: 'also read the captures listed in this file (- for stdin), a line or a NUL behind each',
    follows: 'file',
  }),
};
export type InputOptions = ValuesOf<typeof INPUT_OPTIONS>;

/** What standard input is called. */
export const NAME = value({ name: 'name', describe: 'the name of standard input in reports' });

export const SYSEXITS = flag({
  name: 'sysexits',
  describe: 'exit status 64, 65 or 66 (below) in place of 2, for who decides whether to try again',
});

export const VERBOSE = flag({
  name: 'verbose',
  alias: 'v',
  describe: 'more: raw sequence numbers, every packet, the facts behind a verdict',
});

export const QUIET = flag({
  name: 'quiet',
  alias: 'q',
  describe: 'less: the sentences only, and no progress or warnings on stderr',
});

/** false when switched off, undefined where the terminal decides. */
export const COLOR: Option<false | undefined> = {
  ...flag({ name: 'no-color', describe: 'no colours (also: NO_COLOR=1)' }),
  read: (given) => (given === true ? false : undefined),
};
