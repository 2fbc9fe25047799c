/** What a command line asks for, as plain objects: the rest of the command never sees yargs. */

/** Options that every command takes. */
export interface CommonOptions {
  readonly color: boolean | undefined;
  readonly tz: string | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Where settings come from beside the command line. */
export interface SettingsOptions {
  readonly config: string | undefined;
  /** Modules with causes of the team's own. */
  readonly causes: readonly string[];
}

/** Options of every command that reads captures. */
export interface ReadingOptions extends SettingsOptions {
  readonly reader: string | undefined;
  /** Read what can be read twice twice. */
  readonly twoPass: boolean;
}

/** Which resets are meant. */
export interface SelectionOptions {
  readonly server: readonly string[];
  readonly client: readonly string[];
  readonly host: readonly string[];
  readonly port: readonly string[];
  readonly cause: readonly string[];
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly severity: string | undefined;
  readonly minConfidence: string | undefined;
}

export interface AnonymizeOptions {
  readonly anonymize: boolean;
  readonly anonymizeKey: string | undefined;
}

/** Where a command writes. */
export interface OutputOptions {
  readonly output: string | undefined;
  /** Also what is a packet capture may be replaced. */
  readonly force: boolean;
}

export interface DiagnoseTask extends CommonOptions, ReadingOptions, SelectionOptions, AnonymizeOptions, OutputOptions {
  readonly kind: 'diagnose';
  readonly captures: readonly string[];
  readonly format: string | undefined;
  readonly failOn: readonly string[];
  readonly limit: string | undefined;
  readonly all: boolean;
  /** Annotations and job summary for GitHub Actions. */
  readonly github: boolean;
}

export interface CheckTask extends CommonOptions, ReadingOptions, OutputOptions {
  readonly kind: 'check';
  readonly captures: readonly string[];
  readonly format: string | undefined;
  readonly failOn: readonly string[];
  readonly maxResets: string | undefined;
  readonly baseline: string | undefined;
  readonly ignore: readonly string[];
  readonly github: boolean;
  readonly update: boolean;
  readonly exact: boolean;
}

export interface AnnotateTask extends CommonOptions, ReadingOptions, OutputOptions {
  readonly kind: 'annotate';
  readonly capture: string;
}

export interface ExtractTask extends CommonOptions, ReadingOptions, SelectionOptions, AnonymizeOptions, OutputOptions {
  readonly kind: 'extract';
  readonly captures: readonly string[];
  readonly by: string | undefined;
  readonly all: boolean;
}

export interface ShowTask extends CommonOptions, ReadingOptions {
  readonly kind: 'show';
  readonly capture: string;
  readonly words: string;
}

export interface ExplainTask extends CommonOptions, SettingsOptions {
  readonly kind: 'explain';
  readonly words: string;
}

export interface CausesTask extends CommonOptions, SettingsOptions {
  readonly kind: 'causes';
}

export interface CompletionTask {
  readonly kind: 'completion';
  readonly shell: string;
}

/** `--help` and `--version`: text that is printed and nothing done. */
export interface PrintTask {
  readonly kind: 'print';
  readonly text: string;
}

export type Task =
  | DiagnoseTask
  | CheckTask
  | AnnotateTask
  | ExtractTask
  | ShowTask
  | ExplainTask
  | CausesTask
  | CompletionTask
  | PrintTask;
