import type { Limits } from '../limits.js';
import { bytes, cited, fact, flagsOf, span, the, whose } from '../reset/evidence.js';
import { mayBeAlert } from '../reset/facts/content.js';
import { answersAsItAborts } from '../reset/facts/shape.js';
import { isClientHello, isFatalAlert, isLoneAlert, isOnlyFinished } from '../reset/facts/tls.js';
import { drawnByUnseenData, whereUnseen } from '../reset/facts/unseen-trigger.js';
import type { EndpointFacts, Reset } from '../reset/types.js';
import { dataUnseen, finBehindAGap, otherStory } from '../reset/vocabulary/after-close.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { drewByNewData } from '../reset/vocabulary/dialogue.js';
import { isServer, programOf } from '../reset/vocabulary/side.js';
import type { Match } from '../reset/vocabulary/verdict.js';
import { after } from '../tcp/sequence.js';

type Fin = NonNullable<EndpointFacts['fin']>;
type Trigger = NonNullable<Reset['trigger']>;

/** One side had closed its socket, the other went on sending (RFC 9293 §3.6.1, SHLD-3). */
export const dataAfterClose = defineCause({
  id: 'data-after-close',
  title: 'The {receiver} kept sending after the {sender} had closed',
  counted: '{connection|connections} still carried data after {sender} had closed',
  explanation: `A program that calls close() says two things: it sends no more, and it will read no more. TCP's FIN tells
the other side only the first. When data arrives after that there is no program to read it, and the kernel answers with
RST. The writer's first write after the close still succeeds; the reset arrives; the next write fails with "broken pipe".
A FIN may still be queued behind unsent data, so that the capture does not show it.`,
  fix: 'On the {sender}: shutdown(SHUT_WR), read to EOF, then close(). On the {receiver}: read EOF as the end of the conversation before writing on.',
  confirm: `on {sender.address}: nstat -az TcpExtTCPAbortOnData or TcpOutRsts counts up`,
  references: [
    'RFC 9293 §3.6.1',
    'RFC 1122 §4.2.2.13',
    'linux: tcp_rcv_state_process',
    'linux: SK_RST_REASON_TCP_ABORT_ON_DATA',
  ],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply', 'active-after-fin', 'active', 'mirror'],
  needs: ['drawn'],
  signature: (reset, context, limits) => {
    const { sender, receiver, shape, trigger, mechanism } = reset;
    if (shape !== 'reply' && shape !== 'active-after-fin' && !answersWithAck(reset)) return undefined;
    if (mechanism.kind === 'third-party' && mechanism.confidence !== 'possible')
      return { no: 'the sender named in it did not make it' };
    const other = sender.fin === null ? null : otherStory(reset, context, limits);
    if (trigger === null) return other === null ? dataUnseen(reset, limits) : { no: other };
    const beyond =
      trigger.length > 0 && (sender.rcvNxt === null || after((trigger.seq + trigger.length) | 0, sender.rcvNxt));
    if (!beyond && !drawnByUnseenData(reset, limits)) return finBehindAGap(reset) ?? { no: 'no new data drew the RST' };
    if (sender.fin !== null) return other === null ? afterTheFin(reset, sender.fin, trigger, limits) : { no: other };
    // The FIN waits behind data that the receiver's window does not let out.
    const stuck = sender.bytesUnacked > 0 || receiver.zeroWindow !== null;
    if (!stuck) return { no: 'no FIN was seen, and none can be waiting: all that was sent is acknowledged' };
    if (receiver.zeroWindow === null && receiver.rcvWnd !== null && sender.bytesUnacked < receiver.rcvWnd / 2)
      return { no: 'no FIN was seen, and the window had room for one' };
    if (sender.lastSegment !== null && trigger.time - sender.lastSegment.time > limits.settle)
      return { no: `the ${sender.role} had been silent for ${span(trigger.time - sender.lastSegment.time)}` };
    return behindAWaitingFin(reset, trigger);
  },
});

