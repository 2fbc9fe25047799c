/** How a connection ended that no RST ended, in a sentence, and what its programs log then. */

import type { Clock } from './time.js';

export interface QuietConnection {
  readonly server: string;
  readonly client: string;
  readonly fin: { readonly frame: number; readonly fromClient: boolean } | null;
  readonly accepted: boolean;
  readonly asked: boolean;
  readonly answered: boolean;
  readonly synSeen: boolean;
  readonly lastFrame: number;
}

export function endingStory(connection: QuietConnection): string {
  const { fin, server, client } = connection;
  if (fin === null) {
    if (connection.synSeen && !connection.accepted) {
      return `This connection was never reset: nothing answered its SYN. Programs log that as a timeout, never as "connection refused".`;
    }
    return `This connection was never reset, nor closed in this capture: its last packet is frame ${connection.lastFrame}. A program that waits for an answer logs a timeout.`;
  }
  const closer = fin.fromClient ? client : server;
  if (!fin.fromClient && connection.asked && !connection.answered) {
    return `This connection was never reset: ${closer} closed with FIN (frame ${fin.frame}) before an answer. Programs log that as EOF, "socket hang up" or 502, never as "connection reset by peer".`;
  }
  return `This connection was never reset: ${closer} closed with FIN (frame ${fin.frame}). Programs log that as the end of the stream, if at all, never as "connection reset by peer".`;
}

/** `02:41:07 to 03:02:55 UTC` */
export function periodText(first: bigint | null, last: bigint | null, clock: Clock): string {
  if (first === null || last === null) return 'no packets';
  return `${clock.at(first).clock} to ${clock.at(last).clock} ${clock.zone}`;
}
