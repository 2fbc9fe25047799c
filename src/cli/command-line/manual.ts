/** `man whyrst`, of the same table as the help and the completions; `npm run man` writes it to man/whyrst.1. */

import { EXIT_STATUS } from '../exit.js';
import type { Command } from './command.js';
import { COMMANDS } from './index.js';
import { type Option, type Place, spellings } from './option.js';

/** man(7), UTF-8. */
export function manual(version: string): string {
  const [main, ...others] = COMMANDS as readonly [Command, ...Command[]];
  return `${[
    '.\\" Made of the table of options by npm run man: do not edit.',
    `.TH WHYRST 1 "" "whyrst ${version}" "User Commands"`,
    // Commands and paths are to be copied: no hyphens at the ends of lines, no stretched lines.
    '.nh',
    '.ad l',
    '.SH NAME',
    'whyrst \\- say why TCP connections were reset',
    '.SH SYNOPSIS',
    ...COMMANDS.flatMap((command, index) => [...(index === 0 ? [] : ['.br']), synopsis(command)]),
    '.SH DESCRIPTION',
    ...DESCRIPTION.flatMap((text, index) => [...(index === 0 ? [] : ['.PP']), line(text)]),
    '.SH OPTIONS',
    '.TP',
    '\\fB\\-h\\fR, \\fB\\-\\-help\\fR',
    'show this help; behind a command, that of the command',
    '.TP',
    '\\fB\\-\\-version\\fR',
    'show the version',
    ...places(main),
    ...options(main),
    '.SH COMMANDS',
    ...others.flatMap((command) => [
      `.SS ${bold(command.name ?? '')}`,
      line(sentence(command.describe)),
      ...places(command),
      ...options(command, main),
      ...(command.epilogue === undefined ? [] : ['.PP', line(command.epilogue)]),
    ]),
    '.SH EXIT STATUS',
    line(EXIT_STATUS),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, meaning]) => ['.TP', bold(name), line(meaning)]),
    '.SH FILES',
    ...FILES.flatMap(([name, meaning]) => ['.TP', `\\fI${escaped(name)}\\fR`, line(meaning)]),
    '.SH EXAMPLES',
    ...COMMANDS.flatMap(({ examples }) => examples).flatMap(([typed, meaning]) => ['.TP', bold(typed), line(meaning)]),
    '.SH SEE ALSO',
    '.BR tcpdump (1),',
    '.BR tshark (1),',
    '.BR pcap\\-filter (7),',
    '.BR tcp (7)',
  ].join('\n')}\n`;
}

const DESCRIPTION = [
  'Reads packet captures (pcap, pcapng, what tcpdump, tshark or Wireshark printed; also compressed) and names for each TCP RST the condition that made a host or a device send it, how sure that is, the packets that show it, what the programs on both ends were told, and what to change.',
  'A word that is the name of a command is that command; ./NAME is a file of that name. Options may stand anywhere.',
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['NO_COLOR', 'not empty: no colours'],
  ['FORCE_COLOR', 'not empty and not 0: colours where the output is no terminal, too'],
  ['COLUMNS', 'the width of reports where the output is no terminal'],
  ['WHYRST_ANONYMIZE_KEY', 'the key of --anonymize'],
  ['WHYRST_DEBUG', '1: an internal error says where it came from'],
];

const FILES: readonly (readonly [string, string])[] = [
  [
    'whyrst.config.json, whyrst.config.yaml, whyrst.config.js',
    'The configuration, in the folder or above it up to the root of the repository, or the key "whyrst" of package.json. One in JavaScript runs only for check, or when --config names it.',
  ],
  ['CAPTURE.expect', 'What check holds a capture against.'],
];

function synopsis({ name, places, options }: Command): string {
  const called = name === null ? 'whyrst' : `whyrst ${name}`;
  const words = Object.values(places).map((place) => {
    const word = `\\fI${escaped(place.name)}\\fR${place.several ? ' ...' : ''}`;
    return place.required ? word : `[${word}]`;
  });
  const some = Object.keys(options).length > 0 ? ['[\\fIoptions\\fR]'] : [];
  return [bold(called), ...some, ...words].join(' ');
}

const placesOf = ({ places }: Command): readonly Place<unknown>[] => Object.values(places);
const optionsOf = ({ options }: Command): readonly Option<unknown>[] => Object.values(options);

function places(command: Command): readonly string[] {
  return placesOf(command).flatMap(({ name, describe }) => ['.TP', `\\fI${escaped(name)}\\fR`, line(describe)]);
}

/** Those that `main` has too, with the same meaning, are only named. */
function options(command: Command, main?: Command): readonly string[] {
  const known = new Set(main === undefined ? [] : optionsOf(main).map(signature));
  const own = optionsOf(command).filter((option) => !known.has(signature(option)));
  const common = optionsOf(command).filter((option) => known.has(signature(option)));
  const groups = [...new Set(own.map(({ group }) => group))];
  return [
    ...groups.flatMap((group) => [
      // A command's own options are few: only those of all have headings.
      ...(main === undefined && group !== undefined ? [`.SS ${escaped(group)}`] : []),
      ...(main === undefined && group === undefined ? ['.SS General'] : []),
      ...own.filter((option) => option.group === group).flatMap(entry),
    ]),
    ...(common.length === 0 ? [] : ['.PP', `As above: ${common.map(({ name }) => bold(`--${name}`)).join(', ')}.`]),
  ];
}

const signature = ({ name, describe }: Option<unknown>) => `${name}\n${describe}`;

function entry(option: Option<unknown>): readonly string[] {
  const value = option.follows === null ? '' : ` \\fI${escaped(valueName(option))}\\fR`;
  return ['.TP', `${spellings(option).map(bold).join(', ')}${value}`, line(option.describe)];
}

/** What stands behind an option, in one word. */
function valueName({ follows, name }: Option<unknown>): string {
  if (typeof follows === 'object' && follows?.causes === true) return 'CAUSE';
  return follows === 'file' ? 'FILE' : (name.split('-').at(-1) ?? name).toUpperCase();
}

const bold = (text: string) => `\\fB${escaped(text)}\\fR`;
const sentence = (text: string) => (text.endsWith('.') ? text : `${text}.`);

/** A line of text: one that begins with a control character would be a request. */
function line(text: string): string {
  const safe = escaped(text);
  return /^[.']/.test(safe) ? `\\&${safe}` : safe;
}

/** A minus stays a minus, and can be copied. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll('"', '\\(dq')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti');
}
