import type { Limits } from '../limits.js';
import { bytes, fact, flagsOf, span, the, whose } from '../reset/evidence.js';
import { mayBeAlert } from '../reset/facts/content.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { answersAsItAborts } from '../reset/facts/shape.js';
import { isTlsRecord } from '../reset/facts/tls.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { drewByNewData, sentAfterFin } from '../reset/vocabulary/dialogue.js';
import { decider } from '../reset/vocabulary/on-the-host.js';
import { programOf } from '../reset/vocabulary/side.js';

/** FIN first, then an abort by the still living socket: data came after shutdown() and was not read. */
export const halfCloseWithUnreadData = defineCause({
  id: 'half-close-with-unread-data',
  title: 'The {sender} said it was done sending, then closed with data still unread',
  counted: '{connection was|connections were} half closed by {sender}, then dropped with data still unread',
  explanation: `The program shut down its sending side (FIN) and kept the socket. Data of the other side arrived after
that and was acknowledged by the kernel, but the program closed the socket without reading it: the kernel sends RST,
with the timestamps and the window of a living socket. Had the socket been gone already, the answer would have been a
bare RST without window.`,
  fix: 'On the {sender}: after shutdown(SHUT_WR) read until EOF before close().',
  confirm: 'on {sender.address}: nstat -az TcpExtTCPAbortOnClose counts up',
  references: ['RFC 9293 §3.6.1', 'linux: __tcp_close', 'linux: SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['active', 'active-shrunk'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, mechanism, unread, freshlyAcked, tail } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (sender.fin === null) return { no: `the ${sender.role} had sent no FIN before` };
    if (answersAsItAborts(sender.stack) && drewByNewData(reset))
      return { no: 'this stack answers data that comes after its close so' };
    const data = receiver.lastData;
    // A queue that is thrown away gives its room back before the RST is written.
    const grew = sender.windowScale !== null && rst.window > sender.rawWindow && receiver.bytes > 0;
    if (data === null || (data.frame < sender.fin.frame && !grew)) return { no: 'no data came after its FIN' };
    const lost = sentAfterFin(reset);
    // So little, and unseen, may be the goodbye of TLS, which nobody waits for.
    const goodbye = isUnseen(reset) && lost <= limits.closeNotify && tail.some((s) => isTlsRecord(s.head));
    return {
      confidence:
        unread !== null
          ? 'certain'
          : goodbye || mayBeAlert(lost, reset, limits) || mayAnswerSo(reset, data.time, limits)
            ? 'possible'
            : 'likely',
      responsible: programOf(sender),
      lost: lost > 0 ? `${bytes(lost)} unread` : 'bytes unread',
      evidence: [
        fact(sender.fin, `${the(sender)} closed its sending side (FIN)`),
        data.frame < sender.fin.frame
          ? fact(data, `${the(receiver)} had sent its last data before that`)
          : fact(data, `${the(receiver)} sent ${bytes(lost)} after that, and ${whose(sender)} socket took them`),
        ...(grew
          ? [
              fact(
                rst,
                `the window grew from ${sender.rawWindow} to ${rst.window} with the RST: unread bytes were thrown away`,
              ),
            ]
          : []),
        ...(unread
          ? [
              fact(unread.since ?? rst, `its window shrank by at least ${bytes(unread.octets)}: nobody read`, {
                unread: unread.octets,
              }),
            ]
          : []),
        fact(
          rst,
          `${span(rst.time - data.time)} later the program closed the socket with bytes unread: ${flagsOf(rst)} by a living socket${freshlyAcked ? ', the first acknowledgment of them' : ''}`,
          { window: rst.window },
        ),
      ],
      doubt:
        unread !== null
          ? []
          : [
              `Inferred: unread. SO_LINGER 0 after the half-close would give the same packets; ${decider(sender, 'TcpExtTCPAbortOnClose')}.`,
            ],
    };
  },
});

/** A text without TTLs does not tell the stack: some answer data that comes after their close with just this packet, at once. */
function mayAnswerSo({ rst, sender, rtt }: Reset, came: number, limits: Limits): boolean {
  if (rst.ttl !== null || sender.stack !== null) return false;
  return rst.time - came <= Math.max(limits.replyLatency, 2 * (rtt ?? 0));
}
