import { cited, fact, span, the, whose } from '../reset/evidence.js';
import { isBareAck } from '../reset/facts/shape.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { programOf } from '../reset/vocabulary/side.js';

/** One side closed, the other never did; the kernel's patience in FIN-WAIT-2 ended. */
export const finWait2Timeout = defineCause({
  id: 'fin-wait-2-timeout',
  title: "The {sender} had closed; its kernel stopped waiting for the {receiver}'s close",
  counted: '{connection was|connections were} closed by {sender} and never by the other side',
  explanation: `One side closed (FIN) and waited for the other to close too (FIN-WAIT-2). A kernel does not wait for ever once
the program is gone: after tcp_fin_timeout (60 s on Linux), or at once when the program set TCP_LINGER2 below zero, it
forgets the connection, and whatever comes then is answered with RST. The other program is the one that never closed.`,
  fix: 'Let the {receiver} close its socket when it reads EOF (look for sockets in CLOSE-WAIT); remove TCP_LINGER2 on the {sender} if it is set.',
  confirm:
    'on {receiver.address}: ss -tn state close-wait; on {sender.address}: nstat -az TcpExtTCPAbortOnLinger TcpExtTCPAbortOnData',
  references: ['RFC 9293 §3.6', 'tcp(7) TCP_LINGER2, tcp_fin_timeout', 'linux: tcp_fin_time'],
  since: '0.1.0',
  severity: 'note',
  shapes: ['reply', 'active', 'active-after-fin'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, trigger, mechanism, shape } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (sender.fin === null || receiver.fin !== null) return undefined;
    if (trigger?.unseen) return { no: 'what drew it is not in this capture' };
    const acked = sender.fin.acked;
    if (acked === null && !(trigger !== null && trigger.length === 0))
      return { no: 'its FIN had not been acknowledged' };
    const waited = rst.time - sender.fin.time;
    if (shape === 'reply') {
      if (trigger === null || !isBareAck(trigger)) return { no: 'data drew it' };
      if (receiver.bytesUnacked > 0) return { no: 'data was outstanding that may have drawn it' };
      if (sender.lastSegment !== null && sender.lastSegment.frame > trigger.frame)
        return { no: `its socket still answered after that (${cited(sender.lastSegment)})` };
      const plain = trigger.note !== 'keep-alive' && (acked === null || trigger.frame === acked.frame);
      if (!plain && waited < limits.finWait2) return { no: `it had closed only ${span(waited)} before` };
      return {
        // That nothing else came behind a plain acknowledgment a capture which may lose packets cannot prove.
        confidence: reset.aftermath.crossed !== null ? 'possible' : plain ? 'likely' : 'certain',
        responsible: plain ? 'server-app' : programOf(receiver),
        severity: plain ? 'warning' : 'note',
        evidence: [
          fact(sender.fin, `${the(sender)} closed (FIN)`),
          fact(
            trigger,
            plain
              ? `the plain acknowledgment of that FIN drew the reset: the kernel had no patience at all (TCP_LINGER2 below zero)`
              : `${span(waited)} later ${the(receiver)}, which had not closed, still spoke`,
          ),
          fact(rst, `${whose(sender)} kernel had forgotten the connection: RST`, { seq: rst.seq }),
        ],
        doubt: otherTriggers(reset, plain),
      };
    }
    if (receiver.lastData !== null && receiver.lastData.frame > sender.fin.frame)
      return { no: 'data had come after its FIN' };
    if (waited < limits.finWait2)
      return {
        confidence: 'possible',
        responsible: 'unknown',
        evidence: [fact(sender.fin, `${the(sender)} closed (FIN)`), fact(rst, `${span(waited)} later it aborted`)],
        doubt: [
          'Too many orphaned sockets or too little memory for them (tcp_max_orphans, tcp_mem: nstat TcpExtTCPAbortOnMemory), SO_LINGER 0 or ss -K after a half-close look the same.',
        ],
      };
    return {
      confidence: 'likely',
      responsible: programOf(receiver),
      evidence: [
        fact(sender.fin, `${the(sender)} closed (FIN)`),
        ...(acked ? [fact(acked, `${the(receiver)} acknowledged that and never closed its own side`)] : []),
        fact(rst, `after ${span(waited)} ${whose(sender)} kernel gave up waiting: RST`, { waited: Math.round(waited) }),
      ],
      doubt: ['A program that aborted after a half-close of that length looks the same.'],
    };
  },
});

/** What else may have drawn the RST than the acknowledgment that is here: data behind it, captured late or not at all. */
function otherTriggers({ receiver, aftermath }: Reset, plain: boolean): readonly string[] {
  if (aftermath.crossed !== null)
    return [
      `Data of ${the(receiver)} stands right behind the RST in the capture (${aftermath.crossed}): it may have drawn it.`,
    ];
  if (!plain) return [];
  return [
    `Inferred: that it was the acknowledgment. Data of ${the(receiver)} right behind it that this capture lacks would have drawn the same.`,
  ];
}
