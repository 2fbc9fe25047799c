/** What a command line asks for, as plain objects: the rest of the command never sees yargs. */

/** Options that every command takes. */
export interface CommonOptions {
  readonly color: boolean | undefined;
  readonly tz: string | undefined;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface DiagnoseTask extends CommonOptions {
  readonly kind: 'diagnose';
  readonly captures: readonly string[];
  readonly format: string | undefined;
  readonly output: string | undefined;
  readonly failOn: readonly string[];
  readonly server: readonly string[];
  readonly client: readonly string[];
  readonly host: readonly string[];
  readonly port: readonly string[];
  readonly cause: readonly string[];
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly severity: string | undefined;
  readonly minConfidence: string | undefined;
  readonly limit: string | undefined;
  readonly all: boolean;
  readonly reader: string | undefined;
}

export interface ShowTask extends CommonOptions {
  readonly kind: 'show';
  readonly capture: string;
  readonly words: string;
  readonly reader: string | undefined;
}

export interface ExplainTask extends CommonOptions {
  readonly kind: 'explain';
  readonly words: string;
}

export interface CausesTask extends CommonOptions {
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

export type Task = DiagnoseTask | ShowTask | ExplainTask | CausesTask | CompletionTask | PrintTask;
