/** What is concluded from a Reset: the causes that look at it, and the verdict. */

import type { Context } from '../../context/types.js';
import type { Limits } from '../../limits.js';
import type { Confidence, Evidence, Mechanism, Reset, Role, Shape } from '../types.js';

/** `note`: normal or noise; `warning`: a connection was refused or cut; `error`: data or a request was lost. */
export type Severity = 'note' | 'warning' | 'error';
/** Who should change something; `configuration`: two settings disagree. */
export type Responsible =
  | 'client-app'
  | 'server-app'
  | 'client-host'
  | 'server-host'
  | 'network-device'
  | 'third-party'
  | 'configuration'
  | 'nobody'
  | 'unknown';

/** A signature that fits. */
export interface Match {
  readonly confidence: Confidence;
  readonly responsible: Responsible;
  readonly evidence: readonly Evidence[];
  /** What is inferred and not seen, what looks the same and how to tell. Required unless certain. */
  readonly doubt: readonly string[];
  readonly severity?: Severity;
  /** What was lost, for the head of the finding: `5 bytes lost`, `2 requests unanswered`. */
  readonly lost?: string;
  /** No TCP took part: what programs saw cannot be told. */
  readonly noProgram?: true;
}

/** A signature looked and found against. */
export interface NoMatch {
  readonly no: string;
}

/** undefined: another family of shapes is meant. */
export type SignatureResult = Match | NoMatch | undefined;

/** Reset fields a cause may need; each is null where the capture cannot tell. */
export type NullableField = { [K in keyof Reset]-?: null extends Reset[K] ? K : never }[keyof Reset];
/** A Reset in which these fields are not null. */
export type With<K extends NullableField> = Reset & { readonly [P in K]-?: NonNullable<Reset[P]> };

/** A known reason for resets: its words, what it looks at, and its test. Made with `defineCause`. */
export interface Cause {
  /** Kebab-case; names the condition, never the remedy, and stays for ever. */
  readonly id: string;
  /** One past-tense sentence with {sender} and {receiver} slots (also {client}, {server}), at most 80 characters. */
  readonly title: string;
  /**
   * The same of several, for the head of a report: `{request|requests} met a connection that {server} had just closed`.
   * It begins with what is counted, one and many, and may choose by the number again ({it|them}); the slots are those
   * of the title. Where it is absent the title says so.
   */
  readonly counted?: string;
  /** Ids it had before: expectations and baselines go on working. */
  readonly formerly?: readonly string[];
  /** What the stacks did and why TCP does so, at most 12 lines. */
  readonly explanation: string;
  /** What to change, imperative. */
  readonly fix: string;
  /** What proves it on the host: a counter, a log, a command. */
  readonly confirm: string;
  readonly references: readonly string[];
  readonly since: string;
  readonly severity: Severity;
  readonly needs: readonly NullableField[];
  /** Shapes it is about; the judge asks it about no others. */
  readonly shapes: readonly Shape[];
  /** The family's honest answer where nothing reaches `likely`. */
  readonly fallback?: boolean;
  readonly signature: (reset: Reset, context: Context, limits: Limits) => SignatureResult;
}

/** What a program at one end was told (Linux); null in a verdict where the packets cannot tell. */
export interface ApplicationOutcome {
  readonly error: 'ECONNRESET' | 'EPIPE' | 'ECONNREFUSED' | 'ETIMEDOUT' | 'ECONNABORTED' | null;
  /** It read an end of file before the error. */
  readonly eofFirst: boolean;
  /** `read → ECONNRESET "connection reset by peer", then write → EPIPE "broken pipe"` */
  readonly text: string;
}

/** The answer for one RST. */
export interface Verdict {
  /** `1234`, or `2:1234` with several files. */
  readonly id: string;
  readonly reset: Reset;
  readonly role: Role;
  /** The first reset of the death this one belongs to. */
  readonly of: string | null;
  readonly cause: Cause;
  readonly confidence: Confidence;
  readonly severity: Severity;
  readonly mechanism: Mechanism;
  readonly responsible: Responsible;
  readonly kernelReasons: readonly string[];
  readonly applications: { readonly client: ApplicationOutcome | null; readonly server: ApplicationOutcome | null };
  readonly evidence: readonly Evidence[];
  readonly doubt: readonly string[];
  readonly lost: string | null;
  readonly alternatives: readonly { readonly cause: Cause; readonly confidence: Confidence; readonly reason: string }[];
  /** Causes of the same shape family that looked and found against. */
  readonly against: readonly { readonly cause: Cause; readonly reason: string }[];
  readonly untested: readonly { readonly cause: Cause; readonly needs: string }[];
}
