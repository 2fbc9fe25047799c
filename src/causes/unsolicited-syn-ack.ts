import type { OriginalSyn } from '../context/types.js';
import { cited, fact, place, span, the } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import type { Match, With } from '../reset/vocabulary/verdict.js';
import { ACK, SYN } from '../tcp/control.js';

/** A SYN-ACK that nobody asked for was turned away. */
export const unsolicitedSynAck = defineCause({
  id: 'unsolicited-syn-ack',
  title: 'A kernel got an answer to a connect that it had not made, and turned it away',
  counted: '{SYN-ACK|SYN-ACKs} came to a host that had not asked',
  explanation: `A SYN-ACK arrived although no SYN had left (as far as this capture shows), and the host answered it with
RST, as it must. Either somebody sent SYNs with this host's address as sender (the answers to a spoofed flood are called
backscatter), or the SYN took another path than the one captured, or a translation on the way (DNAT of a cluster or a load
balancer) was not undone and the answer went to the wrong machine. Where the SYN did leave this host and is repeated after
the RST, the answer came to the wrong place inside the host: to its kernel instead of a program with a TCP of its own (a
scanner, DPDK), to another network namespace or VRF than the socket's, or to a firewall rule that rejects it.`,
  fix: 'Nothing on this host. If connects fail, look for asymmetric routing and for a DNAT whose answers go around it: the SYN-ACK must pass where the SYN passed.',
  confirm:
    'on {sender.address}: no program has that port open as a client; a capture at the host itself shows whether a SYN left; if one did: nft list ruleset, ip vrf show, ip route get {receiver.address}',
  references: ['RFC 9293 §3.10.7.1', 'RFC 4987 §2'],
  since: '0.1.0',
  severity: 'note',
  shapes: ['reply', 'orphan'],
  needs: ['trigger'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, trigger, provenance, aftermath } = reset;
    if ((trigger.control & (SYN | ACK)) !== (SYN | ACK)) return undefined;
    const { syn } = sender;
    const original = context.originalSyn(rst.frame);
    // Scanners that write their packets themselves ask host after host with one port and number.
    if (original !== null && sender.stack?.family !== 'raw-socket tool') return translated(reset, original);
    // The SYN came from elsewhere, and no client gives up so soon: the answer went to a machine that had not asked.
    if (syn !== null && provenance.macDiffers && rst.time - syn.time < limits.abandonedConnect)
      return {
        confidence: 'likely',
        severity: 'warning',
        responsible: 'configuration',
        evidence: [
          fact(syn, `${sender.address} asked for a connection (SYN)`),
          fact(trigger, 'the SYN-ACK came back'),
          fact(
            rst,
            `${span(rst.time - syn.time)} after the SYN it was turned away from another MAC address: by a machine that had not asked`,
            { seq: rst.seq },
          ),
        ],
        doubt: ['A client behind two routers of the same network, which cancels at once, looks the same.'],
      };
    // What acknowledges another number must be turned away, and the connect goes on (RFC 9293 §3.10.7.3).
    const fits = sender.iss !== null && ((rst.seq - sender.iss) | 0) === 1;
    if (syn !== null && aftermath.synAgain?.by === 'sender' && fits)
      return {
        confidence: 'likely',
        severity: 'error',
        responsible: 'configuration',
        evidence: [
          fact(syn, `${sender.address} asked for a connection (SYN)`),
          fact(trigger, `${receiver.address} accepted`),
          fact(rst, `the answer was turned away ${span(rst.time - trigger.time)} later`, { seq: rst.seq }),
          fact(
            aftermath.synAgain,
            'the same SYN was sent again: whoever asked was still waiting, so its TCP never got the answer',
          ),
        ],
        doubt: [
          'Why it went astray is not in the packets: a rule of the client host that rejects the SYN-ACK, a VRF or network namespace in which the socket is not, or a program with a TCP of its own beside the kernel.',
        ],
      };
    if (sender.segments > 0 || syn !== null)
      return { no: `a SYN had been sent (${cited(syn ?? sender.lastSegment ?? rst)})` };
    const early = trigger.time - context.start < 2 * limits.messageGap;
    return {
      confidence: early ? 'possible' : 'likely',
      responsible: 'unknown',
      evidence: [
        fact(trigger, `a SYN-ACK of ${receiver.address} arrived for a connection nobody had asked for`),
        fact(rst, `${the(sender)} turned it away`, { seq: rst.seq }),
      ],
      doubt: [
        early
          ? 'The capture had just begun: the SYN may have been sent before.'
          : 'A SYN that left by another path than the one captured looks the same.',
      ],
    };
  },
});

/** The SYN was sent to another address, and its answer did not come from that. */
function translated({ rst, sender, receiver, trigger }: With<'trigger'>, original: OriginalSyn): Match {
  const { syn } = sender;
  return {
    confidence: 'likely',
    severity: 'error',
    responsible: 'configuration',
    evidence: [
      fact(original, `${sender.address} asked ${place(original)} for a connection (SYN)`),
      ...(syn === null ? [] : [fact(syn, `the same SYN, by its port and number, went on to ${place(receiver)}`)]),
      fact(trigger, `${place(receiver)} answered that SYN in its own name`),
      fact(rst, `${the(sender)} had asked nothing of that address and turned the answer away`, { seq: rst.seq }),
    ],
    doubt: [
      'Inferred: the address of the SYN was translated on the way (DNAT of a cluster, a load balancer) and that of the answer was not, because it came back another way. Which device should have done it is not in the packets.',
    ],
  };
}
