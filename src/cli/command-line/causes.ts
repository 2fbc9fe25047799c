/** `whyrst causes` */

import { defineCommand, type TaskOf } from './command.js';
import { COLOR, SETTINGS_OPTIONS } from './shared.js';

const options = { ...SETTINGS_OPTIONS, color: COLOR };

export const causes = defineCommand({
  name: 'causes',
  describe: 'List the causes that whyrst knows',
  places: {},
  options,
  examples: [],
});

export type CausesTask = TaskOf<typeof causes>;
