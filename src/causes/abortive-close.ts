import { bytes, fact, span, the, whose } from '../reset/evidence.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { hidesOptions } from '../reset/facts/stated.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { behindFin, droppedAtRest, saidTheLastWord } from '../reset/vocabulary/dialogue.js';
import { isServer } from '../reset/vocabulary/side.js';
import type { Match } from '../reset/vocabulary/verdict.js';
import { distance } from '../tcp/sequence.js';

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
    const { rst, sender, receiver, unread, freshlyAcked, mechanism, phase } = reset;
    if (phase === 'orphan' && (reset.stated === null || mechanism.kind !== 'live-socket')) return undefined;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (unread !== null)
      return { no: `at least ${bytes(unread.octets)} were unread, which is tested before SO_LINGER` };
    if (phase === 'syn-sent' || phase === 'handshake') return { no: 'the handshake was not complete' };
    const onWindows = sender.stack?.family === 'windows';
    const volumes = receiver.bytes > 0 || receiver.iss !== null;
    // What is sent again was not acknowledged, and a kernel that gets no answer gives up with the same RST.
    const insisted = sender.retransmitting !== null || sender.keepAliveProbes !== null;
    // Where only the ends' numbers are known: what came last may have been read or not, or nothing came at all.
    const silent = (reset.idleData ?? reset.idle) >= limits.keepAliveShortest;
    const unknown = hidesOptions(reset) || (reset.quality.flagsOnly && (receiver.bytes > 0 || silent));
    if (phase === 'orphan' || unknown || (reset.quality.oneSided && (!volumes || insisted))) {
      const stated = mechanism.kind === 'live-socket' ? reset.stated : null;
      const reason = stated === null ? '' : ` and states a reason (${stated.by}): "${stated.text}"`;
      const doubt = stated
        ? 'Inferred: the purpose. What a kernel resets by itself carries no text.'
        : 'What had been sent and answered is not in this capture; unread data or SO_LINGER 0 look the same.';
      return {
        confidence: stated === null ? 'possible' : 'likely',
        responsible: 'unknown',
        evidence: [fact(rst, `a live socket sent RST, ACK${reason}`)],
        doubt: [doubt],
      };
    }
    const fromServer = isServer(sender);
    const lookAlike = `An administrator's ss -K gives the same packets${receiver.bytes > 0 ? '; so does a close with a few bytes unread' : ''}.`;
    const made = fact(rst, `${whose(sender)} live socket sent RST, ACK ${behindFin(reset)}`, {
      seq: rst.seq,
      ack: rst.ack,
      window: rst.window,
    });
    // Its own numbers must agree that nothing was received: a filter or a missing direction hides data.
    const nothing = receiver.bytes === 0 && receiver.iss !== null && distance(rst.ack, receiver.iss) === 1;
    if (nothing) {
      let doubt = 'Seen: an abort on purpose. Whether SO_LINGER 0 or ss -K, packets cannot tell.';
      if (sender.bytes === 0) doubt = 'A check or a scan that opens a connection and drops it at once looks the same.';
      else if (onWindows) doubt = 'Windows aborts the connections of a process that is stopped with the same packet.';
      else if (reset.quality.midStream || mechanism.confidence !== 'certain') doubt = lookAlike;
      if (sender.bytes === 0 && fromServer)
        return {
          confidence: 'possible',
          responsible: 'server-app',
          evidence: [made],
          doubt: ['A listener that is closed with connections waiting in its accept queue gives the same packets.'],
        };
      return {
        confidence:
          mechanism.confidence === 'possible' || (sender.bytes === 0 && isUnseen(reset))
            ? 'possible'
            : reset.quality.midStream || mechanism.confidence !== 'certain' || sender.bytes === 0 || onWindows
              ? 'likely'
              : 'certain',
        responsible: fromServer ? 'server-app' : 'client-app',
        severity: sender.bytesUnacked > 0 ? 'error' : 'warning',
        evidence: [
          fact(
            receiver.lastSegment,
            `${the(receiver)} had sent no data in the whole connection: nothing could be unread`,
          ),
          made,
        ],
        doubt: [doubt],
      };
    }
    const atRest = droppedAtRest(reset);
    if (atRest !== null) return atRest;
    const open = { confidence: 'possible', responsible: 'unknown', evidence: [made] } as const;
    const possible = (doubt: string): Match => ({ ...open, doubt: [doubt] });
    if (freshlyAcked !== null && freshlyAcked > 1)
      return possible(
        `The last ${bytes(freshlyAcked)} had just come; SO_LINGER 0 with everything read gives the same packets.`,
      );
    // Right behind the answer the input may be unread; after a pause it had been answered in full.
    const paused =
      sender.lastData !== null && rst.time - sender.lastData.time > Math.max(limits.exchangeIdle, 2 * (reset.rtt ?? 0));
    if (fromServer && saidTheLastWord(reset)) {
      const delivered = sender.bytesUnacked === 0;
      return {
        confidence: mechanism.confidence === 'possible' || !paused ? 'possible' : 'likely',
        responsible: 'server-app',
        severity: delivered ? 'note' : 'error',
        evidence: [
          fact(receiver.lastData, `${whose(receiver)} last request came`),
          fact(sender.lastData, 'the server answered it'),
          delivered
            ? fact(receiver.lastAckMoved, 'all of the answer was acknowledged')
            : fact(null, `${bytes(sender.bytesUnacked)} of the answer were never acknowledged`),
          fact(
            rst,
            `${span(rst.time - (sender.lastData?.time ?? rst.time))} later its live socket sent RST, ACK, ${behindFin(reset)}`,
            { window: rst.window },
          ),
        ],
        doubt: [lookAlike],
      };
    }
    return possible(lookAlike);
  },
});
