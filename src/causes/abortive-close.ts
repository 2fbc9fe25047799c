import type { Limits } from '../limits.js';
import { bytes, fact, flagsOf, span, the, whose } from '../reset/evidence.js';
import { mayBeLinux } from '../reset/facts/kernel-reasons.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { hidesOptions } from '../reset/facts/stated.js';
import type { Confidence, Evidence, Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import {
  behindFin,
  cameInTurns,
  droppedAtRest,
  receivedNothing,
  restOfRequest,
  saidTheLastWord,
} from '../reset/vocabulary/dialogue.js';
import { killer } from '../reset/vocabulary/on-the-host.js';
import { isServer } from '../reset/vocabulary/side.js';
import type { Match } from '../reset/vocabulary/verdict.js';

/** A deliberate abort: SO_LINGER 0, ss -K, connect(AF_UNSPEC) (RFC 9293 §3.10.5). */
export const abortiveClose = defineCause({
  id: 'abortive-close',
  title: 'The {sender} aborted the connection on purpose instead of closing it',
  counted: '{connection was|connections were} aborted on purpose by {sender}',
  explanation: `A program can ask for an abort instead of an orderly close: SO_LINGER with time 0 (setLinger(true, 0),
resetAndDestroy(), SetLinger(0)), or an administrator kills the socket (ss -K). The kernel then sends RST at once and
forgets the connection. What was queued and not yet sent is thrown away; what the other side sent last may be lost too.
Load generators, health checks and connection pools do it to be rid of a port at once, without the wait that a close
brings (TIME-WAIT).`,
  fix: 'On the {sender}: remove SO_LINGER 0 (setLinger(true, 0), resetAndDestroy, option nolinger) unless the abort is meant.',
  confirm: `on {sender.address}: nstat -az TcpExtTCPAbortOnData TcpExtTCPAbortOnClose
first one counts up: SO_LINGER 0; second one: unread data after all; neither: ss -K or another kill from outside`,
  references: ['RFC 9293 §3.10.5', 'linux: tcp_disconnect', 'linux: SK_RST_REASON_TCP_STATE', 'socket(7) SO_LINGER'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['active', 'active-shrunk', 'orphan'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { sender, unread, mechanism, phase } = reset;
    if (phase === 'orphan' && (reset.stated === null || mechanism.kind !== 'live-socket')) return undefined;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (unread !== null)
      return { no: `at least ${bytes(unread.octets)} were unread, which is tested before SO_LINGER` };
    if (phase === 'syn-sent' || phase === 'handshake') return { no: 'the handshake was not complete' };
    if (isLittleKnown(reset, limits)) return liveSocket(reset);
    // Its own numbers must agree that nothing was received: a filter or a missing direction hides data.
    if (receivedNothing(reset))
      return sender.bytes === 0 && isServer(sender) ? fromTheQueue(reset) : nothingToRead(reset);
    return (
      droppedAtRest(reset) ?? justReceived(reset) ?? answeredInFull(reset, limits) ?? unsure(reset, lookAlike(reset))
    );
  },
});

/** Is it unknown what the ends had said, so that what came last may have been read or not? */
function isLittleKnown(reset: Reset, limits: Limits): boolean {
  const { sender, receiver, quality, phase } = reset;
  const volumes = receiver.bytes > 0 || receiver.iss !== null;
  // What is sent again was not acknowledged, and a kernel that gets no answer gives up with the same RST.
  const insisted = sender.retransmitting !== null || sender.keepAliveProbes !== null;
  // Where only the ends' numbers are known: what came last may have been read or not, or nothing came at all.
  const silent = (reset.idleData ?? reset.idle) >= limits.keepAliveShortest;
  const unknown = hidesOptions(reset) || (quality.flagsOnly && (receiver.bytes > 0 || silent));
  return phase === 'orphan' || unknown || (quality.oneSided && (!volumes || insisted));
}

/** Only the RST tells anything: whose it is, and perhaps why. */
function liveSocket({ rst, mechanism, stated }: Reset): Match {
  const said = mechanism.kind === 'live-socket' ? stated : null;
  const reason = said === null ? '' : ` and states a reason (${said.by}): "${said.text}"`;
  return {
    confidence: said === null ? 'possible' : 'likely',
    responsible: 'unknown',
    evidence: [fact(rst, `a live socket sent RST, ACK${reason}`)],
    doubt: [
      said
        ? 'Inferred: the purpose. What a kernel resets by itself carries no text.'
        : 'What had been sent and answered is not in this capture; unread data or SO_LINGER 0 look the same.',
    ],
  };
}

/** A server that had neither received nor sent anything. */
function fromTheQueue(reset: Reset): Match {
  return {
    confidence: 'possible',
    responsible: 'server-app',
    evidence: [abort(reset)],
    doubt: ['A listener that is closed with connections waiting in its accept queue gives the same packets.'],
  };
}

/** Nothing had been received, so nothing can have been unread. */
function nothingToRead(reset: Reset): Match {
  const { sender, receiver, mechanism, quality } = reset;
  const mute = sender.bytes === 0;
  const onWindows = sender.stack?.family === 'windows';
  const unsureOfMaker = quality.midStream || mechanism.confidence !== 'certain';
  let doubt = `Seen: an abort on purpose. Whether SO_LINGER 0 or ${killer(sender)}, packets cannot tell.`;
  if (mute) doubt = 'A check or a scan that opens a connection and drops it at once looks the same.';
  else if (onWindows) doubt = 'Windows aborts the connections of a process that is stopped with the same packet.';
  else if (unsureOfMaker) doubt = lookAlike(reset);
  let confidence: Confidence = unsureOfMaker || mute || onWindows ? 'likely' : 'certain';
  if (mechanism.confidence === 'possible' || (mute && isUnseen(reset))) confidence = 'possible';
  return {
    confidence,
    responsible: isServer(sender) ? 'server-app' : 'client-app',
    severity: sender.bytesUnacked > 0 ? 'error' : 'warning',
    evidence: [
      fact(receiver.lastSegment, `${the(receiver)} had sent no data in the whole connection: nothing could be unread`),
      abort(reset),
    ],
    doubt: [doubt],
  };
}

/** What had just come may have been read or not. */
function justReceived(reset: Reset): Match | null {
  const { freshlyAcked } = reset;
  if (freshlyAcked === null || freshlyAcked <= 1) return null;
  return unsure(
    reset,
    `The last ${bytes(freshlyAcked)} had just come; SO_LINGER 0 with everything read gives the same packets.`,
  );
}

/** A server that had answered the last request. */
function answeredInFull(reset: Reset, limits: Limits): Match | null {
  const { rst, sender, receiver, mechanism } = reset;
  const { lastData } = sender;
  if (!isServer(sender) || lastData === null || !saidTheLastWord(reset)) return null;
  // Right behind the answer the input may be unread; after a pause it had been answered in full.
  const paused = rst.time - lastData.time > restOfRequest(reset, limits) && !cameInTurns(reset);
  const delivered = sender.bytesUnacked === 0;
  return {
    confidence: mechanism.confidence === 'possible' || !paused ? 'possible' : 'likely',
    responsible: 'server-app',
    severity: delivered ? 'note' : 'error',
    evidence: [
      fact(receiver.lastData, `${whose(receiver)} last request came`),
      fact(lastData, 'the server answered it'),
      delivered
        ? fact(receiver.lastAckMoved, 'all of the answer was acknowledged')
        : fact(null, `${bytes(sender.bytesUnacked)} of the answer were never acknowledged`),
      fact(rst, `${span(rst.time - lastData.time)} later its live socket sent ${flagsOf(rst)}, ${behindFin(reset)}`, {
        window: rst.window,
      }),
    ],
    doubt: [lookAlike(reset)],
  };
}

function unsure(reset: Reset, doubt: string): Match {
  return { confidence: 'possible', responsible: 'unknown', evidence: [abort(reset)], doubt: [doubt] };
}

function abort(reset: Reset): Evidence {
  const { rst, sender } = reset;
  const { seq, ack, window } = rst;
  return fact(rst, `${whose(sender)} live socket sent ${flagsOf(rst)} ${behindFin(reset)}`, { seq, ack, window });
}

function lookAlike({ sender, receiver }: Reset): string {
  const other = mayBeLinux(sender) ? "An administrator's ss -K" : 'A process that is stopped';
  return `${other} gives the same packets${receiver.bytes > 0 ? '; so does a close with a few bytes unread' : ''}.`;
}
