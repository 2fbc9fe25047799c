import { timerNamed } from '../context/timers.js';
import type { BurstFacts } from '../context/types.js';
import type { Limits } from '../limits.js';
import { cited, fact, place, plural, span, the } from '../reset/evidence.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';

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
    const listening = fromServer ? sender : receiver;
    const burst = context.burst(sender, listening, rst.time);
    if (burst === null || burst.ended < limits.burstFlows)
      return {
        no: `${fromServer ? 'no other connection' : 'no other connection of that host'} to ${place(listening)} ended at that moment`,
      };
    if (burst.ended < limits.burstShare * burst.live)
      return { no: `only ${burst.ended} of ${burst.live} live connections ended: the process lived on` };
    if (burst.live < burst.ended) return { no: 'they had not been open at the same time' };
    if (burst.accepted > 0)
      return {
        no: `${fromServer ? 'the listener accepted' : 'that host began'} ${plural(burst.accepted, 'connection')} in the same instant`,
      };
    // A kernel that cleans up after a process ends all of them at once; a program says something in between.
    if (burst.between > limits.burstShare * (burst.ended - 1))
      return { no: `it went on talking between these ${burst.ended} endings: the process lived on` };
    if (endedByAge(burst, limits))
      return { no: `all of them had been idle for the same ${span(burst.longestIdle)}: an idle limit ended them` };
    const refused = fromServer
      ? (context.listener(sender.address, sender.port)?.refusedAfter(burst.first) ?? null)
      : null;
    const accepted = fromServer
      ? (context.listener(sender.address, sender.port)?.acceptedAfter(burst.first + burst.span) ?? null)
      : null;
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
        fact(
          { frame: burst.frames[0] },
          `within ${span(burst.span)} ${sender.address} closed ${burst.ended} of its ${burst.live} connections ${fromServer ? 'on' : 'to'} port ${listening.port}: ${burst.byFin} with FIN, ${burst.byReset} with RST (frames ${burst.frames.slice(0, limits.listedFrames).map(cited).join(', ')}${burst.frames.length > limits.listedFrames ? ' …' : ''})`,
          { ended: burst.ended, live: burst.live },
        ),
        ...(reset.unanswered
          ? [fact(reset.unanswered.last, `on this one ${the(receiver)} had just sent data that was still unread`)]
          : []),
        fact(rst, 'so a kernel acts when a process ends: FIN where all was read, RST where not'),
        ...(down && refused !== null
          ? [
              fact(
                null,
                `${span(refused - burst.first)} later the port refused a new connection: the listener was gone too`,
              ),
            ]
          : []),
        ...(!down && accepted !== null
          ? [
              fact(
                null,
                `${span(accepted - burst.first)} later the port accepted connections again: it had been restarted`,
              ),
            ]
          : []),
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
 * Did an idle limit end them, each at the same age? Connections that were last used together are as old as each other
 * when their process ends, too: only endings as far apart as the last uses were, or a known timer, show a limit.
 */
function endedByAge(burst: BurstFacts, limits: Limits): boolean {
  const { shortestIdle, longestIdle, span: apart } = burst;
  const spread = longestIdle - shortestIdle;
  if (shortestIdle < limits.messageGap || spread > limits.clusterSpread * longestIdle) return false;
  return timerNamed(longestIdle, limits) !== null || (apart > limits.disorder && apart > 2 * spread);
}
