/** `whyrst extract <captures..>` */

import { defineCommand, type TaskOf } from './command.js';
import { files, flag, value } from './option.js';
import {
  ANONYMIZE_OPTIONS,
  COLOR,
  FORCE,
  INPUT_OPTIONS,
  outputTo,
  QUIET,
  READING_OPTIONS,
  REPORT,
  SELECTION_OPTIONS,
  SYSEXITS,
  ZONE,
} from './shared.js';

/** How a capture is divided. */
export const EXTRACT_BY = ['connection', 'cause', 'capture'] as const;

const places = { captures: files('captures', 'pcap or pcapng files, folders or patterns', 'optional') };

const options = {
  output: outputTo('the folder to write into'),
  force: FORCE,
  all: flag({ name: 'all', describe: 'also more than 1,000 files', group: REPORT }),
  by: value({
    name: 'by',
    describe: 'one file per connection (default) or cause; or all TCP of a capture',
    follows: { words: EXTRACT_BY },
    group: REPORT,
  }),
  ...ANONYMIZE_OPTIONS,
  ...SELECTION_OPTIONS,
  tz: ZONE,
  ...INPUT_OPTIONS,
  ...READING_OPTIONS,
  quiet: QUIET,
  sysexits: SYSEXITS,
  color: COLOR,
};

export const extract = defineCommand({
  name: 'extract',
  describe: 'Write captures that hold only the connections in question',
  places,
  options,
  examples: [
    ['whyrst extract prod.pcap --cause process-exit -o found/', 'one file per connection'],
    ['whyrst extract prod.pcap --by capture --anonymize -o out/', 'all of it, headers only'],
  ],
});

export type ExtractTask = TaskOf<typeof extract>;
