import { cited, fact, place, span } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { SYN } from '../tcp/control.js';

/** Two connections were tried at once; the loser was dropped. */
export const parallelConnectLoser = defineCause({
  id: 'parallel-connect-loser',
  title: 'The client tried two connections at once and dropped the slower one',
  counted: '{connection was|connections were} dropped because another was faster',
  explanation: `Some clients open two connections at the same time and keep the one that is ready first: SMB clients try
ports 445 and 139, browsers and libraries try IPv6 and IPv4 (happy eyeballs). The other is dropped, and the SYN-ACK that
still arrives for it is answered with RST. It is normal and nothing is lost.`,
  fix: 'Nothing to fix. Exclude it from alarms.',
  confirm: 'the connection that won is in the same capture',
  references: ['RFC 8305 §5', 'Microsoft: SMB direct hosting, ports 445 and 139', 'RFC 9293 §3.10.7.1'],
  since: '0.1.0',
  severity: 'note',
  shapes: ['reply', 'active'],
  needs: ['handshake'],
  signature: (reset, context) => {
    const { rst, sender, receiver, handshake, drawn, trigger } = reset;
    if (sender.role !== 'client' || sender.bytes + receiver.bytes > 0) return undefined;
    if (handshake.synAck === null && drawn === null) return undefined;
    // What is no SYN-ACK accepts nothing: it is of a connection that was there before, or a test of the client.
    if (handshake.synAck === null && trigger !== null && !trigger.unseen && (trigger.control & SYN) === 0)
      return { no: `it was not accepted: the answer to its SYN was no SYN-ACK (${cited(trigger)})` };
    const winner = context.sibling(rst.frame);
    if (winner === null) return { no: 'no parallel connection of that client was established' };
    return {
      confidence: !winner.sameHost ? 'possible' : winner.established && winner.byDesign ? 'certain' : 'likely',
      responsible: 'nobody',
      evidence: [
        fact(handshake.syn, `the client asked ${place(receiver)} for a connection`),
        fact(
          { frame: winner.frame },
          `${winner.time <= handshake.syn.time ? `${span(handshake.syn.time - winner.time)} before` : `${span(winner.time - handshake.syn.time)} later`} it had asked ${place(winner)} too, and that connection was ${winner.established ? 'established' : 'accepted'}`,
        ),
        fact(rst, 'when this one was accepted as well, the client had no more use for it: RST', { seq: rst.seq }),
      ],
      doubt: [
        ...(winner.sameHost
          ? []
          : ['That one host asked for both: it did so by two address families, and the capture holds no MAC address.']),
        ...(winner.established
          ? []
          : ['That the other connection was established: its last packet is not in this capture.']),
        ...(winner.byDesign
          ? []
          : ['That both addresses stand for the same name: a client of two servers that gives one up looks the same.']),
      ],
    };
  },
});
