/** `whyrst explain <words..>` */

import { defineCommand, type TaskOf } from './command.js';
import { phrase } from './option.js';
import { COLOR, SETTINGS_OPTIONS } from './shared.js';

const places = { words: phrase('words', 'a cause id, or words from a log', { words: [], causes: true }) };

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
