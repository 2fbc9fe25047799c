import { cited, fact, plural, span, the } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** A firewall answered the SYN in the host's name. */
export const firewallRejectSyn = defineCause({
  id: 'firewall-reject-syn',
  title: 'A firewall on the path refused the connection in the name of the server',
  counted: '{attempt was|attempts were} refused by a firewall in the name of {server}',
  explanation: `The SYN was answered with RST, but not by the host it was sent to: the answer's TTL (or MAC address) is not
that of the host's other packets. A firewall with a "reject with tcp reset" rule answers like that, at once and for the
host, which never sees the SYN. connect() fails with "connection refused", exactly as on a closed port.`,
  fix: 'Ask for the port to be opened on the firewall, or use an address and port that the policy allows.',
  confirm: 'on the firewall: the counter of its reject rule; on {sender.address}: tcpdump shows no SYN',
  references: ['linux: nf_reject_ipv4', 'RFC 9293 §3.10.7.1', 'RFC 3360'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply-to-syn'],
  needs: ['drawn'],
  signature: (reset) => {
    const { rst, sender, receiver, trigger, mechanism, aftermath, provenance } = reset;
    if (aftermath.synAck) return { no: `the server accepted the connection all the same (${cited(aftermath.synAck)})` };
    if (mechanism.kind !== 'third-party')
      return { no: `its TTL is ${provenance.ttl === null ? 'not known' : 'that of the host itself'}` };
    return {
      confidence: mechanism.confidence === 'possible' ? 'possible' : 'likely',
      responsible: 'network-device',
      evidence: [
        ...(trigger ? [fact(trigger, `${the(receiver)} asked for a connection (SYN)`)] : []),
        fact(
          rst,
          trigger
            ? `${span(trigger.latency)} later RST, ACK came back`
            : 'RST, ACK with seq 0 answered a SYN, which is not in this capture',
          {
            seq: rst.seq,
            ack: rst.ack,
            window: rst.window,
            ttl: rst.ttl,
          },
        ),
        ...mechanism.facts,
        ...(mechanism.hops !== null
          ? [
              fact(
                rst,
                `its TTL ${rst.ttl} says it was made ${mechanism.hops === 0 ? 'on this network' : `${plural(mechanism.hops, 'hop')} away`}`,
              ),
            ]
          : []),
      ],
      doubt: [
        `Which device, and which rule. A host with another TTL for resets than for data (IP_TTL set by the program) would look alike; a capture on ${sender.address} decides.`,
      ],
    };
  },
});
