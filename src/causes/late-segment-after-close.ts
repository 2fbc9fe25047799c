import { bytes, cited, fact, span, the } from '../reset/evidence.js';
import { isBareAck } from '../reset/facts/shape.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isOver } from '../reset/vocabulary/dialogue.js';
import type { Match } from '../reset/vocabulary/verdict.js';
import { FIN } from '../tcp/control.js';
import { after, distance } from '../tcp/sequence.js';

/** Both sides had closed in order; a late segment without new data met no socket any more. */
export const lateSegmentAfterClose = defineCause({
  id: 'late-segment-after-close',
  title: 'A late packet came after both sides had closed: harmless',
  counted: '{late packet|late packets} came after both sides had closed',
  explanation: `Both FINs had been exchanged and the connection was over. A straggler without new data (a repeated FIN, a
repeated or delayed acknowledgment, a keep-alive probe) reached a host that had forgotten the connection, and its kernel
answered with RST; or the RST itself is the straggler: a router or balancer that clears its table sends one in the name of
an end. Nothing was lost.`,
  fix: 'Nothing to fix. Exclude it from alarms.',
  confirm: 'neither program logs an error',
  references: ['RFC 9293 §3.10.7.1', 'linux: SK_RST_REASON_NO_SOCKET'],
  since: '0.1.0',
  severity: 'note',
  shapes: ['reply', 'active-after-fin', 'active', 'mirror'],
  needs: [],
  signature: (reset) => {
    const { rst, sender, receiver, trigger, mechanism, shape } = reset;
    if (mechanism.kind === 'third-party' && isOver(reset)) return fromTheWay(reset);
    if (shape === 'active' || shape === 'mirror' || reset.drawn === null) return undefined;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (sender.fin === null || receiver.fin === null) return { no: 'not both sides had closed' };
    const beyond =
      trigger !== null &&
      trigger.length > 0 &&
      (sender.rcvNxt === null || after((trigger.seq + trigger.length) | 0, sender.rcvNxt));
    if (beyond) return { no: `new data came after the close (${cited(trigger)})` };
    // A FIN behind a gap closes nothing yet: what the gap lacks never came.
    const gap = sender.rcvNxt === null || trigger === null ? 0 : distance(receiver.fin.seq, sender.rcvNxt);
    if (gap > 0 && receiver.hole) return { no: `${bytes(gap)} before the ${receiver.role}'s FIN had never arrived` };
    // Octets before the other FIN that no captured segment carried came after this side had closed, too.
    const hidden = reset.quality.flagsOnly && sender.rcvNxt !== null ? distance(receiver.fin.seq, sender.rcvNxt) : 0;
    if (hidden > 0) return { no: `${bytes(hidden)} that are not in this capture came after the close` };
    const missed = receiver.bytesUnacked;
    const unasked = trigger !== null && isUnasked(trigger, reset);
    const sure =
      trigger !== null &&
      missed === 0 &&
      !unasked &&
      (receiver.fin.frame !== trigger.frame || sender.fin.acked !== null);
    return {
      confidence: sure ? 'certain' : 'likely',
      responsible: 'nobody',
      evidence: [
        fact(sender.fin, `${the(sender)} closed its side (FIN)`),
        fact(receiver.fin, `${the(receiver)} closed its side (FIN)`),
        ...(trigger !== null && trigger.frame !== receiver.fin.frame
          ? [
              fact(
                trigger,
                (trigger.control & FIN) !== 0
                  ? 'the FIN was sent once more'
                  : trigger.length > 0
                    ? 'old data was sent once more'
                    : 'a late segment without new data followed',
              ),
            ]
          : []),
        fact(rst, `${the(sender)} had forgotten the connection by then: RST`),
      ],
      doubt: [
        ...(trigger === null
          ? ['What drew it is not in this capture: after both FINs nothing new can have come.']
          : []),
        ...(unasked
          ? ['What drew that acknowledgment is not in this capture: a SYN of a new connection on these ports does.']
          : []),
        ...(missed > 0
          ? [
              `${bytes(missed)} of ${the(receiver)} were never acknowledged: if they came after the close, they are lost.`,
            ]
          : []),
      ],
    };
  },
});

/**
 * An acknowledgment alone, of a FIN that had been acknowledged: nobody says that again unasked. Where nothing of the RST's
 * sender that it may answer was captured in between, a SYN of a new connection may have been what asked. It had been
 * acknowledged, too, where this is the first acknowledgment in the capture: its sender would have waited for that.
 */
function isUnasked(trigger: NonNullable<Reset['trigger']>, { sender, tail }: Reset): boolean {
  const before = sender.fin?.acked ?? null;
  if (before === null || !isBareAck(trigger) || trigger.note === 'keep-alive') return false;
  if (before.frame === trigger.frame) return true;
  return !tail.some((s) => s.from === 'sender' && s.frame > before.frame && s.frame < trigger.frame);
}

/** A device on the way reset what both sides had closed already. */
function fromTheWay({ rst, sender, receiver, mechanism }: Reset): Match {
  const last = sender.fin !== null && receiver.fin !== null && sender.fin.time > receiver.fin.time ? sender : receiver;
  return {
    confidence: 'likely',
    responsible: 'nobody',
    evidence: [
      fact(sender.fin, `${the(sender)} closed its side (FIN)`),
      fact(receiver.fin, `${the(receiver)} closed its side (FIN), and both were acknowledged`),
      fact(
        rst,
        `${span(rst.time - (last.fin?.time ?? rst.time))} after the last of them an RST came in the name of ${the(sender)}: nothing was left to cut`,
        { ttl: rst.ttl },
      ),
      ...mechanism.facts,
    ],
    doubt: ['Who sent it is not sure: a router, balancer or firewall that clears its table does so.'],
  };
}
