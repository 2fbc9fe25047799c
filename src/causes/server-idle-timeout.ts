import { timerNamed } from '../context/timers.js';
import { fact, plural, span, the } from '../reset/evidence.js';
import { isOriginOpen } from '../reset/facts/mechanism.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { mayBeHttp } from '../reset/vocabulary/protocols.js';
import { isServer } from '../reset/vocabulary/side.js';

/** The server dropped an idle connection with RST instead of FIN. */
export const serverIdleTimeout = defineCause({
  id: 'server-idle-timeout',
  title: 'The {sender} dropped a connection that had been idle too long, with RST',
  counted: '{idle connection was|idle connections were} dropped with RST by {sender}',
  explanation: `Nothing was outstanding: the last request had been answered. After a fixed time of silence the program dropped
the connection, and it did so with an abort instead of an orderly close (nginx reset_timedout_connection, SO_LINGER 0, IIS
and some embedded servers). Its own live socket sent the RST, so no device on the path is to blame. A pool that keeps the
connection logs "connection reset by peer" although no request was lost.`,
  fix: 'Close idle connections with FIN on the {sender}; let the pool on the other side drop them sooner.',
  confirm: 'on {sender.address}: its idle or keep-alive timeout setting',
  references: ['nginx: reset_timedout_connection', 'RFC 9293 §3.10.5', 'linux: SK_RST_REASON_TCP_STATE'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['active'],
  needs: ['idleData'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, unanswered, mechanism, idleData, unread } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (!isServer(sender)) return undefined;
    if (sender.fin !== null) return { no: 'a FIN came first' };
    if (unanswered !== null || unread !== null) return { no: 'a request was waiting for an answer' };
    if (idleData < limits.messageGap) return { no: `the connection had been in use ${span(idleData)} before` };
    if (sender.keepAliveProbes !== null && sender.keepAliveProbes.count >= limits.keepAliveProbes)
      return { no: 'keep-alive probes had gone unanswered' };
    const timer = timerNamed(idleData, limits, mayBeHttp(reset));
    const same = context.sameIdle(sender, 'server', idleData);
    // Used together and dropped together, they are as old as each other whatever ended them (process-exit.ts): one event.
    const many = same >= limits.clusterFlows;
    const burst = many ? context.burst(sender, sender, rst.time) : null;
    const together =
      burst !== null &&
      burst.ended >= same &&
      burst.span <= Math.max(limits.disorder, 2 * (burst.longestIdle - burst.shortestIdle));
    if (!many && timer === null) return { no: `${span(idleData)} of silence is no known timer` };
    const sure = many && mechanism.kind === 'live-socket' && mechanism.confidence === 'certain' && !together;
    return {
      confidence: sure ? 'certain' : isOriginOpen(reset) ? 'possible' : 'likely',
      responsible: 'server-app',
      evidence: [
        fact(sender.lastData ?? receiver.lastData, 'the last exchange was complete'),
        fact(rst, `after ${span(idleData)} of silence ${the(sender)}'s live socket sent RST instead of FIN`, {
          idle: Math.round(idleData),
          window: rst.window,
        }),
        ...(same > 1 ? [fact(null, `${plural(same, 'connection')} to that port ended so after the same time`)] : []),
        ...(timer !== null ? [fact(null, `${span(idleData)} is ${timer}`)] : []),
      ],
      doubt: !many
        ? ['Inferred: a timer. One connection alone may have been aborted for another reason after that time.']
        : together
          ? [
              'Inferred: a timer. They were last used together and dropped in the same moment: another reason looks the same.',
            ]
          : [],
    };
  },
});
