import { bytes, count, fact, plural, span, the, whose } from '../reset/evidence.js';
import type { BlackHole, EndpointFacts, Evidence } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** What the router's word means for the setting to change: the MSS that would have passed. */
function saidBy({ mtu, mss, name, ...mark }: NonNullable<BlackHole['icmp']>): Evidence {
  return fact(
    mark,
    `a router said that its link takes ${count(mtu)} octets (ICMP "${name}"), an MSS of ${count(mss)}, and was not heeded`,
    { mtu },
  );
}

function evidenceOf(hole: BlackHole, victim: EndpointFacts, other: EndpointFacts): Evidence[] {
  const { again, beyond, later, icmp, octets, passed } = hole;
  const size = passed > 0 ? `, and no segment above ${bytes(passed)} ever was` : '';
  const lost =
    again === null
      ? fact(
          beyond,
          `${bytes(octets)} of ${the(victim)} were missing and never came; all that came of it was of ${bytes(passed)} at most, less than a full segment`,
          { missing: octets, longest: passed },
        )
      : fact(
          again.first,
          `${the(victim)} sent a segment of ${bytes(octets)} again ${plural(again.count, 'time')} over ${span(again.last.time - again.first.time)}: it was not acknowledged${size}`,
          { length: octets, retransmissions: again.count },
        );
  return [
    lost,
    ...(beyond !== null && again !== null
      ? [
          fact(
            beyond,
            `smaller ones from behind it arrived: ${the(other)} said so with SACK (${bytes(beyond.longest)} at most in a block)`,
          ),
        ]
      : []),
    ...(later !== null
      ? [
          fact(
            later,
            `a small packet of ${the(victim)} came through ${again === null ? 'later all the same' : 'later'}`,
          ),
        ]
      : []),
    ...(icmp === null ? [] : [saidBy(icmp)]),
  ];
}

/** Packets above a size are lost and nobody says so: path MTU discovery fails. */
export const pathMtuBlackHole = defineCause({
  id: 'path-mtu-black-hole',
  title: 'Large packets were lost on the path while small ones passed (path MTU)',
  counted: '{connection|connections} hung because the path loses large packets (path MTU)',
  explanation: `A link on the path (a tunnel, a VPN, PPPoE, a cloud's overlay) takes smaller packets than the two ends believe. Its router
should say so with ICMP "fragmentation needed" or "packet too big"; a filter drops that, or the sender does not heed it. So the
handshake, requests and acknowledgments pass, and the first full segment is sent again and again, until a timer of either end or
of a box between them gives up. The reset is the end of the story. Typical: "hangs after the Client Hello", an upload that stops
at 0 %, ssh that hangs at the first long output.`,
  fix: `Clamp the MSS where the narrow link begins (nft "tcp flags syn tcp option maxseg size set rt mtu"; iptables TCPMSS
--clamp-mss-to-pmtu), or lower the MTU of the ends; let ICMP type 3 code 4 and ICMPv6 type 2 through; on Linux
net.ipv4.tcp_mtu_probing=1 gets around it.`,
  confirm:
    'ping -M do -s 1472 {receiver.address} gets no answer and -s 1200 does; tracepath {receiver.address} names the size',
  references: ['RFC 2923 §2.1', 'RFC 1191', 'RFC 8201', 'RFC 4821'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-shrunk', 'active-after-fin', 'behind', 'reply', 'forward', 'mirror', 'ahead', 'stale-isn'],
  needs: ['blackHole'],
  signature: ({ blackHole, sender, receiver, rst, trigger }) => {
    const victim = blackHole.of === 'sender' ? sender : receiver;
    const other = victim === sender ? receiver : sender;
    if (victim === receiver && trigger !== null && trigger.length >= blackHole.octets)
      return { no: 'the large segment itself drew the RST: it had arrived' };
    const evidence = [
      ...evidenceOf(blackHole, victim, other),
      fact(rst, `${the(sender)} ended the connection that hung: RST`, { seq: rst.seq }),
    ];
    const common = {
      responsible: 'network-device',
      evidence,
      lost: `${bytes(Math.max(victim.bytesUnacked, 1))} lost`,
    } as const;
    if (blackHole.icmp !== null) return { confidence: 'certain', ...common, doubt: [] };
    if (blackHole.later !== null || (blackHole.again !== null && blackHole.beyond !== null))
      return {
        confidence: 'likely',
        ...common,
        doubt: [
          'A box that drops just these segments for what they contain would look the same; so would one that drops all segments of a size for another reason.',
        ],
      };
    return {
      confidence: 'possible',
      ...common,
      doubt: [
        `Nothing small of ${the(victim)} is known to have arrived later: ${whose(victim)} path may as well have gone dark just then.`,
      ],
    };
  },
});
