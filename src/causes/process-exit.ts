import { timerNamed } from '../context/timers.js';
import type { BurstFacts, Context } from '../context/types.js';
import type { Limits } from '../limits.js';
import { cited, fact, place, plural, span, the } from '../reset/evidence.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import type { Evidence, Reset } from '../reset/types.js';
import { wereOpenTogether } from '../reset/vocabulary/burst.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer, serverOf } from '../reset/vocabulary/side.js';

/** A process ended: its kernel closed all its sockets at once, FIN where all was read, RST where not. */
export const processExit = defineCause({
  id: 'process-exit',
  title: 'All connections of one {sender} ended in the same instant',
  counted: '{connection|connections} ended when all those of {sender} did in one instant',
  explanation: `When a process ends (exit, crash, kill -9, out of memory, deploy) its kernel closes every socket it held:
an ordinary close each. Connections whose data was all read end with FIN, those with unread data with RST. So most peers
see EOF and only the unlucky ones "connection reset by peer", though one event ended all of them.`,
  fix: 'Find out why the process ended; on planned stops stop accepting, finish the requests, then close.',
  confirm: `on {sender.address}: dmesg -T | grep -i -e oom -e segfault; the service's log; its restart and deploy history`,
  references: ['linux: exit_files', 'linux: __tcp_close', 'RFC 9293 §3.6.1'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-shrunk'],
  needs: [],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (sender.fin !== null) return { no: `it had closed this one with FIN before (${cited(sender.fin)})` };
    if (reset.goodbye?.clear) return { no: `the dialogue had ended with ${reset.goodbye.name}` };
    const fromServer = isServer(sender);
    const listening = serverOf(reset);
    const burst = context.burst(sender, listening, rst.time);
    if (burst === null || (burst.ended < limits.burstFlows && !isPair(reset, burst, limits)))
      return {
        no: `${fromServer ? 'no other connection' : 'no other connection of that host'} to ${place(listening)} ended at that moment`,
      };
    const lives = livedOn(burst, fromServer, limits);
    if (lives !== null) return { no: lives };
    const { refused, accepted } = afterwards(reset, context, burst);
    const ended = burst.first + burst.span;
    if (accepted !== null && accepted - ended <= limits.burstWindow && (refused === null || refused > accepted))
      return { no: `the listener accepted a connection ${span(accepted - ended)} later: the process lived on` };
    const down = refused !== null && (accepted === null || refused < accepted);
    const both = burst.byFin > 0 && burst.byReset > 0;
    // Only unread data makes an exit reset a connection: resets alone, without a sign of unread data, are aborts.
    const unreadSign =
      reset.unread !== null || (reset.freshlyAcked ?? 0) > 1 || (fromServer && reset.unanswered !== null);
    // A FIN may have answered that of the other side, which was not captured: only a listener that went too is proof.
    if (isUnseen(reset) && !(both && unreadSign && down))
      return { no: 'who ended the other connections first is not in this capture: it shows one direction only' };
    if (!both && !unreadSign)
      return {
        no: `${burst.byReset} connections were reset and none closed with FIN, with no sign of unread data: aborts, not an exit`,
      };
    return {
      confidence: down && both ? 'certain' : 'likely',
      responsible: fromServer ? 'server-app' : 'client-app',
      lost: reset.unanswered !== null && fromServer ? 'requests unanswered' : undefined,
      evidence: [
        theBurst(reset, burst, limits),
        ...(reset.unanswered
          ? [fact(reset.unanswered.last, `on this one ${the(receiver)} had just sent data that was still unread`)]
          : []),
        fact(rst, 'so a kernel acts when a process ends: FIN where all was read, RST where not'),
        ...thePort(burst, down ? { refused } : { accepted }),
      ],
      doubt:
        down && both
          ? []
          : [
              `A program that closes all its connections at once looks the same (deploy, graceful stop).${fromServer && refused === null && accepted === null ? ` No later SYN to port ${listening.port} in this capture shows whether it came back.` : ''}`,
            ],
    };
  },
});

