/** `whyrst merge <reports..>` */

import { defineCommand, type TaskOf } from './command.js';
import { files, list, value } from './option.js';
import {
  COLOR,
  GATE_OPTIONS,
  GITHUB,
  QUIET,
  REPORT_OPTIONS,
  SELECTION_OPTIONS,
  SYSEXITS,
  VERBOSE,
  ZONE,
} from './shared.js';

const places = {
  reports: files('reports', 'what -f json or -f ndjson wrote: files, folders or patterns; - for stdin', 'optional'),
};

const options = {
  ...REPORT_OPTIONS,
  ...GATE_OPTIONS,
  github: GITHUB,
  ...SELECTION_OPTIONS,
  tz: ZONE,
  filesFrom: value({
    name: 'files-from',
    describe: 'also read the reports listed in this file (- for stdin), a line or a NUL behind each',
    follows: 'file',
  }),
  causes: list({ name: 'causes', describe: "modules with causes of the team's own, for their words", follows: 'file' }),
  verbose: VERBOSE,
  quiet: QUIET,
  sysexits: SYSEXITS,
  color: COLOR,
};

export const merge = defineCommand({
  name: 'merge',
  describe: 'Join the results of several runs, wherever they ran, into one report',
  places,
  options,
  examples: [
    ['whyrst merge results/ -o all.html', 'one page of all that the jobs wrote'],
    ["whyrst merge 'node-*.ndjson' --server 10.9.8.7:8080", 'of one server only'],
    ['cat node-*.ndjson | whyrst merge - -f json', 'lines of ndjson may be put one behind the other'],
  ],
  epilogue:
    'The report is that of one run over all the captures, but that HTML draws no packets: reports hold none. A report that cannot be read is said and the rest is told, exit status 2. A capture that stands in two of them is told once.',
});

export type MergeTask = TaskOf<typeof merge>;
