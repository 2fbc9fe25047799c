/** `whyrst explain <words..>` */

import { defineCommand, type TaskOf } from './command.js';
import { phrase } from './option.js';
import { COLOR, SETTINGS_OPTIONS } from './shared.js';

const places = {
  words: phrase('words', 'a cause id, words from a log, or - for a line on stdin', { words: [], causes: true }),
};

const options = { ...SETTINGS_OPTIONS, color: COLOR };

export const explain = defineCommand({
  name: 'explain',
  describe: 'Explain a cause, or the words of an error message',
  places,
  options,
  examples: [
    ['whyrst explain keepalive-race-after-fin', 'a cause'],
    ['whyrst explain "socket hang up"', 'words from a log'],
  ],
});

export type ExplainTask = TaskOf<typeof explain>;
