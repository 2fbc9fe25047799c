import { fact, lastHeard, the } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** Nothing drew it, and its marks are not those of the end whose address it bears. */
export const unexplainedOrigin = defineCause({
  id: 'unexplained-origin',
  title: "An RST came in the {sender}'s name; who made it and why packets do not tell",
  counted: '{RST|RSTs} came in the name of {sender}; who made {it|them} packets do not tell',
  explanation: `The RST bears the address of one end, and its number fits, but not all of its marks are those of that end's
other packets (TTL, IP ID, DF, timestamps, MAC, timing). That is too little to say that somebody else made it, and too
much to say that this end's own socket did: a proxy or balancer that answers in its name, another kernel path of the
host, and a forger all leave such traces.`,
  fix: 'Capture at {sender.address} as well: whether the RST leaves that host decides.',
  confirm: 'a capture on {sender.address}: the RST is there, or it is not',
  references: ['RFC 9293 §3.10.7', 'Weaver, Sommer, Paxson: NDSS 2009'],
  since: '0.1.0',
  severity: 'warning',
  shapes: [
    'active',
    'active-shrunk',
    'active-after-fin',
    'mirror',
    'forward',
    'reply',
    'behind',
    'ahead',
    'stale-isn',
    'zero',
  ],
  needs: [],
  fallback: true,
  signature: ({ rst, sender, receiver, trigger, mechanism }) => {
    if (mechanism.kind !== 'third-party') return undefined;
    return {
      confidence: 'possible',
      responsible: 'unknown',
      evidence: [
        ...lastHeard(sender),
        ...(trigger ? [fact(trigger, `${the(receiver)} sent a segment`)] : []),
        fact(rst, `an RST came in the name of ${the(sender)}`, { seq: rst.seq, window: rst.window, ttl: rst.ttl }),
        ...mechanism.facts,
      ],
      doubt: ['Whether that host made it: its marks differ from those of its other packets.'],
    };
  },
});
