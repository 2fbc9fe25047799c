import type { Limits } from '../limits.js';
import { bytes, fact, place, span, the } from '../reset/evidence.js';
import { isInitial } from '../reset/facts/mechanism.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import type { SignatureResult } from '../reset/vocabulary/verdict.js';
import { distance } from '../tcp/sequence.js';

/** A packet reached its peer untranslated (kubernetes#74839). */
export const conntrackInvalidLeak = defineCause({
  id: 'conntrack-invalid-leak',
  title: 'A packet passed the NAT untranslated, and its receiver reset it as unknown',
  counted: '{connection was|connections were} reset after a packet had passed a NAT untranslated',
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
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, trigger } = reset;
    const known = context.untranslated(rst.frame);
    if (known !== null)
      return {
        // A lone RST that nothing drew may be anybody's.
        confidence: trigger === null ? 'possible' : 'certain',
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
            { frame: known.frame },
            `its numbers are those of the connection ${place(known.client)} → ${place(known.server)}: it is a packet of that one that was not translated`,
          ),
          fact(rst, `${the(sender)} reset the stranger`, { seq: rst.seq }),
        ],
        doubt: trigger === null ? ['The packet that it answers is not in this capture.'] : [],
      };
    const stray = outsideWindow(reset, limits);
    if (stray !== null) return stray;
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

/**
 * A live socket answers a segment outside its window with an acknowledgment, never with an RST (RFC 9293 §3.10.7.4):
 * one that drew an RST from a host in the middle of its connection met it under another name.
 */
function outsideWindow(reset: Reset, limits: Limits): SignatureResult | null {
  const { rst, sender, receiver, tail, shape, aftermath } = reset;
  const stray = tail.at(-1);
  if (shape !== 'reply' || stray === undefined || stray.from !== 'receiver' || stray.length === 0) return null;
  if (isAnothers(reset)) return null;
  if (sender.fin !== null || sender.rcvNxt === null || sender.sndNxt === null || stray.ack !== sender.sndNxt)
    return null;
  const behind = distance(sender.rcvNxt, stray.seq + stray.length);
  const beyond = distance(stray.seq, sender.rcvNxt) - (sender.rcvWnd ?? limits.orphanDistance);
  const off = behind > 0 ? -distance(sender.rcvNxt, stray.seq) : distance(stray.seq, sender.rcvNxt);
  if (behind < (receiver.mss ?? 0) && beyond < 0) return null;
  const spoke = sender.lastSegment === null ? null : stray.time - sender.lastSegment.time;
  const wentOn = aftermath.senderWentOn;
  if (wentOn === null && (spoke === null || spoke > limits.exchangeIdle)) return null;
  return {
    confidence: 'likely',
    responsible: 'network-device',
    lost: 'the connection at the other end',
    evidence: [
      fact(
        stray,
        `a segment ${bytes(Math.abs(off))} ${off > 0 ? 'ahead of' : 'behind'} what ${the(sender)} expected arrived: a NAT takes such a one for invalid`,
        { seq: stray.seq, length: stray.length },
      ),
      fact(
        rst,
        `${the(sender)}'s host answered as if it knew no such connection, though a socket would have acknowledged: the segment had reached it untranslated`,
        { seq: rst.seq },
      ),
      ...(wentOn
        ? [fact(wentOn, `${the(sender)} went on with the connection: its socket had not seen any of this`)]
        : [fact(sender.lastSegment, `${span(spoke ?? 0)} before ${the(sender)} had spoken for this connection`)]),
    ],
    doubt: [
      'Inferred from the numbers. A firewall that rejects what it takes for invalid answers alike, but lets nothing through.',
    ],
  };
}

/**
 * Did another machine make it? On the machine that translates, the host's packets have crossed one hop already, while
 * what answers the stranger is fresh from its stack.
 */
function isAnothers({ mechanism, provenance, rst }: Reset): boolean {
  if (mechanism.kind !== 'third-party') return false;
  const { ttl } = provenance;
  return (
    mechanism.confidence === 'certain' ||
    ttl === null ||
    rst.ttl === null ||
    !isInitial(rst.ttl) ||
    ttl.rst - ttl.usual !== 1
  );
}
