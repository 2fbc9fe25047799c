/** How a connection ended that no RST ended, in a sentence, and what its programs log then. */

import type { Clock } from './time.js';
import { counted } from './wording.js';

export interface QuietConnection {
  readonly server: string;
  readonly client: string;
  readonly fin: { readonly frame: string; readonly fromClient: boolean } | null;
  readonly accepted: boolean;
  readonly asked: boolean;
  readonly answered: boolean;
  readonly synSeen: boolean;
  /** Its last frame as it is named. */
  readonly lastFrame: string;
}

/** What may have kept an RST out of the capture, and whether somebody saw one. */
export interface Missing {
  /** Packets that the capture lost, at least. */
  readonly lost: number;
  /** The log line at hand says that the connection was reset. */
  readonly saidReset: boolean;
}

export function endingStory(connection: QuietConnection, { lost, saidReset }: Missing): string {
  if (lost > 0 && (saidReset || connection.fin === null)) {
    const last = `its last captured packet is frame ${connection.lastFrame}`;
    const again = 'Record again with a larger buffer: tcpdump -B 65536';
    return saidReset
      ? `No RST of this connection was captured (${last}), but the log line says that one came, and this capture lost at least ${counted(lost, 'packet')}: the reset is among the lost. ${again}.`
      : `No RST of this connection was captured (${last}). This capture lost at least ${counted(lost, 'packet')}: one may be among them. ${again}.`;
  }
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
