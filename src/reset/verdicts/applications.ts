import type { MechanismKind, Reset } from '../types.js';
import { isServer } from '../vocabulary/side.js';
import type { ApplicationOutcome } from '../vocabulary/verdict.js';

/** An effective RST of a connection's death: the first one and what followed. */
export interface EffectiveReset {
  readonly reset: Reset;
  readonly mechanism: MechanismKind;
}

export interface Outcomes {
  readonly client: ApplicationOutcome | null;
  readonly server: ApplicationOutcome | null;
}

const outcome = (error: ApplicationOutcome['error'], eofFirst: boolean, text: string): ApplicationOutcome => ({
  error,
  eofFirst,
  text,
});

const NOTHING = outcome(null, false, 'no error');

/**
 * What each program saw (docs/causes.md, "What programs see"): computed once per endpoint over all effective RSTs of
 * the death, in frame order, because each end dies once. null where these packets cannot tell.
 */
export function applicationsOf(effective: readonly EffectiveReset[]): Outcomes {
  const seen: { client: ApplicationOutcome | null | undefined; server: ApplicationOutcome | null | undefined } = {
    client: undefined,
    server: undefined,
  };
  const first = effective[0]?.reset;
  if (first === undefined || first.phase === 'orphan') return { client: null, server: null };
  // What became of the end in whose name somebody else spoke is seen only where that end is reset as well.
  const elsewhere = effective.some((b) => b.mechanism === 'third-party' || b.mechanism === 'undecided');
  for (const { reset, mechanism } of effective) {
    const to = sideOf(reset.receiver);
    const from = sideOf(reset.sender);
    // Whoever resets is dead by its own doing, unless someone else wrote the packet.
    if (mechanism !== 'third-party' && seen[from] === undefined) seen[from] = ofSender(reset, mechanism);
    if (seen[to] === undefined) seen[to] = ofReceiver(reset, mechanism);
  }
  const unseen = elsewhere ? null : NOTHING;
  return {
    client: seen.client === undefined ? unseen : seen.client,
    server: seen.server === undefined ? unseen : seen.server,
  };
}

const sideOf = (end: Reset['sender']): 'client' | 'server' => (isServer(end) ? 'server' : 'client');

function ofSender(reset: Reset, mechanism: MechanismKind): ApplicationOutcome | null {
  if (
    reset.shape === 'active' &&
    reset.sender.keepAliveProbes !== null &&
    reset.sender.keepAliveProbes.count >= 2 &&
    reset.sender.keepAliveProbes.last.time > (reset.receiver.lastSegment?.time ?? 0)
  )
    return outcome('ETIMEDOUT', false, words(reset.sender).timedOut);
  if (gaveUpSending(reset)) {
    const { gaveUp } = words(reset.sender);
    return outcome(gaveUp === POSIX.gaveUp ? 'ETIMEDOUT' : 'ECONNABORTED', false, gaveUp);
  }
  if (reset.shape === 'reply' && reset.sender.retransmitting !== null && reset.sender.fin === null)
    return outcome('ETIMEDOUT', false, 'read → ETIMEDOUT "connection timed out", earlier than this reset');
  // A machine that had not asked answered in its name: the one that had still waits, or gives up later.
  if (reset.phase === 'handshake' && reset.provenance.macDiffers === true) return null;
  // A kernel that knew nothing of a connection in use: how its program lost it is not in the packets.
  if (mechanism === 'kernel-reply' && reset.phase === 'established' && reset.sender.segments > 1) return null;
  return NOTHING;
}

/** Retransmissions behind which it is the stack that gives up and not the program: Windows sends five, others more. */
const GIVES_UP_AFTER = 4;

/** Did its stack end the connection because what it sent again and again was never acknowledged? */
function gaveUpSending({ shape, sender, receiver }: Reset): boolean {
  const { retransmitting, fin } = sender;
  if (shape !== 'active' || fin !== null || retransmitting === null || retransmitting.count < GIVES_UP_AFTER)
    return false;
  return retransmitting.last.time > (receiver.lastSegment?.time ?? 0);
}

function ofReceiver(reset: Reset, mechanism: MechanismKind): ApplicationOutcome | null {
  const { phase, sender, receiver, rst } = reset;
  if (phase === 'syn-sent') return outcome('ECONNREFUSED', false, words(receiver).refused);
  // A half-open handshake is no socket yet: accept() never returns it.
  if (phase === 'handshake' && receiver.role === 'server')
    return outcome(null, false, 'no error: the connection never reached accept()');
  // The receiver's program had closed: nobody reads the error.
  if (
    receiver.fin !== null &&
    receiver.fin.time <= rst.time &&
    (sender.fin !== null || mechanism === 'kernel-reply' || receiver.bytesUnacked === 0)
  )
    return outcome(null, false, 'no error: it had closed before');
  const finFirst = sender.fin !== null && sender.fin.time < rst.time;
  // Who has said goodbye writes no more: it reads the end of file that it expects, and closes.
  if (finFirst && reset.goodbye?.by === receiver)
    return outcome(null, true, 'no error: its last word was a goodbye, and end of file came first');
  if (finFirst) return outcome('EPIPE', true, words(receiver).afterFin);
  return outcome('ECONNRESET', false, words(receiver).reset);
}

const POSIX = {
  reset: 'read → ECONNRESET "connection reset by peer", then write → EPIPE "broken pipe"',
  afterFin: 'read → EOF, then write → EPIPE "broken pipe"',
  refused: 'connect → ECONNREFUSED "connection refused"',
  timedOut: 'read → ETIMEDOUT "connection timed out"',
  gaveUp: 'read or write → ETIMEDOUT "connection timed out"',
} as const;

/** Winsock's names, numbers and texts of the same (Microsoft: Windows Sockets error codes). */
const WINSOCK: Readonly<Record<keyof typeof POSIX, string>> = {
  reset: 'read or write → WSAECONNRESET (10054) "An existing connection was forcibly closed by the remote host"',
  afterFin:
    'read → EOF, then write → WSAECONNRESET (10054) "An existing connection was forcibly closed by the remote host"',
  refused:
    'connect → WSAECONNREFUSED (10061) "No connection could be made because the target machine actively refused it"',
  timedOut: 'read → WSAETIMEDOUT (10060) "the connected party did not properly respond after a period of time"',
  gaveUp:
    'read or write → WSAECONNABORTED (10053) "An established connection was aborted by the software in your host machine"',
};

/** How the system of this end words its errors; POSIX where its stack is not known. */
function words({ stack }: Reset['sender']): Readonly<Record<keyof typeof POSIX, string>> {
  return stack?.family === 'windows' ? WINSOCK : POSIX;
}
