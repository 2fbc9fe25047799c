/** The same trouble in another recording: what SARIF viewers and `--baseline` know a reset by. */

import type { EndpointFacts } from '../../reset/types.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { hex, sha256 } from '../../write/sha256.js';
import { socket } from '../words/wording.js';

/** To be raised when the fingerprint of the same reset changes, so that old and new ones are never compared. */
export const FINGERPRINT_VERSION = 1;

/**
 * Cause and server, and whether the RST took effect. The client's port is ephemeral, frames and times are of one
 * recording, and the client's address changes with every container: none of them is part of it.
 */
export function fingerprint(cause: string, server: string, role: Verdict['role']): string {
  const text = `${FINGERPRINT_VERSION}\n${cause}\n${server}\n${role === 'ignored' ? 'ignored' : 'effective'}`;
  return hex(sha256(new TextEncoder().encode(text))).slice(0, 32);
}

/** The end that was connected to. Without a SYN that is a guess, and the lower port the better one (as in Wireshark). */
export function serverOf({ reset }: Verdict): string {
  const { sender, receiver } = reset;
  const known = (end: EndpointFacts) => end.role === 'server';
  if (known(sender)) return socket(sender);
  if (known(receiver)) return socket(receiver);
  return socket(sender.port < receiver.port ? sender : receiver);
}
