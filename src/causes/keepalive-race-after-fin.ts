import { timerNamed } from '../context/timers.js';
import type { Limits } from '../limits.js';
import { fact, span } from '../reset/evidence.js';
import { requestLine } from '../reset/facts/content.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { type IdleReuse, idleReuse } from '../reset/vocabulary/idle-reuse.js';
import { mayBeHttp } from '../reset/vocabulary/protocols.js';
import type { Match } from '../reset/vocabulary/verdict.js';

/** A request crossed the FIN of a server that had just closed the idle connection (RFC 9112 §9.5). */
export const keepaliveRaceAfterFin = defineCause({
  id: 'keepalive-race-after-fin',
  title: 'A request was sent on an idle connection the server had just closed',
  counted: '{request|requests} met a connection that {server} had just closed',
  explanation: `Both programs keep connections open for reuse, each with a time limit of its own. The server's ran out
first and it closed (FIN); in the same moment the client took the connection from its pool and sent the next request.
The server's socket was gone, so its kernel answered the request with RST. The request was not processed. Proxies turn
this into a 502 or 503 on an otherwise healthy upstream.`,
  fix: 'Let the client or proxy drop idle connections sooner than the server does (1 s sooner is customary), and retry requests that are safe to repeat.',
  confirm: 'on {server.address}: the access log has no entry for this request',
  references: [
    'RFC 9112 §9.5',
    'nodejs/node#20256',
    'nodejs/node#27363',
    'envoyproxy/envoy#1979',
    'linux: SK_RST_REASON_TCP_TIMEWAIT_SOCKET',
  ],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply', 'active-after-fin'],
  needs: ['drawn'],
  signature: (reset, _context, limits) => {
    const story = idleReuse(reset, limits);
    if (story === undefined || 'no' in story) return story;
    const { sender, rst, trigger } = reset;
    const { request } = story;
    if (!story.race) return { no: `the request left ${span(story.sinceFin)} after the FIN had arrived: no race` };
    if (request === null || trigger === null) return unseenRequest(reset, story, limits);
    const timer = timerNamed(story.idle, limits, mayBeHttp(reset));
    // Typing into a terminal session that ends crosses a FIN as well: only what is a request settles it.
    const sure = story.idle >= limits.messageGap && requestLine(request.octets) !== null;
    return {
      confidence: sure ? 'certain' : 'likely',
      responsible: 'configuration',
      lost: story.lost,
      evidence: [
        fact(sender.fin, `after ${span(story.idle)} of silence the server closed (FIN)`, {
          idle: Math.round(story.idle),
        }),
        ...(sender.fin?.acked && sender.fin.acked.frame < request.first.frame
          ? [fact(sender.fin.acked, "the client's kernel acknowledged it")]
          : []),
        fact(
          request.first,
          story.crossed
            ? `the client's next request (${story.said}) crossed it: the FIN had not been acknowledged yet`
            : `${span(story.sinceFin)} after the FIN the client program sent ${story.said}${trigger.unseen ? '' : ' more'}`,
        ),
        fact(rst, "the server program had closed its socket, so the server's kernel answered with an RST", {
          seq: rst.seq,
          window: rst.window,
          latency: Math.round(trigger.latency),
        }),
      ],
      doubt: sure
        ? []
        : [
            `Seen: ${story.said} sent after the FIN drew a bare RST (window 0). Inferred: that the server closed because of idleness. ${span(story.idle)} ${timer === null ? 'fits no known timer' : `is ${timer}`}.`,
          ],
    };
  },
});

/** The request is not in the capture; the RST that answered it is. */
function unseenRequest(reset: Reset, { idle, sinceFin, crossed }: IdleReuse, limits: Limits): Match {
  const { sender, rst } = reset;
  const timer = timerNamed(idle, limits, mayBeHttp(reset));
  return {
    // After a short silence the server may as well have closed on purpose, and less than a request drawn the RST.
    confidence: idle >= limits.messageGap ? 'likely' : 'possible',
    responsible: 'configuration',
    lost: 'request lost',
    evidence: [
      fact(sender.fin, `after ${span(idle)} of silence the server closed (FIN)`, { idle: Math.round(idle) }),
      fact(
        rst,
        `${span(sinceFin)} later the server's kernel answered with an RST what the client had sent ${crossed ? 'before it had the FIN' : 'right behind the FIN'}`,
        { seq: rst.seq, window: rst.window },
      ),
    ],
    doubt: [
      `Inferred: the request, whose direction is not in this capture, and that the server closed because of idleness. ${span(idle)} ${timer === null ? 'fits no known timer' : `is ${timer}`}.`,
    ],
  };
}
