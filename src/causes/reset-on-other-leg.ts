import { fact, place, span, the } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';

/** A proxy handed on what it had received on its other connection. */
export const resetOnOtherLeg = defineCause({
  id: 'reset-on-other-leg',
  title: 'A proxy passed on the end of its other connection',
  counted: '{connection was|connections were} ended by a proxy because its other connection had ended',
  explanation: `The host that sent this RST is a proxy: an instant before, the other half of the conversation, on another
connection of the same host, had been ended. It handed that on. The reason lies on the other connection; this reset is
only its echo.`,
  fix: 'Look at the other connection: its verdict says what happened.',
  confirm: 'the proxy log has both connections in one line',
  references: ['envoyproxy/envoy#28817', 'haproxy: option nolinger', 'RFC 9110 §7.6.1'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['active', 'active-shrunk'],
  needs: [],
  signature: (reset, context) => {
    const { rst, sender, receiver, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    const relay = context.relay(sender.address, !isServer(sender), rst.time, rst.frame, sender.bytes, receiver.bytes);
    if (relay === null) return { no: `no other connection that it could be a leg of had ended just before` };
    return {
      confidence: 'likely',
      responsible: 'unknown',
      evidence: [
        fact({ frame: relay.frame }, `${place(relay)} ended another connection, the one half of this conversation`),
        fact(
          rst,
          `${span(rst.time - relay.time)} later ${sender.address} reset this one: ${the(sender)} is a proxy that handed it on`,
          { latency: Math.round(rst.time - relay.time) },
        ),
      ],
      doubt: ['That both belong together is inferred from the time; the proxy log decides.'],
    };
  },
});
