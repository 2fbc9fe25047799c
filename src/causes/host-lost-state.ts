import { cited, fact, plural, span, spoke, the, whose } from '../reset/evidence.js';
import { isUsed } from '../reset/facts/mechanism.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';

/** The host answers as if the connection had never existed: reboot, crash, restored or recreated machine. */
export const hostLostState = defineCause({
  id: 'host-lost-state',
  title: 'The {sender} host no longer knew its connections',
  counted: '{connection was|connections were} no longer known to the host of {sender}',
  explanation: `The connection was healthy, then one side fell silent without FIN or RST. When the other side spoke again,
the host answered as if the connection had never existed: it had been rebooted, had crashed, was restored from a snapshot,
or its container was recreated with the same address. Its connections die one by one, as their peers speak.`,
  fix: 'Find out what happened to {sender.address}; use TCP or application keep-alives so that peers notice soon, and let clients reconnect.',
  confirm: `on {sender.address}: uptime -s; last reboot; the container runtime's events`,
  references: ['RFC 9293 §3.5.1', 'RFC 9293 §3.10.7.1', 'linux: SK_RST_REASON_NO_SOCKET'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply'],
  needs: ['drawn'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, trigger, drawn, mechanism, phase, provenance, aftermath } = reset;
    if (mechanism.kind === 'third-party')
      return { no: `another machine answered for ${sender.address}: its TTL or MAC differs` };
    if (sender.fin !== null) return { no: `the ${sender.role} had closed (${cited(sender.fin)})` };
    if (phase === 'handshake' || phase === 'syn-sent' || !isUsed(sender))
      return { no: 'the connection had not been in use' };
    if (sender.lastSegment !== null && drawn.time - sender.lastSegment.time < limits.exchangeIdle)
      return {
        no: `${sender.address} spoke for this connection ${span(drawn.time - sender.lastSegment.time)} before (${cited(sender.lastSegment)})`,
      };
    if (sender.zeroWindowProbes > 0)
      return { no: `${sender.address} had probed a shut window: its socket gave up in silence` };
    // A counter that goes on where this connection left it was not set back by a restart, nor by a snapshot.
    if (provenance.ipId === 'continues')
      return { no: 'its IP ID went on from its last packet: that kernel had run all the time' };
    const host = context.host(sender.address);
    // A host that is busy all the time has not restarted: what it no longer knows was ended some other way.
    const flows = (host?.forgotten ?? 0) - (host?.forgottenWhileBusy ?? 0);
    const listener = context.listener(
      sender.role === 'client' ? receiver.address : sender.address,
      sender.role === 'client' ? receiver.port : sender.port,
    );
    const refused = sender.role === 'server' ? (listener?.refusedAfter(sender.lastSegment?.time ?? 0) ?? null) : null;
    const enough = flows >= limits.failoverFlows;
    const sameTtl = provenance.ttl !== null && provenance.ttl.rst === provenance.ttl.usual;
    const idle = drawn.time - (sender.lastSegment?.time ?? drawn.time);
    return {
      confidence: enough && sameTtl ? 'likely' : 'possible',
      responsible: isServer(sender) ? 'server-host' : 'client-host',
      lost: trigger && trigger.length > 1 ? 'data lost' : undefined,
      evidence: [
        fact(sender.lastSegment, `${the(sender)} was last heard of`),
        fact(
          drawn,
          trigger?.note === 'keep-alive'
            ? `${span(idle)} later ${whose(receiver)} keep-alive probe asked whether it was still there`
            : `${span(idle)} later ${spoke(reset)}`,
        ),
        fact(rst, 'the host answered as if the connection had never existed', {
          seq: rst.seq,
          window: rst.window,
          ttl: rst.ttl,
        }),
        ...(enough
          ? [
              fact(
                null,
                `${plural(flows, 'connection')} of ${sender.address} got the same answer (frames ${host?.forgottenFrames.map(cited).join(', ')})`,
              ),
            ]
          : []),
        ...(refused !== null && sender.lastSegment && refused > sender.lastSegment.time
          ? [fact(null, 'its port refused new connections afterwards')]
          : []),
        ...(aftermath.nextSyn?.answer === 'accepted'
          ? [fact(aftermath.nextSyn, 'a new connection was accepted afterwards')]
          : []),
      ],
      doubt: [
        enough
          ? 'A NAT or load balancer that forgot its table and answers with the same TTL looks the same; uptime on the host decides.'
          : 'One connection alone cannot prove it: a NAT or load balancer that forgot this one, or a socket killed silently, looks the same.',
      ],
    };
  },
});
