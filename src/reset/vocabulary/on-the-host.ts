import { mayBeLinux } from '../facts/kernel-reasons.js';
import type { EndpointFacts } from '../types.js';

/** What is on the host of an end, in words that its system knows: ss and nstat are Linux's. */

type End = Pick<EndpointFacts, 'stack'>;

/** Whoever ends a connection from outside its program. */
export function killer(end: End): string {
  return mayBeLinux(end) ? 'ss -K' : 'a process that is stopped';
}

/** What on the host decides: a counter where there is one for it. */
export function decider(end: End, counter: string): string {
  return mayBeLinux(end) ? `nstat ${counter} decides` : "the program's log decides";
}

/** A backlog that is full, and what else the host must have been told for it to reset. */
export function fullBacklog(end: End): string {
  return mayBeLinux(end) ? 'A full accept queue with tcp_abort_on_overflow = 1' : 'A full listen backlog';
}
