import type { Limits } from '../limits.js';
import { bytes, fact, plural, span, the, whose } from '../reset/evidence.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { programOf } from '../reset/vocabulary/side.js';
import type { SignatureResult } from '../reset/vocabulary/verdict.js';

/** The reader kept its window shut until the writer gave up. */
export const stalledReader = defineCause({
  id: 'stalled-reader',
  title: 'The {receiver} stopped reading until the {sender} gave up',
  counted: '{connection was|connections were} given up because {receiver} had stopped reading',
  explanation: `The receiving program stopped reading; its buffer filled up and its kernel closed the window (window 0). The
sending side waited and probed, then its program lost patience (a send timeout) and aborted. The one who was reset had
caused it: its kernel was there all the time, its program was not.`,
  fix: 'Find out why the {receiver} program did not read (blocked, paused, swapping, waiting for somebody else); raise the send timeout of the {sender} only if such pauses are normal.',
  confirm: 'on {receiver.address}: ss -tnm shows a full Recv-Q; a stack dump of the program at that moment',
  references: ['RFC 9293 §3.8.6.1', 'linux: tcp_probe_timer'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-shrunk', 'reply'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (reset.shape === 'reply') return gaveUpInSilence(reset, limits);
    const shut = receiver.zeroWindow;
    if (shut === null) return { no: `${whose(receiver)} window was open` };
    const lasted = rst.time - shut.time;
    if (lasted < limits.zeroWindow) return { no: `its window had been shut for ${span(lasted)} only` };
    return {
      confidence: 'certain',
      responsible: programOf(receiver),
      lost: 'transfer cut short',
      evidence: [
        fact(sender.lastData, `${the(sender)} had sent ${bytes(sender.bytes)}`),
        fact(shut, `${whose(receiver)} window closed (0): its program had stopped reading`),
        ...(sender.zeroWindowProbes > 0
          ? [fact(null, `${plural(sender.zeroWindowProbes, 'probe')} of ${the(sender)} found it still shut`)]
          : []),
        fact(rst, `after ${span(lasted)} ${the(sender)} aborted`, { lasted: Math.round(lasted) }),
      ],
      doubt: [],
    };
  },
});

/**
 * A program that closes while its data waits for a shut window leaves the probing to its kernel, which ends without a
 * packet (linux: tcp_probe_timer). The reader that opens its window again finds nobody.
 */
function gaveUpInSilence(reset: Reset, limits: Limits): SignatureResult {
  const { rst, sender, receiver, tail, trigger } = reset;
  if (trigger === null || sender.fin !== null) return { no: 'the sender had closed, or nothing drew the RST' };
  const earlier = tail.filter((s) => s.from === 'receiver' && s.frame < trigger.frame);
  const open = earlier.findLastIndex((s) => s.window > 0);
  const shut = earlier[open + 1];
  if (shut === undefined || trigger.window === 0) return { no: `${whose(receiver)} window was open` };
  const lasted = trigger.time - shut.time;
  if (lasted < limits.zeroWindow) return { no: `its window had been shut for ${span(lasted)} only` };
  return {
    confidence: 'likely',
    responsible: programOf(receiver),
    lost: 'transfer cut short',
    evidence: [
      fact(sender.lastData, `${the(sender)} had sent ${bytes(sender.bytes)}`),
      fact(shut, `${whose(receiver)} window closed (0): its program had stopped reading`),
      fact(sender.lastSegment, `${the(sender)} was last heard of`),
      fact(trigger, `after ${span(lasted)} ${the(receiver)} opened its window again`),
      fact(rst, `${whose(sender)} socket was gone by then: it had given up without a packet`, { seq: rst.seq }),
    ],
    doubt: ['A host that was restarted in the meantime looks the same; uptime decides.'],
  };
}
