import { timerNamed } from '../context/timers.js';
import { fact, span, the, whose } from '../reset/evidence.js';
import { latestSpeaker, TLS_GOODBYE } from '../reset/facts/goodbye.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import type { Mark, Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { outstanding, sentAfterFin } from '../reset/vocabulary/dialogue.js';
import { mayBeHttp } from '../reset/vocabulary/protocols.js';
import { saidError } from '../reset/vocabulary/said-error.js';
import { isServer, serverOf } from '../reset/vocabulary/side.js';
import type { Match } from '../reset/vocabulary/verdict.js';

/** A conversation that was over was ended with RST where others send FIN: nothing was outstanding. */
export const routineCloseByReset = defineCause({
  id: 'routine-close-by-reset',
  title: 'A finished conversation was ended with RST by the {sender}: harmless',
  counted: '{finished conversation was|finished conversations were} ended with RST by {sender}',
  explanation: `Everything that was said had been acknowledged and answered, and the other side had closed, or had said
goodbye, or the connection had long been silent. Then the live socket was dropped with RST instead of FIN. Windows
services and libraries do so by routine (SMB, LDAP, Kerberos, RDP, IIS, WinINet): it saves them the wait that an orderly
close brings. Or one side's last words ("221" after QUIT) reached a socket just closed. Nothing was lost. The same
packet while a request is unanswered or data is under way is another story.`,
  fix: 'Nothing to fix. Exclude it from alarms.',
  confirm: 'no log holds an error of a request; a pool that still had the connection may note that it was reset',
  references: ['RFC 9293 §3.10.5', 'RFC 1122 §4.2.2.13', 'Winsock: SO_LINGER, closesocket'],
  since: '0.1.0',
  severity: 'note',
  shapes: ['active', 'active-after-fin', 'mirror', 'reply'],
  needs: [],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, shape, mechanism, idleData } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    const last = latestSpeaker(reset);
    // Its acknowledgments tell of an end that was not captured: that it had closed, and before that all it had sent.
    if (isUnseen(reset) && (sender.fin === null || receiver.fin === null))
      return { no: `what the ${receiver.role} had sent is not in this capture` };
    const unheard = goodbyeAfterClose(reset);
    if (unheard !== null) return unheard;
    if (shape === 'reply') return undefined;
    const over = whatEnded(reset);
    const server = serverOf(reset);
    const said = reset.goodbye;
    // What is only as small as a goodbye is one where a close stands beside it.
    const goodbye = said !== null && (said.clear || over !== null) ? said : null;
    // A program has read an answer before its kernel need acknowledge it.
    const open = outstanding(reset, goodbye, sender.fin === null && receiver.fin !== null && isServer(receiver));
    if (open !== null) return { no: open };
    const idle = idleData ?? 0;
    const timer = timerNamed(idle, limits, mayBeHttp(reset));
    if (goodbye === null && over === null) {
      if (isServer(sender) || idle < limits.messageGap)
        return { no: `nothing shows that the conversation was over: its last data was ${span(idle)} old` };
      // Linux resets a connection at rest only where bytes were unread or an abort was meant.
      if (timer === null && sender.stack?.abortWindow !== 'zero')
        return {
          no: `${span(idle)} of silence is no known timer, and this stack does not drop connections so by routine`,
        };
    }
    // What ends several at once has another reason than that each of them was over.
    const burst = goodbye === null && receiver.fin === null ? context.burst(sender, server, rst.time) : null;
    const many = sender.stack?.abortWindow === 'zero' ? Number.POSITIVE_INFINITY : limits.burstFlows;
    if (burst !== null && (burst.ended >= many || (over === null && burst.byFin > 0)))
      return { no: `${burst.ended} connections of that host were ended in the same moment` };
    return {
      confidence: 'likely',
      responsible: 'nobody',
      // The reset is harmless; that the server turned the client down is not.
      ...(saidError(reset, limits) === null ? {} : { severity: 'warning' }),
      evidence: [
        ...(last?.lastData
          ? [
              fact(
                last.lastData,
                goodbye === null
                  ? `${the(last)} said the last word, and all of it was acknowledged`
                  : `${the(last)} said goodbye (${goodbye.name})`,
              ),
            ]
          : []),
        ...(over === null ? [] : [fact(over.at, over.text)]),
        ...(timer === null || over !== null ? [] : [fact(null, `${span(idle)} of silence is ${timer}`)]),
        fact(
          rst,
          `${span(over === null ? idle : rst.time - over.at.time)} later ${mechanism.kind === 'live-socket' ? `${whose(sender)} live socket was dropped with RST` : `${the(sender)} reset what was left`}; nothing was outstanding`,
          { seq: rst.seq, ack: rst.ack, window: rst.window },
        ),
      ],
      doubt: [
        `Inferred: that the ${sender.role}'s program had read all it was sent. ${receiver.bytes > 0 ? 'Bytes left unread make the same packet' : 'An abort on purpose makes the same packet'}; then the ${sender.role}'s log tells.`,
      ],
    };
  },
});

/** The close that went before the RST. */
function whatEnded({ sender, receiver, rst }: Reset): { readonly at: Mark; readonly text: string } | null {
  if (receiver.fin !== null && receiver.fin.time <= rst.time)
    return { at: receiver.fin, text: `${the(receiver)} had closed its side (FIN)` };
  return sender.fin === null ? null : { at: sender.fin, text: `${the(sender)} had closed its side (FIN)` };
}

/** The last words of another protocol than TLS, which came after the RST's sender had closed. */
function goodbyeAfterClose(reset: Reset): Match | null {
  const { rst, sender, receiver, goodbye, mechanism } = reset;
  if (goodbye === null || !goodbye.clear || goodbye.by !== receiver || sender.fin === null || sender.bytes === 0)
    return null;
  if (receiver.lastData === null || sentAfterFin(reset) > goodbye.length) return null;
  if (goodbye.name === TLS_GOODBYE) return null;
  return {
    confidence: 'likely',
    responsible: 'nobody',
    evidence: [
      fact(sender.fin, `${the(sender)} had closed its side (FIN)`),
      fact(receiver.lastData, `${the(receiver)} said goodbye (${goodbye.name})`, { length: goodbye.length }),
      fact(
        rst,
        `nobody was there to read that: ${whose(sender)} ${mechanism.kind === 'live-socket' ? 'stack' : 'kernel'} answered with RST`,
      ),
    ],
    doubt: ['Inferred: that nobody missed it. It is the last word of its protocol, and the other side had closed.'],
  };
}