/**
 * Two are few, and may end together by chance. All that a client had, one by FIN and one by RST, one right behind the other
 * as a kernel closes the sockets of a process: where the server said the last word on the one that was reset, that was
 * unread. Not of a stack that drops connections at rest by RST as a routine.
 */
function isPair({ sender, receiver }: Reset, burst: BurstFacts, limits: Limits): boolean {
  const { ended, live, byFin, byReset } = burst;
  if (isServer(sender) || sender.stack?.abortWindow === 'zero' || burst.span > limits.disorder) return false;
  if (ended !== 2 || live !== 2 || byFin !== 1 || byReset !== 1) return false;
  return receiver.lastData !== null && receiver.lastData.frame > (sender.lastData?.frame ?? 0);
}

/** What in the burst itself shows that the process did not end; null: nothing. */
function livedOn(burst: BurstFacts, fromServer: boolean, limits: Limits): string | null {
  if (burst.ended < limits.burstShare * burst.live)
    return `only ${burst.ended} of ${burst.live} live connections ended: the process lived on`;
  if (!wereOpenTogether(burst, limits)) return 'they had not been open at the same time';
  if (burst.accepted > 0)
    return `${fromServer ? 'the listener accepted' : 'that host began'} ${plural(burst.accepted, 'connection')} in the same instant`;
  // A kernel that cleans up after a process ends all of them at once; a program says something in between.
  if (burst.between > limits.burstShare * (burst.ended - 1))
    return `it went on talking between these ${burst.ended} endings: the process lived on`;
  if (endedByAge(burst, limits))
    return `all of them had been idle for the same ${span(burst.longestIdle)}: an idle limit ended them`;
  return null;
}

/** When the server's port first refused and first accepted a connection after the burst; null: never, or a client ended. */
function afterwards({ sender }: Reset, context: Context, burst: BurstFacts) {
  const listener = isServer(sender) ? context.listener(sender.address, sender.port) : null;
  return {
    refused: listener?.refusedAfter(burst.first) ?? null,
    accepted: listener?.acceptedAfter(burst.first + burst.span) ?? null,
  };
}

function theBurst({ sender, receiver }: Reset, burst: BurstFacts, limits: Limits): Evidence {
  const where = isServer(sender) ? `on port ${sender.port}` : `to port ${receiver.port}`;
  const frames = burst.frames.slice(0, limits.listedFrames).map(cited).join(', ');
  return fact(
    { frame: burst.frames[0] },
    `within ${span(burst.span)} ${sender.address} closed ${burst.ended} of its ${Math.max(burst.live, burst.ended)} connections ${where}: ${burst.byFin} with FIN, ${burst.byReset} with RST (frames ${frames}${burst.frames.length > limits.listedFrames ? ' …' : ''})`,
    { ended: burst.ended, live: burst.live },
  );
}

/** What the server's port did next. */
function thePort(burst: BurstFacts, next: { refused?: number | null; accepted?: number | null }): Evidence[] {
  const { refused = null, accepted = null } = next;
  if (refused !== null)
    return [
      fact(null, `${span(refused - burst.first)} later the port refused a new connection: the listener was gone too`),
    ];
  if (accepted !== null)
    return [
      fact(null, `${span(accepted - burst.first)} later the port accepted connections again: it had been restarted`),
    ];
  return [];
}

/**
 * Did an idle limit end them, each at the same age? Connections that were last used together are as old as each other
 * when their process ends, too: only endings as far apart as the last uses were, or a known timer, show a limit.
 */
function endedByAge(burst: BurstFacts, limits: Limits): boolean {
  const { shortestIdle, longestIdle, span: apart } = burst;
  const spread = longestIdle - shortestIdle;
  if (shortestIdle < limits.messageGap || spread > limits.clusterSpread * longestIdle) return false;
  return timerNamed(longestIdle, limits, true) !== null || (apart > limits.disorder && apart > 2 * spread);
}
