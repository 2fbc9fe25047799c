/** Mistakes on the command line in our form: lower case, one line, with the option that was probably meant. */

import { didYouMean } from '../suggest.js';
import { type Command, calledAs } from './command.js';
import { COMMANDS } from './index.js';

/** yargs' message about this line of a command, plainer. */
export function plainer(message: string, command: Command, argv: readonly string[]): string {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message);
  if (unknown) {
    const [first = ''] = (unknown[1] as string).split(', ');
    return argv.includes(first)
      ? `${calledAs(command)} takes no further word: ${first}`
      : unknownOption(first, command);
  }
  const missing = /^Not enough arguments following: (.+)$/.exec(message);
  if (missing) {
    const name = missing[1] as string;
    const option = Object.values(command.options).find((one) => one.alias === name);
    return `option --${option?.name ?? name} needs a value`;
  }
  if (/^Not enough non-option arguments/.test(message)) return 'something is missing on the command line';
  const line = message.replace(/\s+/g, ' ').trim();
  const choice = /^Invalid values.*Given: "(.*?)", Choices: (.*)$/.exec(line);
  if (choice) return `${choice[1]}: must be one of ${choice[2]?.replaceAll('"', '')}`;
  return line.charAt(0).toLowerCase() + line.slice(1);
}

/** One of another command is said, before anything is guessed. */
function unknownOption(name: string, command: Command): string {
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
