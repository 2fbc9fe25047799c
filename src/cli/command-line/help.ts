/** `--help` of a command, of the same table that its line is read by. */

import { wrap } from '../../report/text/wrap.js';
import { EXIT_STATUS } from '../exit.js';
import type { Command } from './command.js';
import { COMMANDS } from './index.js';
import type { Option, Place } from './option.js';

type Row = readonly [left: string, right: string];

/** `width` in columns. */
export function helpOf(command: Command, width: number): string {
  const options: readonly Option<unknown>[] = Object.values(command.options);
  const places: readonly Place<unknown>[] = Object.values(command.places);
  const groups = [...new Set(options.flatMap(({ group }) => group ?? []))];
  const own: readonly Row[] = [
    ['-h, --help', 'show this help'],
    ['    --version', 'show the version'],
    ...options.filter(({ group }) => group === undefined).map(rowOf),
  ];
  const bare = command.name === null;
  const closing = bare ? `Exit status: ${EXIT_STATUS}` : command.epilogue;
  const sections = [
    usageOf(command),
    wrap(command.describe, width).join('\n'),
    bare
      ? section(
          'Commands:',
          COMMANDS.map((one) => [usageOf(one), one.describe] as const),
          width,
        )
      : '',
    ...groups.map((group) => section(group, options.filter((option) => option.group === group).map(rowOf), width)),
    section(
      'Words:',
      places.map(({ name, describe }) => [name, describe] as const),
      width,
    ),
    section('Options:', own, width),
    section('Examples:', command.examples, width),
    closing === undefined ? '' : wrap(closing, width).join('\n'),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

/** `whyrst show <capture> <what..>` */
function usageOf({ name, places }: Command): string {
  const words = Object.values(places).map((place) => {
    const word = place.several ? `${place.name}..` : place.name;
    return place.required ? `<${word}>` : `[${word}]`;
  });
  return ['whyrst', ...(name === null ? [] : [name]), ...words].join(' ');
}

function rowOf({ name, alias, describe }: Option<unknown>): Row {
  return [`${alias === undefined ? '   ' : `-${alias},`} --${name}`, describe];
}

/** Columns to the left of a row and between its halves. */
const MARGIN = '  ';

/** A heading and its rows; empty without any. What is too long on the left has the right half below it. */
function section(heading: string, rows: readonly Row[], width: number): string {
  if (rows.length === 0) return '';
  const most = Math.floor(width / 2) - 2 * MARGIN.length;
  const left = Math.max(...rows.map(([one]) => (one.length > most ? 0 : one.length)));
  const indent = ' '.repeat(left + 2 * MARGIN.length);
  const lines = rows.flatMap(([one, other]) => {
    const [first = '', ...further] = wrap(other, width - indent.length);
    const begun =
      one.length > left ? [`${MARGIN}${one}`, `${indent}${first}`] : [`${MARGIN}${one.padEnd(left)}${MARGIN}${first}`];
    return [...begun, ...further.map((line) => `${indent}${line}`)];
  });
  return [...wrap(heading, width), ...lines].join('\n');
}
