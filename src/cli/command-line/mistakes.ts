/** An option that there is not, with the one that was probably meant. */

import { didYouMean } from '../suggest.js';
import { type Command, calledAs } from './command.js';
import { COMMANDS } from './index.js';

/** One of another command is said, before anything is guessed. `name` without dashes. */
export function unknownOption(name: string, command: Command): string {
  const dashed = name.length === 1 ? `-${name}` : `--${name}`;
  const others = COMMANDS.filter(({ options }) =>
    Object.values(options).some((option) => option.name === name || option.alias === name),
  );
  if (others.length > 0)
    return `${dashed} is an option of ${others.map(calledAs).join(', ')}, not of ${calledAs(command)}`;
  const own = Object.values(command.options).map((option) => option.name);
  const meant = didYouMean(name, [...own, 'help', 'version']).replace('did you mean ', 'did you mean --');
  return `unknown option ${dashed}${meant}`;
}
