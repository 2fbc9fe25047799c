import type { EndpointFacts } from '../types.js';
import type { Responsible } from './verdict.js';

type End = Pick<EndpointFacts, 'role'>;

/** Is this the end that was asked: the server or, where the capture lacks the SYN, the responder? */
export function isServer({ role }: End): boolean {
  return role === 'server' || role === 'responder';
}

/** The end that was asked, whichever of them sent the RST. */
export function serverOf<T extends End>({ sender, receiver }: { readonly sender: T; readonly receiver: T }): T {
  return isServer(sender) ? sender : receiver;
}

/** The program at this end, as the one responsible. */
export function programOf(end: End): Responsible {
  return isServer(end) ? 'server-app' : 'client-app';
}
