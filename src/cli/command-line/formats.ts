/** `whyrst formats` */

import { defineCommand, type TaskOf } from './command.js';
import { COLOR } from './shared.js';

const options = { color: COLOR };

export const formats = defineCommand({
  name: 'formats',
  describe: 'List what whyrst reads and writes: captures, compressions, link types, tunnels, reports',
  places: {},
  options,
  examples: [['whyrst formats | grep -i erspan', 'is it read?']],
});

export type FormatsTask = TaskOf<typeof formats>;
