/** `whyrst check [captures..]` */

import { defineCommand, type TaskOf } from './command.js';
import { files, flag, texts, value } from './option.js';
import {
  COLOR,
  FORCE,
  formatAmong,
  GATE,
  GATE_OPTIONS,
  GITHUB,
  INPUT_OPTIONS,
  outputTo,
  QUIET,
  READING_OPTIONS,
  SYSEXITS,
} from './shared.js';

const places = { captures: files('captures', 'captures, folders or patterns, each with its .expect', 'optional') };

export const CHECK_FORMATS = ['text', 'junit', 'markdown'] as const;

const options = {
  format: formatAmong(CHECK_FORMATS),
  output: outputTo('write to this file; its ending gives the format when -f is absent'),
  force: FORCE,
  ...GATE_OPTIONS,
  maxResets: value({
    name: 'max-resets',
    describe: 'fail when the captures hold more resets than this, aftershocks aside',
    group: GATE,
  }),
  baseline: value({
    name: 'baseline',
    describe: 'an earlier report (-f json): only what is new, or more of it, fails',
    follows: 'file',
    group: GATE,
  }),
  // A reason may hold commas.
  ignore: texts({
    name: 'ignore',
    describe: "pass over these until a day, for a reason: 'port-scan * -> 10.0.0.0/8 until 2027-03-01 # scanner'",
    group: GATE,
  }),
  update: flag({
    name: 'update',
    describe: 'write what the captures hold into their .expect files',
    group: GATE,
  }),
  exact: flag({ name: 'exact', describe: 'with --update: ports and frames too', group: GATE }),
  github: GITHUB,
  ...INPUT_OPTIONS,
  ...READING_OPTIONS,
  quiet: QUIET,
  sysexits: SYSEXITS,
  color: COLOR,
};

export const check = defineCommand({
  name: 'check',
  describe: 'Hold captures against what is expected of them, for CI',
  places,
  options,
  examples: [
    ["whyrst check 'captures/**/*.pcap'", 'each against its .expect file; exit 1 when one differs'],
    ['whyrst check --update captures/*.pcap', 'write the .expect files'],
    ['whyrst check new.pcap --baseline old.json', 'only what the earlier report does not hold fails'],
  ],
  epilogue:
    'A line of CAPTURE.expect is: count (2, 2+, 2-4, any), cause, and if wanted certain|likely|possible, "until DATE", "frame N", "client -> server" and "# why"; or none alone.',
});

export type CheckTask = TaskOf<typeof check>;
