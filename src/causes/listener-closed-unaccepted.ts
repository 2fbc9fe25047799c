import type { BurstFacts } from '../context/types.js';
import type { Limits } from '../limits.js';
import { cited, fact, place, plural, span } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';

/** The service stopped with connections waiting in its accept queue. */
export const listenerClosedUnaccepted = defineCause({
  id: 'listener-closed-unaccepted',
  title: 'The service stopped with connections still waiting to be accepted',
  counted: '{connection|connections} still waited to be accepted when {server} stopped',
  explanation: `The kernel completes handshakes and acknowledges the first data on its own; the program has to call
accept(). It did not, and then closed its listening socket or ended. All connections still waiting are reset at once,
also those without any data: an accepted one without unread data would have been closed with FIN.`,
  fix: 'Find out why the service did not accept (blocked, overloaded, starting up?) and let it stop gracefully: stop listening, accept what waits, answer, close.',
  confirm: `on {server.address}: ss -ltn 'sport = :{server.port}' shows Recv-Q (waiting connections); the service's log shows the stop`,
  references: ['linux: inet_csk_listen_stop', 'linux: SK_RST_REASON_TCP_STATE', 'listen(2)'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active'],
  needs: [],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, mechanism, quality } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    const complete = quality.midStream ? reset.start : reset.accepted;
    if (!isServer(sender) || complete === null) return undefined;
    if (sender.bytes > 0 || sender.fin !== null) return { no: 'the server had used the connection' };
    const burst = context.burst(sender, sender, rst.time);
    const listener = context.listener(sender.address, sender.port);
    const together = burst !== null && burst.ended >= 2 && burst.byFin === 0 && isOneClose(burst, limits);
    const empty = receiver.bytes === 0;
    const waited = rst.time - complete.time;
    const gone = (listener?.refusedAfter(rst.time) ?? null) !== null;
    const again = listener?.acceptedAfter(rst.time) ?? null;
    // What the server had said before the capture began is not known of any of them: more must end alike.
    if (quality.midStream && (burst === null || burst.ended < limits.burstFlows))
      return { no: 'the handshake is not in this capture, and too few connections were reset together' };
    // One alone, of which the client had asked nothing, may have waited as well as have been accepted and aborted.
    if (!together && !empty) return { no: 'no other waiting connection was reset with it' };
    if (burst !== null && burst.byFin > 0)
      return { no: `${plural(burst.byFin, 'connection')} of that burst ended with FIN: they had been accepted` };
    if (burst !== null && burst.ended < limits.burstShare * burst.live)
      return { no: `${burst.live - burst.ended} other connections lived on` };
    if (again !== null && !gone && again - rst.time < limits.burstWindow)
      return { no: 'the listener accepted connections right after' };
    return {
      confidence: together && waited >= limits.exchangeIdle ? 'likely' : gone ? 'likely' : 'possible',
      responsible: 'server-app',
      lost: receiver.bytes > 0 ? 'request unanswered' : undefined,
      evidence: [
        ...(quality.midStream ? [] : [fact(complete, 'the handshake was complete: connect() had succeeded')]),
        ...(receiver.firstData
          ? [fact(receiver.firstData, "the client's first data was acknowledged by the kernel")]
          : []),
        fact(rst, `after ${span(waited)} without a byte from the program the connection was reset`, {
          window: rst.window,
        }),
        ...(burst && together
          ? [
              fact(
                { frame: burst.frames[0] },
                `within ${span(burst.span)} ${plural(burst.ended, 'connection')} to ${place(sender)} ended like that, none with FIN (frames ${burst.frames.map(cited).join(', ')})`,
              ),
            ]
          : []),
        ...(gone ? [fact(null, 'the port refused connections afterwards')] : []),
      ],
      doubt: ['A program that accepts and then aborts all its connections (SO_LINGER 0) gives the same packets.'],
    };
  },
});

/** Ended as a kernel clears the queue of a socket, all at once: two that ended a little apart ended so by chance. */
function isOneClose(burst: BurstFacts, limits: Limits): boolean {
  return burst.span <= (burst.ended < limits.burstFlows ? limits.replyLatency : limits.exchangeIdle);
}
