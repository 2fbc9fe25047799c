/** `whyrst [captures..]` */

import { defineCommand, type TaskOf } from './command.js';
import { files, flag, value } from './option.js';
import {
  ANONYMIZE_OPTIONS,
  COLOR,
  GATE_OPTIONS,
  GITHUB,
  INPUT_OPTIONS,
  NAME,
  QUIET,
  READING_OPTIONS,
  REPORT_OPTIONS,
  SELECTION_OPTIONS,
  SYSEXITS,
  VERBOSE,
  ZONE,
} from './shared.js';

const places = {
  captures: files('captures', 'files, folders or patterns: pcap, pcapng, or packets as text; - for stdin', 'optional'),
};

const options = {
  ...REPORT_OPTIONS,
  follow: flag({
    name: 'follow',
    alias: 'F',
    describe: 'a capture without end (-, a pipe, a file that grows or rotates): each reset as it settles',
  }),
  metrics: value({ name: 'metrics', describe: 'with --follow: serve Prometheus metrics at this address:port' }),
  ...GATE_OPTIONS,
  github: GITHUB,
  ...ANONYMIZE_OPTIONS,
  ...SELECTION_OPTIONS,
  tz: ZONE,
  ...INPUT_OPTIONS,
  name: NAME,
  ...READING_OPTIONS,
  verbose: VERBOSE,
  quiet: QUIET,
  sysexits: SYSEXITS,
  color: COLOR,
};

export const diagnose = defineCommand({
  name: null,
  describe: 'Say why each TCP connection in the captures was reset',
  places,
  options,
  examples: [
    ['whyrst capture.pcap', 'why were connections reset?'],
    ['tcpdump -U -w - tcp | whyrst --follow -', 'the same live, each reset as it settles; Ctrl-C: a report'],
    ['whyrst prod.pcap --server 10.9.8.7:8080 --since 02:58', 'one server, from a time on'],
    ["whyrst 'trace_*.pcap'", 'a rotated series is one run, whatever the order of its files'],
    ['whyrst sample.pcap --fail-on error', 'a check for CI: exit 1 when work was lost'],
    ['whyrst prod.pcap -o report.json', 'every reset as JSON'],
    ['whyrst show capture.pcap 11', 'the packets around the reset in frame 11'],
    [`whyrst show capture.pcap 'read tcp 10.1.2.3:41234->…'`, 'what a log line was about'],
    ['whyrst explain "broken pipe"', 'what the words in a log mean'],
  ],
});

export type DiagnoseTask = TaskOf<typeof diagnose>;
