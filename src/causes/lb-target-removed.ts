import { cited, fact, place, plural, span } from '../reset/evidence.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { wereOpenTogether } from '../reset/vocabulary/burst.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';

/** A load balancer ended all connections to one backend. */
export const lbTargetRemoved = defineCause({
  id: 'lb-target-removed',
  title: 'A load balancer ended all its connections to one backend at once',
  counted: '{connection|connections} ended when a load balancer dropped a backend',
  explanation: `One address that holds many connections to this backend ended all of them in the same instant, while it went on
with others: so a load balancer or proxy acts when a target is taken out (deregistered, unhealthy, drained by force). The
backend's program sees "connection reset by peer" on all of them, through no fault of its own.`,
  fix: 'Drain targets before they are removed (deregistration delay, slow drain); look at why health checks failed if nobody removed it.',
  confirm: 'the load balancer log at that moment: target removed, unhealthy, or sessions shut down by an operator',
  references: ['haproxy: shutdown sessions server', 'AWS NLB: connection termination on deregistration'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['active', 'active-shrunk', 'reply', 'mirror'],
  needs: [],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, mechanism } = reset;
    if (isServer(sender)) return undefined;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    const burst = context.burst(sender, receiver, rst.time);
    if (burst === null || burst.ended < limits.burstFlows)
      return { no: 'no other connection of that host to this backend ended at that moment' };
    if (!wereOpenTogether(burst, limits)) return { no: 'they had not been open at the same time' };
    const alive = context.host(sender.address)?.lastSpoke ?? null;
    const goesOn = alive !== null && alive > burst.first + burst.span + limits.lifeAfterReset;
    const all = burst.ended >= limits.burstShare * burst.live && burst.byFin === 0;
    if (!all)
      return { no: burst.byFin > 0 ? 'some of them ended with FIN' : 'other connections to this backend lived on' };
    // A scanner's connections are as empty; what else it tried is not there where its own direction is all there is.
    const empty = isUnseen(reset) && sender.bytes === 0;
    const ended = burst.first + burst.span;
    const again = context.listener(receiver.address, receiver.port)?.acceptedAfter(ended) ?? null;
    if (again !== null && again - ended <= limits.restartWindow)
      return {
        no: `${place(receiver)} was given new connections ${span(again - ended)} later: it had not been taken out`,
      };
    // A balancer acts in one instant and is a server itself; any client may drop what it holds to one server. Yet a Linux
    // program that closes sends FIN: all of them by RST within a millisecond are what a proxy's "shutdown sessions" makes.
    const linux = rst.timestamps !== null || sender.stack?.family === 'linux';
    const atOnce = burst.span <= limits.disorder && linux && rst.window > 0;
    const serves = (context.host(sender.address)?.served ?? 0) > 0 && burst.span <= limits.exchangeIdle;
    const balancer = serves || atOnce;
    if (!goesOn || empty || !balancer)
      return {
        confidence: 'possible',
        responsible: 'network-device',
        evidence: [
          fact(
            { frame: burst.frames[0] },
            `${sender.address} reset ${plural(burst.ended, 'connection')} to ${place(receiver)} within ${span(burst.span)}`,
          ),
        ],
        doubt: [
          empty
            ? 'A scan of many ports looks the same where the answers were not captured.'
            : goesOn
              ? 'A client that drops what it holds to one server looks the same, unless the capture shows it as a server too.'
              : 'A client process that ended with unread data on each looks the same.',
        ],
      };
    return {
      confidence: 'likely',
      responsible: 'network-device',
      evidence: [
        fact(
          { frame: burst.frames[0] },
          `${sender.address} reset all ${burst.ended} of its connections to ${place(receiver)} within ${span(burst.span)}, none with FIN (frames ${burst.frames.map(cited).join(', ')})`,
        ),
        fact(
          null,
          `${sender.address} went on with other connections${serves ? ' and serves clients itself: a proxy that lived' : ': its process lived'}`,
        ),
        fact(rst, 'this is one of them'),
      ],
      doubt: [
        'A pool that drops all connections to one server at once (after an error on one of them) looks the same.',
      ],
    };
  },
});
