import { fact, lastHeard } from '../reset/evidence.js';
import { SHAPES } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** The connection began before the capture; too little of it is there to judge. */
export const unexplainedMidStream = defineCause({
  id: 'unexplained-mid-stream',
  title: 'The connection began before the capture: its reset cannot be explained',
  counted: '{connection|connections} began before the capture, so that {its reset|their resets} cannot be explained',
  explanation: `The capture holds the RST but too little of what came before it: it began in the middle of the connection,
or a filter kept only some packets. What the ends had sent and acknowledged is unknown, so is the reason.`,
  fix: 'Capture again from before the connection begins, with all packets of it: tcpdump -s 128 -w cap.pcap host {sender.address} and port {sender.port}',
  confirm: 'a capture that holds the whole connection',
  references: ['RFC 9293 §3.10.7'],
  since: '0.1.0',
  severity: 'warning',
  shapes: SHAPES,
  needs: [],
  fallback: true,
  signature: (reset) => {
    const { rst, receiver, phase, quality } = reset;
    if (phase !== 'orphan' && !quality.midStream) return undefined;
    return {
      confidence: 'possible',
      responsible: 'unknown',
      evidence: [
        ...lastHeard(receiver),
        fact(
          rst,
          phase === 'orphan'
            ? 'an RST came for a connection of which nothing else was captured'
            : 'an RST came, and too little of its connection was captured',
          { seq: rst.seq, ack: rst.ack, window: rst.window },
        ),
      ],
      doubt: ['Everything: the capture holds too little of this connection.'],
    };
  },
});
