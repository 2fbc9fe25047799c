import { fact, span } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { idleReuse } from '../reset/vocabulary/idle-reuse.js';

/** The client reused a connection long after the server's FIN had reached it: no race, it never looked. */
export const staleConnectionReuse = defineCause({
  id: 'stale-connection-reuse',
  title: 'The client reused a connection long after the server had closed it',
  counted: '{request was|requests were} sent long after {server} had closed the connection',
  explanation: `The server closed the idle connection (FIN) and the client's kernel acknowledged that. Much later the
client program sent a request on it all the same: it had not noticed the end of file. Pools without a read event, blocked
event loops and suspended processes do that. The server's kernel answered the request with RST.`,
  fix: 'The client must notice EOF on idle connections: read events on pooled sockets, a check before reuse, an idle limit shorter than that of the server; retry requests that are safe to repeat.',
  confirm: 'on {client.address}: ss -tn state close-wait shows connections the program has not closed',
  references: ['RFC 9112 §9.5', 'RFC 9293 §3.6', 'linux: SK_RST_REASON_TCP_TIMEWAIT_SOCKET'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply', 'active-after-fin'],
  needs: ['drawn'],
  signature: (reset, _context, limits) => {
    const story = idleReuse(reset, limits);
    if (story === undefined || 'no' in story) return story;
    const { sender, rst } = reset;
    const { request } = story;
    if (story.race) return { no: `the request left only ${span(story.sinceFin)} after the FIN` };
    return {
      confidence:
        request === null && story.idle < limits.messageGap
          ? 'possible'
          : sender.fin?.acked && request && sender.fin.acked.frame <= request.first.frame
            ? 'certain'
            : 'likely',
      responsible: 'client-app',
      lost: story.lost,
      evidence: [
        fact(sender.fin, `after ${span(story.idle)} of silence the server closed (FIN)`, {
          idle: Math.round(story.idle),
        }),
        ...(sender.fin?.acked
          ? [fact(sender.fin.acked, "the client's kernel acknowledged it: the program could have seen the end")]
          : []),
        fact(
          request?.first ?? reset.drawn,
          `${span(story.sinceFin)} after the FIN the client program sent ${story.said} all the same`,
        ),
        fact(rst, 'no socket was left on the server: its kernel answered with an RST', { seq: rst.seq }),
      ],
      doubt: sender.fin?.acked
        ? []
        : ['That the FIN had reached the client is inferred: the capture shows no acknowledgment of it.'],
    };
  },
});
