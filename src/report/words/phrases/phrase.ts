/** What one entry of the table of phrases says, and how its rows are written. */

/** What the program's end of the connection met first. */
export type FirstOnWire =
  | 'reset' // an RST on a connection that no FIN had ended
  | 'fin' // a FIN; an RST may have followed
  | 'dead' // its own write found the connection already dead
  | 'refused' // an RST instead of the SYN-ACK
  | 'silence' // nothing at all came back
  | 'local' // its own host gave the connection up
  | 'inner' // a message inside the connection: TLS, HTTP/2, or the program's own protocol
  | 'hidden'; // the program does not say which of these

export interface Phrase {
  readonly program: string;
  readonly text: string;
  readonly first: FirstOnWire;
  /** Which end writes it; absent when either may. */
  readonly side?: 'client' | 'server';
  /** One of the few that stand in the errors row of a finding. */
  readonly common?: true;
  /** The systems on which it reads so, where it reads otherwise elsewhere: errno numbers and their texts are the system's. */
  readonly on?: 'linux' | 'posix' | 'windows';
  /** What must be known to read it right. */
  readonly note?: string;
  /** Causes that these very words point at, before the others of their kind. */
  readonly causes?: readonly string[];
  /** Capitals matter: HAProxy's `sH--` is not its `SH--`. */
  readonly exact?: true;
}

type Extra = Omit<Phrase, 'program' | 'text' | 'first'>;
export type PhraseRow = readonly [program: string, first: FirstOnWire, text: string, extra?: Extra];

export function phrasesOf(rows: readonly PhraseRow[]): readonly Phrase[] {
  return rows.map(([program, first, text, extra]) => ({ program, text, first, ...extra }));
}
