import { defineCause } from '../reset/cause.js';
import { bytes, fact, span, the } from '../reset/evidence.js';
import type { Message } from '../reset/types.js';

/** What kind of content the message begins with, in words; null when it is nothing filters look at. */
function contentOf(message: Message): string | null {
  const o = message.octets;
  if (o.length >= 6 && o[0] === 22 && o[1] === 3 && o[5] === 1) return 'a TLS ClientHello (it names the site)';
  const line = String.fromCharCode(...o).split(/[\r\n]/)[0];
  if (/^(GET|POST|HEAD|PUT|DELETE|OPTIONS|PATCH|CONNECT) \S/.test(line)) return `a request ("${line.replace(/[^\x20-\x7e]/g, '.').slice(0, 60)}")`;
  return o.length > 0 ? `${bytes(message.length)} of data` : null;
}

/** A firewall, IPS or filter reset the connection because of what was sent. */
export const blockedByPolicy = defineCause({
  id: 'blocked-by-policy',
  title: 'A filter on the path reset the connection because of what was sent',
  explanation: `Right after a packet with content (a TLS hello that names a site, a request, a file) an RST came that the
other host did not make. Firewalls, intrusion prevention systems, proxies and content filters do that when a rule matches.
The same content will be reset again; other content on the same path passes.`,
  fix: 'Ask the owner of the filter: its log has a line with these addresses, ports and this time. Ask for an exception if the content is legitimate.',
  confirm: 'repeat the same request: reset again; another one passes. A capture on {sender.address} will not have this RST',
  references: ['RFC 3360', 'Suricata: reject', 'Snort 3: active response', 'linux: nft reject with tcp reset'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply', 'mirror', 'forward', 'active', 'ahead', 'behind'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, mechanism, trigger, effective } = reset;
    if (mechanism.kind !== 'third-party') return { no: 'nothing shows that anyone but the named sender made it' };
    if (!effective) return { no: 'it took no effect' };
    // The content is the receiver's (a reset toward its sender) or the named sender's own (toward the destination).
    const from = trigger !== null || reset.shape === 'reply' || reset.shape === 'mirror' ? receiver : reset.shape === 'forward' ? sender : (receiver.lastData?.frame ?? 0) > (sender.lastData?.frame ?? 0) ? receiver : sender;
    const message = from.lastMessage;
    if (message === null) return { no: 'no content had been sent' };
    const since = rst.time - message.last.time;
    if (since > (reset.rtt ?? 0) + limits.contentReaction) return { no: `the last content was ${span(since)} old` };
    const idle = message.idleBefore;
    // A forgotten state is met by the first packet after a pause, whatever it holds.
    const content = contentOf(message);
    const telling = content !== null && !content.endsWith('of data');
    if (content === null) return { no: 'no content had been sent' };
    const firstContent = from.messages <= 1;
    return {
      confidence: telling ? 'likely' : firstContent ? 'likely' : 'possible',
      responsible: 'network-device',
      lost: 'request blocked',
      evidence: [
        fact(message.first, `${the(from)} sent ${content}`, { length: message.length }),
        fact(rst, `${span(since)} later an RST came that ${the(sender)} did not make`, { ttl: rst.ttl, window: rst.window }),
        ...mechanism.facts.slice(0, 3),
      ],
      doubt: [`That the content drew it is inferred from the order${idle !== null && idle > limits.messageGap ? `; ${span(idle)} of silence came before it, so a device that had forgotten the connection looks the same` : ''}. The log of the filter decides.`],
    };
  },
});
