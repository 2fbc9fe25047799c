/** `whyrst annotate <capture>` */

import { defineCommand, type TaskOf } from './command.js';
import { word } from './option.js';
import { COLOR, FORCE, outputTo, QUIET, SETTINGS_OPTIONS } from './shared.js';

const places = { capture: word('capture', 'pcap or pcapng file', 'file') };

const options = {
  output: outputTo('the pcapng file to write'),
  force: FORCE,
  ...SETTINGS_OPTIONS,
  quiet: QUIET,
  color: COLOR,
};

export const annotate = defineCommand({
  name: 'annotate',
  describe: 'Copy a capture with the verdicts as packet comments, for Wireshark',
  places,
  options,
  examples: [['whyrst annotate in.pcap -o out.pcapng', 'then in Wireshark: frame.comment contains "whyrst"']],
});

export type AnnotateTask = TaskOf<typeof annotate>;
