import type { Context } from '../context/types.js';
import type { Limits } from '../limits.js';
import { fact, place, plural, span, the } from '../reset/evidence.js';
import { contentThatDrew } from '../reset/facts/content.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import type { Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import type { SignatureResult } from '../reset/vocabulary/verdict.js';

/** A firewall, IPS or filter reset the connection because of what was sent. */
export const blockedByPolicy = defineCause({
  id: 'blocked-by-policy',
  title: 'A filter on the path reset the connection because of what was sent',
  counted: '{connection was|connections were} reset by a filter on the path because of what was sent',
  explanation: `Right after a packet with content (a TLS hello that names a site, a request, a file) an RST came that the
other host did not make. Firewalls, intrusion prevention systems, proxies and content filters do that when a rule matches.
The same content will be reset again; other content on the same path passes.`,
  fix: 'Ask the owner of the filter: its log has a line with these addresses, ports and this time. Ask for an exception if the content is legitimate.',
  confirm:
    'repeat the same request: reset again; another one passes. A capture on {sender.address} will not have this RST',
  references: ['RFC 3360', 'Suricata: reject', 'Snort 3: active response', 'linux: nft reject with tcp reset'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply', 'mirror', 'forward', 'active', 'ahead', 'behind'],
  needs: [],
  signature: (reset, context, limits) => {
    const { rst, sender, mechanism, effective } = reset;
    if (mechanism.kind !== 'third-party') return { no: 'nothing shows that anyone but the named sender made it' };
    if (!effective) return { no: 'it took no effect' };
    const drawn = contentThatDrew(reset, limits);
    if (drawn === null && isUnseen(reset)) return cutUnanswered(reset, context, limits);
    if (drawn === null) return { no: 'no content had been sent right before it' };
    const { from, message, content, since } = drawn;
    const idle = message.idleBefore;
    return {
      confidence: drawn.telling ? 'likely' : 'possible',
      responsible: 'network-device',
      lost: 'request blocked',
      evidence: [
        fact(message.first, `${the(from)} sent ${content}`, { length: message.length }),
        fact(rst, `${span(since)} later an RST came that ${the(sender)} did not make`, {
          ttl: rst.ttl,
          window: rst.window,
        }),
        ...mechanism.facts.slice(0, 3),
      ],
      doubt: [
        `That the content drew it is inferred from the order${idle !== null && idle > limits.messageGap ? `; ${span(idle)} of silence came before it, so a device that had forgotten the connection looks the same` : ''}. The log of the filter decides.`,
      ],
    };
  },
});

/** What the client sent is not in the capture, but its connection was cut before the first answer, and others passed. */
function cutUnanswered(reset: Reset, context: Context, limits: Limits): SignatureResult {
  const { rst, sender, receiver, accepted, aftermath, mechanism } = reset;
  const last = receiver.lastData ?? accepted;
  if (accepted === null || last === null || sender.bytes > 0 || rst.time - last.time > limits.contentReaction)
    return { no: 'what had been sent right before it is not in this capture' };
  const answers = (aftermath.senderWentOn?.length ?? 0) > 0 ? 1 : 0;
  const passed = (context.listener(sender.address, sender.port)?.served ?? 0) - answers;
  if (passed <= 0) return { no: `no other connection to ${place(sender)} passed` };
  return {
    confidence: 'likely',
    responsible: 'network-device',
    lost: 'request blocked',
    evidence: [
      fact(sender.syn, `${the(sender)} accepted the connection`),
      fact(
        rst,
        `${span(rst.time - accepted.time)} later, before any answer, an RST came that ${the(sender)} did not make`,
        {
          ttl: rst.ttl,
          window: rst.window,
        },
      ),
      ...mechanism.facts.slice(0, 3),
      fact(null, `${plural(passed, 'other connection')} to ${place(sender)} passed: this one was picked out`),
    ],
    doubt: ['Which content drew it: the other direction is not in this capture. The log of the filter decides.'],
  };
}
