import { bytes, fact, plural, span, the, whose } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** Linux had given the connection up in silence; the other side's next packet drew the reset. */
export const replyAfterTimeout = defineCause({
  id: 'reply-after-timeout',
  title: 'The {sender} had given the connection up in silence, unanswered too long',
  counted: '{connection|connections} had been given up in silence by {sender}',
  explanation: `One side's data was not acknowledged, was sent again and again, and then it stopped: its kernel had given the
connection up (retransmission limit or TCP_USER_TIMEOUT), which Linux does without an RST. When the other side spoke
later, the kernel knew no connection any more and answered with RST. The reset comes long after the real failure: the
loss that kept the data from being acknowledged.`,
  fix: 'Find the loss in the time of the retransmissions; raise TCP_USER_TIMEOUT or tcp_retries2 only if outages of that length must be survived.',
  confirm: 'on {sender.address}: nstat -az TcpExtTCPAbortOnTimeout; the program logged "connection timed out"',
  references: ['RFC 5482 §3', 'tcp(7) TCP_USER_TIMEOUT', 'linux: tcp_write_timeout', 'linux: SK_RST_REASON_NO_SOCKET'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply'],
  needs: ['trigger'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, trigger, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'another machine answered' };
    const run = sender.retransmitting;
    if (run === null || run.count < 2) return { no: 'it had not been sending anything again' };
    const quiet = trigger.time - run.last.time;
    const wait = run.count > 1 ? (run.last.time - run.first.time) / (run.count - 1) : 0;
    if (quiet < Math.max(reset.rtt ?? 0, wait * 0.5, limits.exchangeIdle))
      return { no: `it was still sending again ${span(quiet)} before` };
    const host = context.host(sender.address);
    // Of a restart nothing is left to give up: only a host that was busy all the time shows that there was none.
    const stayed = host !== null && host.forgotten > 0 && host.forgottenWhileBusy === host.forgotten;
    const enough = run.count >= limits.retransmissions;
    return {
      confidence: stayed && enough ? 'certain' : 'likely',
      responsible: 'unknown',
      lost: sender.bytesUnacked > 0 ? `${bytes(sender.bytesUnacked)} lost` : undefined,
      evidence: [
        fact(
          run.first,
          `${the(sender)} sent the same data again ${plural(run.count, 'time')} over ${span(run.last.time - run.first.time)} and got no acknowledgment`,
          { retransmissions: run.count },
        ),
        fact(run.last, `then it fell silent: its kernel had given up, as Linux does without an RST`),
        ...(stayed
          ? [fact(null, `${sender.address} was busy on other connections all the time: it had not restarted`)]
          : []),
        fact(trigger, `${span(quiet)} later ${the(receiver)} spoke`),
        fact(rst, `${whose(sender)} kernel knew no such connection any more`, { seq: rst.seq }),
      ],
      doubt: [
        ...(enough ? [] : ['Few retransmissions: whether it had given up, or was about to send again, is inferred.']),
        ...(stayed ? [] : [`A restart of ${sender.address} in that time looks the same; its uptime decides.`]),
      ],
    };
  },
});
