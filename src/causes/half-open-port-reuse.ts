import { count, fact, place, the, whose } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { portReuse } from '../reset/vocabulary/port-reuse.js';
import type { With } from '../reset/vocabulary/verdict.js';
import { RST, sequenceLength } from '../tcp/control.js';
import { distance } from '../tcp/sequence.js';

/** The client forgot a connection and used its port again; the challenge ACK drew the reset of the old one. */
export const halfOpenPortReuse = defineCause({
  id: 'half-open-port-reuse',
  title: 'The client used a port again on which the server still had an old connection',
  counted: '{attempt|attempts} came from a port on which {server} still had an old connection',
  explanation: `The server still held a connection that the client no longer knew (it had restarted, or its NAT reused
the port). A new connection request (SYN) from the same address and port is not accepted then: the server answers with
an acknowledgment of the old connection (a challenge ACK), and the client's kernel, which expected something else,
resets that. The old connection dies at the server with "connection reset by peer"; the SYN is repeated and the new one
succeeds.`,
  fix: 'Keep-alives on the server, so that dead connections go; no fixed source ports on the client; a larger port range on the NAT.',
  confirm: 'in the server log: the reset belongs to the connection that began earlier from the same client port',
  references: ['RFC 5961 §4', 'RFC 9293 §3.10.7.4', 'linux: SK_RST_REASON_TCP_INVALID_ACK_SEQUENCE'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply', 'active-after-fin', 'behind', 'ahead'],
  needs: ['trigger'],
  signature: (reset) => {
    const { rst, sender, receiver, trigger, aftermath } = reset;
    const reuse = portReuse(reset);
    if (reuse === null) return undefined;
    const { syn } = reuse;
    if (reuse.closed) return { no: 'the old connection was being closed' };
    const missing = reuse.oldSeen ? unheard(reset) : 0;
    const sure = reuse.oldSeen && missing === 0;
    return {
      // Whoever has no connection answers a SYN with SYN-ACK or RST; only an old one is answered for by a bare ACK.
      confidence: sure ? 'certain' : !reuse.oldSeen && trigger.unseen ? 'possible' : 'likely',
      responsible: 'client-host',
      evidence: [
        fact(
          syn,
          `${the(sender)} sent a SYN with a new number on ${place(sender)}, a connection the server still had`,
          { seq: syn.seq },
        ),
        fact(trigger, `${the(receiver)} answered with an acknowledgment of the old connection (challenge ACK)`, {
          seq: trigger.seq,
          ack: trigger.ack,
        }),
        fact(rst, `${whose(sender)} kernel reset that: the old connection ended`, { seq: rst.seq }),
        ...(aftermath.nextSyn?.answer === 'accepted'
          ? [fact(aftermath.nextSyn, 'the SYN was sent again and accepted')]
          : []),
      ],
      doubt: sure
        ? []
        : [
            reuse.oldSeen
              ? `The ${receiver.role}'s answer counts ${count(missing)} more than the capture holds of it: if a FIN was among that, the old connection was being closed.`
              : 'The old connection itself is not in this capture: whether it was still open or in TIME-WAIT cannot be told. A device against SYN floods that tests clients with a wrong acknowledgment looks the same.',
          ],
    };
  },
});

/** How far the receiver's answer for the old connection is ahead of all that was captured of it: octets, or a FIN. */
function unheard({ tail, trigger }: With<'trigger'>): number {
  const ahead = tail
    .filter((s) => s.from === 'receiver' && s.frame < trigger.frame && (s.control & RST) === 0)
    .map((s) => distance(trigger.seq, s.seq + sequenceLength(s.control, s.length)));
  return ahead.length === 0 ? 0 : Math.max(0, Math.min(...ahead));
}
