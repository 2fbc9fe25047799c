import { fact, place, the } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** A packet reached its peer untranslated (kubernetes#74839). */
export const conntrackInvalidLeak = defineCause({
  id: 'conntrack-invalid-leak',
  title: 'A packet left the NAT untranslated, and its receiver reset the stranger',
  explanation: `A NAT (kube-proxy, Docker, a router) translates the packets of a connection. One packet it took for invalid
(out of its window, for instance) passed untranslated: it reached the client from the real server's address, not from the
one the client had connected to. The client's kernel knew no such connection and reset it; that reset, translated on its
way back, kills the healthy connection at the server, and then the client's next packet draws a reset as well.`,
  fix: 'Drop invalid packets instead of forwarding them (kube-proxy does since 1.15), or set net.netfilter.nf_conntrack_tcp_be_liberal = 1; avoid asymmetric paths.',
  confirm: 'on the NAT: conntrack -S counts up "invalid"; nft or iptables rule for ct state invalid',
  references: ['kubernetes/kubernetes#74839', 'linux: nf_conntrack_tcp_be_liberal'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply', 'orphan', 'active', 'mirror'],
  needs: [],
  signature: (reset, context) => {
    const { rst, sender, receiver, trigger } = reset;
    const kin = context.kin(rst.frame);
    if (kin !== null)
      return {
        confidence: 'certain',
        responsible: 'network-device',
        evidence: [
          ...(trigger
            ? [
                fact(
                  trigger,
                  `a packet arrived from ${place(receiver)}, from which ${place(sender)} had no connection`,
                  { seq: trigger.seq, ack: trigger.ack },
                ),
              ]
            : []),
          fact(
            { frame: kin.frame },
            `its numbers are those of the connection ${place(kin.client)} → ${place(kin.server)}: it is a packet of that one that was not translated`,
          ),
          fact(rst, `${the(sender)} reset the stranger`, { seq: rst.seq }),
        ],
        doubt: [],
      };
    const before = context.leakBefore(sender, receiver, rst.time);
    if (before === null) return { no: 'no packet of this connection was seen under another address' };
    return {
      confidence: 'likely',
      responsible: 'network-device',
      evidence: [
        fact(
          { frame: before.frame },
          'a packet of this connection had reached the client untranslated and had been reset there',
        ),
        fact(
          rst,
          'that reset, translated on its way back, had ended the connection at the other side: its answer to the next packet was an RST',
          { seq: rst.seq },
        ),
      ],
      doubt: ['Inferred from the reset of the stray packet just before.'],
    };
  },
});
