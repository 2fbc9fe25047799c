/** `whyrst completion <shell>` */

import { defineCommand, type TaskOf } from './command.js';
import { word } from './option.js';

export const SHELLS = ['bash', 'zsh'] as const;

const places = { shell: word('shell', 'bash or zsh', { words: SHELLS }) };

export const completion = defineCommand({
  name: 'completion',
  describe: 'Print a completion script for your shell',
  places,
  options: {},
  examples: [
    ['source <(whyrst completion bash)', 'in ~/.bashrc'],
    ['whyrst completion zsh > ~/.zfunc/_whyrst', 'in a folder of $fpath'],
  ],
});

export type CompletionTask = TaskOf<typeof completion>;
