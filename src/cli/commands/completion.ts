/**
 * Completion scripts for bash and zsh. They hold every word they offer, so that a TAB does not start Node; after an
 * update with new causes they are to be made again.
 */

import { causes } from '../../causes/index.js';
import type { Command } from '../command-line/command.js';
import type { CompletionTask } from '../command-line/completion.js';
import { COMMANDS, commandNames } from '../command-line/index.js';
import { type Follows, type Option, type Place, spellings } from '../command-line/option.js';
import { DIAGNOSED } from '../exit.js';
import { writeStdout } from '../output.js';

export async function completionCommand({ shell }: CompletionTask): Promise<number> {
  const ids = causes.map(({ id }) => id);
  await writeStdout([shell === 'zsh' ? zshCompletion(ids) : bashCompletion(ids)]);
  return DIAGNOSED;
}

/** The words that may follow an option; null for a file, empty where nothing can be offered. */
function wordsFor(follows: Follows, causeIds: readonly string[]): readonly string[] | null {
  if (follows === 'file') return null;
  if (follows === 'any') return [];
  return follows.causes === true ? [...follows.words, ...causeIds] : follows.words;
}

const placesOf = ({ places }: Command): readonly Place<unknown>[] => Object.values(places);
const optionsOf = ({ options }: Command): readonly Option<unknown>[] => Object.values(options);

/** By how an option is typed, the words that may follow it in any command: what stands before a word is all bash tells. */
function wordsBySpelling(causeIds: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const option of COMMANDS.flatMap(optionsOf)) {
    const words = option.follows === null ? null : wordsFor(option.follows, causeIds);
    if (words === null) continue;
    const typed = spellings(option).join('|');
    found.set(typed, new Set([...(found.get(typed) ?? []), ...words]));
  }
  return found;
}

/** `compgen -W`, for bash. */
function bashCompletion(causeIds: readonly string[]): string {
  const values = [...wordsBySpelling(causeIds)].map(
    ([typed, words]) => `    ${typed}) COMPREPLY=($(compgen -W "${[...words].join(' ')}" -- "$cur")); return ;;`,
  );
  const options = COMMANDS.map((command) => {
    const own = [...optionsOf(command).flatMap(spellings), '--help', ...(command.name === null ? ['--version'] : [])];
    return { pattern: command.name ?? '*', own };
  });
  // The pattern that takes everything stands last.
  options.sort((a, b) => Number(a.pattern === '*') - Number(b.pattern === '*'));
  const places = COMMANDS.flatMap((command) => {
    const files = placesOf(command).some(({ follows }) => follows === 'file');
    if (command.name === null || files) return [];
    const words = placesOf(command).flatMap(({ follows }) => wordsFor(follows, causeIds) ?? []);
    return [`    ${command.name}) COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur")); return ;;`];
  });
  return `# bash completion for whyrst: source <(whyrst completion bash)
_whyrst() {
  local cur prev
  cur="\${COMP_WORDS[COMP_CWORD]}"
  prev="\${COMP_WORDS[COMP_CWORD-1]}"
  COMPREPLY=()
  case "$prev" in
${values.join('\n')}
  esac
  if [[ "$cur" == -* ]]; then
    case "\${COMP_WORDS[1]}" in
${options.map(({ pattern, own }) => `      ${pattern}) COMPREPLY=($(compgen -W "${own.join(' ')}" -- "$cur")) ;;`).join('\n')}
    esac
    return
  fi
  case "\${COMP_WORDS[1]}" in
${places.join('\n')}
  esac
  local commands=()
  [[ $COMP_CWORD -eq 1 ]] && commands=($(compgen -W "${commandNames.join(' ')}" -- "$cur"))
  # File names may hold blanks.
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$cur") \${commands[@]+"\${commands[@]}"})
}
complete -F _whyrst whyrst
`;
}

/** `_arguments`, for zsh. */
function zshCompletion(causeIds: readonly string[]): string {
  const spec = (option: Option<unknown>) => {
    const text = quoted(option.describe);
    const names = spellings(option);
    const left = names.length === 1 ? `'${names[0]}` : `{${names.join(',')}}'`;
    if (option.follows === null) return `${left}[${text}]'`;
    return `${left}[${text}]:${option.name}:${zshAction(wordsFor(option.follows, causeIds))}'`;
  };
  const branches = COMMANDS.map((command) => {
    const specs = [...optionsOf(command).map(spec), `'--help[show the help]'`, ...zshPlaces(command, causeIds)];
    return { pattern: command.name ?? '*', lines: specs.map((line) => `        ${line}`).join(' \\\n') };
  });
  // The pattern that takes everything stands last.
  branches.sort((a, b) => Number(a.pattern === '*') - Number(b.pattern === '*'));
  return `#compdef whyrst
# zsh completion for whyrst: whyrst completion zsh > a folder of $fpath, as _whyrst
_whyrst() {
  case "$words[2]" in
${branches.map(({ pattern, lines }) => `    ${pattern})\n      _arguments \\\n${lines} ;;`).join('\n')}
  esac
}
_whyrst "$@"
`;
}

/** What stands at the places behind the command. */
function zshPlaces(command: Command, causeIds: readonly string[]): readonly string[] {
  const { name } = command;
  if (name === null) {
    return [
      "'--version[show the version]'",
      `'1:capture or command:{_alternative "commands:command:(${commandNames.join(' ')})" "files:capture:_files"}'`,
      "'*:capture:_files'",
    ];
  }
  const found = placesOf(command).map((place, index) => {
    const at = place.several ? '*' : String(index + FIRST_PLACE);
    return `'${at}:${place.name}:${zshAction(wordsFor(place.follows, causeIds))}'`;
  });
  return found.length === 0 ? [`'1:command:(${name})'`] : found;
}

/** Word 1 of the line is the command. */
const FIRST_PLACE = 2;

function zshAction(words: readonly string[] | null): string {
  return words === null ? '_files' : words.length === 0 ? ' ' : `(${words.join(' ')})`;
}

/** Within single quotes and square brackets of a zsh argument specification. */
function quoted(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "'\\''")
    .replace(/[[\]:]/g, '\\$&');
}
