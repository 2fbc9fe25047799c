/** `whyrst show <capture> <what..>` */

import { defineCommand, type TaskOf } from './command.js';
import { several, word } from './option.js';
import { COLOR, INPUT_OPTIONS, QUIET, READING_OPTIONS, SYSEXITS, VERBOSE, ZONE } from './shared.js';

const places = {
  capture: word('capture', 'file, folder or pattern (several may follow), or packets as text; - for stdin', 'file'),
  words: several(
    'what',
    'a frame number, both endpoints in any spelling, a line from a log, or - for such a line on stdin',
    'any',
  ),
};

const options = {
  tz: ZONE,
  ...INPUT_OPTIONS,
  ...READING_OPTIONS,
  verbose: VERBOSE,
  quiet: QUIET,
  sysexits: SYSEXITS,
  color: COLOR,
};

export const show = defineCommand({
  name: 'show',
  describe: 'Show one connection packet by packet, with the verdict and what it is not',
  places,
  options,
  examples: [
    ['whyrst show cap.pcap 11', 'the connection that frame 11 belongs to'],
    ['whyrst show cap.pcap 10.0.1.2:46840 10.0.2.2:5007', 'the connection between these two'],
    ["whyrst show 'trace_*.pcap' 3:812", 'frame 812 of the third file of a series'],
  ],
});

export type ShowTask = TaskOf<typeof show>;
