import { fact } from '../reset/evidence.js';
import { isOriginOpen } from '../reset/facts/mechanism.js';
import { byDevice } from '../reset/facts/stated.js';
import { SHAPES } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** Nothing else explains it, but the RST carries a reason of its own (RFC 9293 §3.5.3). */
export const statedReason = defineCause({
  id: 'stated-reason',
  title: 'The RST itself says why it was sent',
  counted: '{RST says|RSTs say} why {it was|they were} sent',
  explanation: `A reset may carry a reason: the diagnostic payload that the IETF is standardising, the reason code of an MPTCP
option, the text that F5 BIG-IP can be told to send, a code in the window field (NetScaler), or plain text. Here the rest
of the connection explains nothing, so its own words are the best there is. They are what the sender claims.`,
  fix: 'Act on the reason it states; ask the operator of the device or service that sent it.',
  confirm: 'the log of the sender at that moment',
  references: ['RFC 9293 §3.5.3', 'draft-ietf-tcpm-rst-diagnostic-payload', 'RFC 8684 §3.6', 'F5: tm.rstcause.pkt'],
  since: '0.1.0',
  severity: 'warning',
  shapes: SHAPES,
  needs: ['stated'],
  signature: ({ rst, stated, provenance, mechanism }) => ({
    // A number in the window is a code only where somebody else than a socket wrote it.
    confidence: stated.by === 'NetScaler' && isOriginOpen({ provenance, mechanism }) ? 'possible' : 'likely',
    responsible: byDevice(stated) ? 'network-device' : 'unknown',
    evidence: [fact(rst, `it states a reason itself (${stated.by}): "${stated.text}"`)],
    doubt: ['That is what its sender claims; nothing else in the capture supports or refutes it.'],
  }),
});
