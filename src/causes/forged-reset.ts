import { fact, the, whose } from '../reset/evidence.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { WRONG_NUMBER } from '../reset/facts/shape.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isOver } from '../reset/vocabulary/dialogue.js';

/** An RST that the named sender did not send, and no content drew it. */
export const forgedReset = defineCause({
  id: 'forged-reset',
  title: 'The connection was cut by an RST that the {sender} did not send',
  counted: '{connection was|connections were} cut by an RST that {sender} did not send',
  explanation: `An RST takes effect when its addresses, ports and sequence number fit, whoever made it. This one bears the
{sender}'s address, but other facts show that the {sender} did not send it: it went on talking, or the packet's TTL,
IP ID or flags are not its own. A firewall, an intrusion prevention system, a proxy or an attacker on the way made it.
Each program's log blames the other host; neither decided this.`,
  fix: 'Ask the owners of firewalls, intrusion prevention and proxies on the way about this moment.',
  confirm: 'capture on {sender.address} as well: the RST will be missing there',
  references: ['RFC 5961 §3', 'RFC 3360', 'Weaver, Sommer, Paxson: NDSS 2009'],
  since: '0.1.0',
  severity: 'error',
  shapes: [
    'active',
    'active-shrunk',
    'active-after-fin',
    'reply',
    'mirror',
    'forward',
    'behind',
    'ahead',
    'stale-isn',
    'zero',
  ],
  needs: [],
  signature: (reset) => {
    const { rst, sender, receiver, mechanism, aftermath, effective, phase, handshake, trigger, drawn, shape } = reset;
    if (mechanism.kind !== 'third-party') return { no: 'nothing shows that anyone but the named sender made it' };
    if (!effective) return { no: 'it took no effect' };
    if (isOver(reset)) return { no: 'both sides had closed, and each had acknowledged that: nothing was cut' };
    // What drew it was not captured: a filter, or a box or machine without the connection, looks the same. And a
    // number that is not the next one is not obeyed (RFC 5961 §3.2), whether or not the answer was captured.
    const open = drawn !== null && (mechanism.confidence !== 'certain' || sender.bytes === 0);
    const silent = isUnseen(reset) && (open || WRONG_NUMBER.includes(shape));
    // Without the handshake's last packet or anything behind it the same holds.
    const before = phase === 'handshake' && handshake?.ack === null && trigger === null;
    const unknown = silent || before || (receiver.dataSegments === 0 && aftermath.crossed !== null);
    const consequence = reset.siblings.find((s) => !s.fromSender && s.frame > rst.frame);
    return {
      // Before the connection carried anything, who would gain by cutting it is open: a filter, a box that lost track.
      confidence: unknown
        ? 'possible'
        : mechanism.confidence === 'certain' &&
            (phase === 'handshake' || phase === 'syn-sent' || (sender.bytes === 0 && receiver.bytes === 0))
          ? 'likely'
          : mechanism.confidence,
      responsible: 'third-party',
      evidence: [
        fact(rst, `it bears ${whose(sender)} address and a sequence number that ${the(receiver)} obeyed`, {
          seq: rst.seq,
          ttl: rst.ttl,
        }),
        ...mechanism.facts,
        ...(aftermath.senderWentOn && consequence
          ? [
              fact(
                consequence,
                `${the(receiver)}, now without a socket, answered that with an RST: so ${the(sender)} was cut off too`,
              ),
            ]
          : []),
      ],
      doubt:
        mechanism.confidence === 'certain'
          ? ['Who sent it. A forger chooses the TTL, so it tells no distance.']
          : [`That ${the(sender)} did not send it rests on these marks alone; a capture on ${sender.address} decides.`],
    };
  },
});
