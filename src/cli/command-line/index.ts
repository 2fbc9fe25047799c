/** Every command, in the order of the help. */

import { annotate } from './annotate.js';
import { causes } from './causes.js';
import { check } from './check.js';
import type { Command, Given, TaskOf } from './command.js';
import { completion } from './completion.js';
import { diagnose } from './diagnose.js';
import { explain } from './explain.js';
import { extract } from './extract.js';
import { formats } from './formats.js';
import { merge } from './merge.js';
import { show } from './show.js';

const ALL = [diagnose, show, check, merge, annotate, extract, explain, causes, formats, completion] as const;

export const COMMANDS: readonly Command[] = ALL;

/** A command that was asked for, and with what. */
export type Asked = AskedOf<(typeof ALL)[number]>;
type AskedOf<C> = C extends Command<infer Name, unknown> ? { readonly command: Name; readonly task: TaskOf<C> } : never;

/** What a line asks of a command. */
export function asked(command: Command, given: Given): Asked {
  return { command: command.name, task: command.read(given) } as Asked;
}

/** What may be typed behind `whyrst` as the name of a command. */
export const commandNames: readonly string[] = COMMANDS.flatMap(({ name }) => name ?? []);

/** The command that a line asks for. */
export function commandOf(argv: readonly string[]): Command {
  return COMMANDS.find(({ name }) => name !== null && name === argv[0]) ?? diagnose;
}
