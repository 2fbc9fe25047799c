/** `whyrst annotate <captures..>` */

import { defineCommand, type TaskOf } from './command.js';
import { files } from './option.js';
import { COLOR, FORCE, INPUT_OPTIONS, outputTo, QUIET, SETTINGS_OPTIONS, SYSEXITS } from './shared.js';

const places = { captures: files('captures', 'pcap or pcapng files, folders or patterns', 'optional') };

const options = {
  output: outputTo('the pcapng file to write; of several captures the folder to write into'),
  force: FORCE,
  ...INPUT_OPTIONS,
  ...SETTINGS_OPTIONS,
  quiet: QUIET,
  sysexits: SYSEXITS,
  color: COLOR,
};

export const annotate = defineCommand({
  name: 'annotate',
  describe: 'Copy a capture with the verdicts as packet comments, for Wireshark',
  places,
  options,
  examples: [
    ['whyrst annotate in.pcap -o out.pcapng', 'then in Wireshark: frame.comment contains "whyrst"'],
    ["whyrst annotate 'trace_*.pcap' -o out/", 'every file of a series, with the verdicts on all of it'],
  ],
});

export type AnnotateTask = TaskOf<typeof annotate>;
