/**
 * argv → what to do. Loading yargs takes as long as all the rest of a small run (75 of 150 ms), so the ordinary command
 * line, captures and options of the bare command, is read here. All that is not so plain is left to the grammar: other
 * commands, help, mistakes. A test holds that what is read here the grammar reads in the same way.
 */

import { diagnoseTask, type Given } from './given.js';
import { COMMANDS, OPTIONS, type OptionEntry, spellings } from './option-table.js';
import type { Task } from './tasks.js';

/** @throws UsageError */
export async function parseArguments(argv: readonly string[], width: number, version: string): Promise<Task> {
  const given = plainly(argv);
  if (given !== null) return diagnoseTask(given);
  return (await import('./grammar.js')).parseGrammar(argv, width, version);
}

/** null where it takes the grammar to tell what is meant. */
export function plainly(argv: readonly string[]): Given | null {
  const captures: string[] = [];
  const given: Record<string, string[] | true> = { captures };
  const words = argv.values();
  for (const word of words) {
    if (isPlain(word)) {
      captures.push(word);
      continue;
    }
    const equals = word.indexOf('=');
    const option = optionOf(equals < 0 ? word : word.slice(0, equals));
    if (option === undefined) return null;
    const { name, value: takesValue } = option;
    if (takesValue === undefined) {
      if (equals >= 0) return null;
      given[name] = true;
      continue;
    }
    const value = equals < 0 ? words.next().value : word.slice(equals + 1);
    if (value === undefined || !isPlain(value)) return null;
    const before = given[name];
    given[name] = Array.isArray(before) ? [...before, value] : [value];
  }
  return given;
}

function optionOf(spelling: string): OptionEntry | undefined {
  return OPTIONS.find((option) => option.commands.includes('diagnose') && spellings(option).includes(spelling));
}

/** Words that mean something to yargs wherever they stand. */
const MEANT: readonly string[] = [...COMMANDS, 'help', 'true', 'false'];

/** Neither an option nor quoted, empty or one of {@link MEANT}: nothing but a capture or a value. */
function isPlain(word: string): boolean {
  return (word === '-' || /^[^-'"$]/.test(word)) && !MEANT.includes(word);
}
