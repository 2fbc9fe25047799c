import type { Limits } from '../../limits.js';
import { fact, the } from '../evidence.js';
import { errorReply } from '../facts/error-reply.js';
import type { Evidence, Reset } from '../types.js';
import { serverOf } from './side.js';
import { statedLimit } from './stated-limit.js';

/**
 * The error with which the server had answered last, shortly before: why a program ended the connection, by whatever packet.
 * null where it said none, where a limit is told already, and of what no program made.
 */
export function saidError(reset: Reset, limits: Limits): Evidence | null {
  const { rst, mechanism } = reset;
  const server = serverOf(reset);
  const last = server.lastMessage;
  if (last === null || mechanism.kind === 'third-party' || rst.time - last.last.time > limits.settle) return null;
  const error = statedLimit(last) === null ? errorReply(last, server.port) : null;
  return error === null ? null : fact(last.first, `${the(server)} had answered with an error (${error})`);
}
