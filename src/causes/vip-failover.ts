import { cited, fact, plural, span, spoke, the } from '../reset/evidence.js';
import { isUsed, oneHopFarther, sameDistance } from '../reset/facts/mechanism.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** The address moved to another machine, which does not know the connections. */
export const vipFailover = defineCause({
  id: 'vip-failover',
  title: 'The address now belongs to another machine, which does not know the connection',
  counted: '{connection|connections} met another machine under the address of {sender}',
  explanation: `The connection was healthy; then packets to the same address were answered by another machine: same distance,
but another operating system's TTL or another MAC address, and no knowledge of the connection. A virtual address moved
(keepalived, a cluster), or a load balancer sent the connection to another backend. The old machine is silent for good.`,
  fix: 'Synchronise connection state (conntrackd, IPVS sync), drain before the move, use consistent hashing; let clients reconnect at once.',
  confirm: 'the cluster or load balancer log at that moment; ARP: does {sender.address} have another MAC address now?',
  references: ['RFC 9293 §3.10.7.1', 'RFC 5798', 'linux: SK_RST_REASON_NO_SOCKET'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply'],
  needs: ['drawn'],
  signature: (reset, context, limits) => {
    const { rst, sender, trigger, drawn, provenance, aftermath } = reset;
    // No stack that is known writes a window into its bare answer to a stranger, NetScaler's codes aside; who forges RSTs may.
    if (rst.window !== 0 && reset.stated === null)
      return { no: `a machine without the connection writes no window, and this one is ${rst.window}` };
    if (sender.fin !== null || !isUsed(sender)) return { no: 'the connection had not been in use, or was closed' };
    if (aftermath.senderWentOn) return { no: `the old machine went on (${cited(aftermath.senderWentOn)})` };
    if (trigger !== null && (sender.lastSegment?.frame ?? 0) > trigger.frame)
      return { no: `the machine that was there had answered what came last (${cited(sender.lastSegment ?? rst)})` };
    const ttl = provenance.ttl;
    const other = ttl !== null && ttl.rst !== ttl.usual && ttl.samples >= limits.ttlSamples;
    if (!other && !provenance.macDiffers) return { no: 'the answer has the marks of the same machine' };
    // Another initial TTL at the same distance is another machine at the same place; a nearer one is a device on the way.
    const farther = ttl !== null && oneHopFarther(ttl.rst, ttl.usual);
    if (ttl !== null && other && !provenance.macDiffers && !farther && !sameDistance(ttl.rst, ttl.usual))
      return { no: `its TTL ${ttl.rst} says it was made elsewhere on the path` };
    const flows = context.host(sender.address)?.forgotten ?? 0;
    return {
      confidence: flows >= limits.failoverFlows ? 'likely' : 'possible',
      responsible: 'configuration',
      lost: trigger && trigger.length > 1 ? 'request lost' : undefined,
      evidence: [
        fact(sender.lastSegment, `${the(sender)} was last heard of${ttl ? ` (TTL ${ttl.usual}, as always)` : ''}`),
        fact(drawn, `${span(drawn.time - (sender.lastSegment?.time ?? drawn.time))} later ${spoke(reset, '')}`),
        fact(
          rst,
          `the answer came from another machine${ttl && other ? ` ${farther ? 'one hop farther' : 'at the same distance'} (TTL ${ttl.rst})` : ' (another MAC address)'} which knew no such connection`,
          { ttl: rst.ttl, window: rst.window },
        ),
        ...(flows > 1
          ? [
              fact(
                null,
                `${plural(flows, 'connection')} to ${sender.address} were answered like that (frames ${context.host(sender.address)?.forgottenFrames.map(cited).join(', ')})`,
              ),
            ]
          : []),
      ],
      doubt: ['A load balancer that picked another backend, and an address that moved, look alike: their logs decide.'],
    };
  },
});
