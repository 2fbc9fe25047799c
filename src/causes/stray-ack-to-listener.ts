import { bytes, fact, place } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { ACK, SYN } from '../tcp/control.js';

/** A segment without a connection met a host that knows none. */
export const strayAckToListener = defineCause({
  id: 'stray-ack-to-listener',
  title: 'A packet came for a connection that never existed here',
  counted: '{packet|packets} came for a connection that never existed',
  explanation: `A packet in the middle of nowhere: it belongs to no connection whose beginning this capture shows, and the
host it reached knew none either. ACK scans, a load balancer or NAT that sends a connection to another machine in the
middle of it, and very late packets look like this.`,
  fix: 'If the sender is a client of yours: look for a load balancer or NAT that moved the connection. If not: a scan, nothing to fix.',
  confirm: `on {sender.address}: ss -tn has no such connection; on {receiver.address}: does a program have one?`,
  references: ['RFC 9293 §3.10.7.2', 'linux: SK_RST_REASON_TCP_FLAGS', 'nmap(1) -sA'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply'],
  needs: ['trigger'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, trigger, quality, start } = reset;
    if (!quality.midStream || sender.segments > 0 || (trigger.control & (SYN | ACK)) !== ACK) return undefined;
    if (receiver.segments > 1 || start.frame !== trigger.frame) return { no: 'the connection had been in use' };
    if (start.time - context.start < 2 * limits.messageGap)
      return { no: 'the capture had just begun: the connection may be older' };
    if (context.untranslated(rst.frame))
      return { no: 'its numbers are those of a known connection under another name' };
    const listener = context.listener(sender.address, sender.port);
    const alive = (listener?.accepted ?? 0) > 0;
    return {
      confidence: alive ? 'likely' : 'possible',
      responsible: 'unknown',
      evidence: [
        fact(
          trigger,
          `a packet of ${receiver.address} (${trigger.length > 0 ? bytes(trigger.length) : 'a bare ACK'}) arrived without any handshake`,
          { seq: trigger.seq, ack: trigger.ack },
        ),
        fact(rst, `${sender.address} knew no such connection: RST with the number it was sent`, { seq: rst.seq }),
        ...(alive ? [fact(null, `${place(sender)} accepted other connections in this capture: it was up`)] : []),
      ],
      doubt: ['A connection that began before the capture and was lost at the host in the meantime looks the same.'],
    };
  },
});