/** Data met a socket whose FIN was seen. */
function afterTheFin(reset: Reset, fin: Fin, trigger: Trigger, limits: Limits): Match {
  const { rst, sender, receiver, mechanism } = reset;
  // What was cut off and is no longer than that may be a TLS goodbye: data that met a closed socket too, but no loss.
  const alert = isLoneAlert(trigger) && !isFatalAlert(trigger.head);
  const goodbye = alert || mayBeAlert(trigger.length, reset, limits);
  // Data that was captured behind the FIN that follows it: when it was sent is not known.
  const late = receiver.fin !== null && receiver.fin.frame < trigger.frame && trigger.length > 0;
  const byKernel = mechanism.kind === 'kernel-reply';
  const sinceFin = trigger.time - fin.time;
  let how = `${span(sinceFin)} later ${the(receiver)} sent ${bytes(trigger.length)} ${after(trigger.ack, fin.seq) ? 'all the same' : 'that crossed it'}`;
  // Data seen before the FIN crossed it: the FIN would acknowledge it otherwise.
  if (sinceFin < 0)
    how = `${bytes(trigger.length)} of ${the(receiver)} were already on the way and met the closed socket`;
  if (trigger.unseen)
    how = `${the(receiver)} sent data ${whereUnseen(reset)}: nothing else draws an RST from a socket just closed`;
  // Windows answers with RST, ACK at its next number, as its living sockets abort.
  const asItsStackDoes = mechanism.kind === 'live-socket' && answersAsItAborts(sender.stack);
  const unsure = asItsStackDoes
    ? `Inferred: that the program had closed both directions. After a half-close, data left unread makes the same packet with ${sender.stack?.name}.`
    : 'Who made the RST is not sure: see its TTL.';
  const doubt = byKernel ? [] : [unsure];
  const unasked = askedNothing(reset);
  return {
    confidence: byKernel && !trigger.unseen && !goodbye && !late ? 'certain' : 'likely',
    responsible: programOf(sender),
    ...harm(reset, trigger, unasked, goodbye),
    evidence: [
      ...(unasked ? [fact(sender.lastData, 'the client had ended the TLS handshake and asked for nothing')] : []),
      fact(fin, `${the(sender)} closed (FIN)`),
      fact(trigger, how, { seq: trigger.seq, length: trigger.length }),
      fact(
        rst,
        asItsStackDoes
          ? `no program was there to read them: ${whose(sender)} stack answered with ${flagsOf(rst)}, as ${sender.stack?.name} does`
          : `no program was there to read them: ${whose(sender)} kernel answered with an RST`,
        { seq: rst.seq, window: rst.window },
      ),
    ],
    doubt: [
      ...(trigger.unseen
        ? ['Inferred: what drew it; a host that forgot the connection at once looks the same.']
        : doubt),
      ...(late
        ? [`It was captured behind the FIN that follows it (${cited(receiver.fin)}): when it was sent is not known.`]
        : []),
      ...(goodbye
        ? [
            alert
              ? 'By type or size they are a TLS alert, as a goodbye is: then nothing was lost.'
              : 'What they were is not in the capture: so few octets may be a TLS goodbye, and then nothing was lost.',
          ]
        : []),
    ],
  };
}

/** A loss, unless nothing was asked for, or a goodbye may have been all that met the closed socket. */
function harm(reset: Reset, trigger: Trigger, unasked: boolean, goodbye: boolean): Pick<Match, 'severity' | 'lost'> {
  if (unasked) return { severity: 'note' };
  return goodbye ? { severity: 'warning' } : { lost: lostWith(reset, trigger) };
}

/** A TLS client that closes before its first request: what a server sends then are session tickets or an alert (RFC 8446 §4.6.1). */
function askedNothing({ sender, tail }: Reset): boolean {
  const { lastMessage, messages } = sender;
  if (isServer(sender) || messages !== 2 || lastMessage === null || !isOnlyFinished(lastMessage)) return false;
  return tail.some((s) => s.from === 'sender' && isClientHello(s.head));
}

/** Data met a socket whose FIN had not got out yet. */
function behindAWaitingFin(reset: Reset, trigger: Trigger): Match {
  const { rst, sender, receiver } = reset;
  return {
    confidence: 'likely',
    responsible: programOf(sender),
    lost: lostWith(reset, trigger),
    evidence: [
      fact(
        receiver.zeroWindow ?? sender.lastData,
        `${the(sender)} was sending and had to wait: ${whose(receiver)} window was ${receiver.zeroWindow ? 'shut' : 'full'}`,
      ),
      fact(trigger, `${the(receiver)} sent ${bytes(trigger.length)}`, { length: trigger.length }),
      fact(
        rst,
        `though it was in the middle of sending, ${whose(sender)} host answered as if there were no socket: its program had closed already, and the FIN was waiting behind the unsent data`,
        { seq: rst.seq, window: rst.window },
      ),
    ],
    doubt: [
      'Inferred: the close, because the FIN never was on the wire. A host that lost the connection in that moment would answer the same.',
    ],
  };
}

function lostWith({ receiver }: Reset, trigger: Trigger): string {
  const octets = Math.max(trigger.length, receiver.bytesUnacked);
  return octets > 0 ? `${bytes(octets)} lost` : 'data lost';
}

/** Does this sender's stack answer data that comes after its own FIN with RST,ACK, as Windows does, and did such data come? */
function answersWithAck(reset: Reset): boolean {
  const { sender, trigger } = reset;
  return sender.fin !== null && answersAsItAborts(sender.stack) && trigger !== null && drewByNewData(reset);
}
