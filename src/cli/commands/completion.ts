/**
 * Completion scripts for bash and zsh. They hold every word they offer, so that a TAB does not start Node; after an
 * update with new causes they are to be made again.
 */

import { formatNames } from '../../report/formats.js';
import { CONFIDENCES, SEVERITIES } from '../../report/select/select.js';
import {
  COMMANDS,
  type CommandName,
  EXTRACT_BY,
  OPTIONS,
  type OptionEntry,
  SHELLS,
  spellings,
  type ValueKind,
} from '../option-table.js';
import { readerNames } from '../readers.js';

/** The words that may follow an option; null for a file, empty where nothing can be offered. */
function wordsFor(kind: ValueKind, causeIds: readonly string[]): readonly string[] | null {
  switch (kind) {
    case 'format':
      return formatNames;
    case 'severity':
      return SEVERITIES;
    case 'confidence':
      return CONFIDENCES;
    case 'cause':
      return causeIds;
    case 'fail-on':
      return ['any', ...SEVERITIES, ...causeIds];
    case 'reader':
      return readerNames;
    case 'by':
      return EXTRACT_BY;
    case 'shell':
      return SHELLS;
    case 'file':
      return null;
    case 'any':
      return [];
  }
}

function optionsOf(command: CommandName): readonly OptionEntry[] {
  return OPTIONS.filter(({ commands }) => commands.includes(command));
}

/** `compgen -W`, for bash. */
export function bashCompletion(causeIds: readonly string[]): string {
  const values = OPTIONS.flatMap((option) => {
    if (option.value === undefined) return [];
    const words = wordsFor(option.value, causeIds);
    if (words === null) return [];
    return [`    ${spellings(option).join('|')}) COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$cur")); return ;;`];
  });
  const named = (command: CommandName) =>
    [...optionsOf(command).flatMap(spellings), '--help', ...(command === 'diagnose' ? ['--version'] : [])].join(' ');
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
${COMMANDS.map((command) => `      ${command}) COMPREPLY=($(compgen -W "${named(command)}" -- "$cur")) ;;`).join('\n')}
      *) COMPREPLY=($(compgen -W "${named('diagnose')}" -- "$cur")) ;;
    esac
    return
  fi
  case "\${COMP_WORDS[1]}" in
    explain) COMPREPLY=($(compgen -W "${causeIds.join(' ')}" -- "$cur")); return ;;
    completion) COMPREPLY=($(compgen -W "${SHELLS.join(' ')}" -- "$cur")); return ;;
    causes) return ;;
  esac
  local commands=()
  [[ $COMP_CWORD -eq 1 ]] && commands=($(compgen -W "${COMMANDS.join(' ')}" -- "$cur"))
  # File names may hold blanks.
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$cur") \${commands[@]+"\${commands[@]}"})
}
complete -F _whyrst whyrst
`;
}

/** `_arguments`, for zsh. */
export function zshCompletion(causeIds: readonly string[]): string {
  const spec = (option: OptionEntry) => {
    const text = quoted(option.describe);
    const names = spellings(option);
    const left = names.length === 1 ? `'${names[0]}` : `{${names.join(',')}}'`;
    if (option.value === undefined) return `${left}[${text}]'`;
    const words = wordsFor(option.value, causeIds);
    const action = words === null ? '_files' : words.length === 0 ? ' ' : `(${words.join(' ')})`;
    return `${left}[${text}]:${option.name}:${action}'`;
  };
  const specs = (command: CommandName) =>
    [...optionsOf(command).map(spec), `'--help[show the help]'`].map((line) => `        ${line} \\`).join('\n');
  return `#compdef whyrst
# zsh completion for whyrst: whyrst completion zsh > a folder of $fpath, as _whyrst
_whyrst() {
  case "$words[2]" in
    show)
      _arguments \\
${specs('show')}
        '2:capture:_files' '*:frame, endpoints or log line: ' ;;
    check)
      _arguments \\
${specs('check')}
        '*:capture:_files' ;;
    annotate)
      _arguments \\
${specs('annotate')}
        '2:capture:_files' ;;
    extract)
      _arguments \\
${specs('extract')}
        '*:capture:_files' ;;
    explain)
      _arguments \\
${specs('explain')}
        '*:cause:(${causeIds.join(' ')})' ;;
    causes)
      _arguments \\
${specs('causes')}
        '1:command:(causes)' ;;
    completion)
      _arguments '2:shell:(${SHELLS.join(' ')})' ;;
    *)
      _arguments \\
${specs('diagnose')}
        '--version[show the version]' \\
        '1:capture or command:{_alternative "commands:command:(${COMMANDS.join(' ')})" "files:capture:_files"}' \\
        '*:capture:_files' ;;
  esac
}
_whyrst "$@"
`;
}

/** Within single quotes and square brackets of a zsh argument specification. */
function quoted(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "'\\''")
    .replace(/[[\]:]/g, '\\$&');
}
