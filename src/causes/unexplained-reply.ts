import { fact, lastHeard, the, whose } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** A kernel without a usable socket answered; the packets do not tell why it had none. */
export const unexplainedReply = defineCause({
  id: 'unexplained-reply',
  title: 'The {sender} side answered as if it had no such connection',
  counted: '{packet was|packets were} answered as if there were no such connection',
  explanation: `The RST is what a kernel (or a device) without that connection sends in answer to a packet. Why the
connection was unknown there is not in the capture: a restart, a device that forgot it, a close that was not captured,
or a firewall rule all look like this.`,
  fix: 'Capture at the other end too, or look at the host, to tell these apart.',
  confirm: `on {sender.address}: uptime -s; ss -tn 'dport = :{receiver.port}'; at a firewall or NAT on the way: its log and idle timeout`,
  references: ['RFC 9293 §3.10.7.1', 'linux: tcp_v4_send_reset'],
  since: '0.1.0',
  severity: 'warning',
  shapes: [
    'reply',
    'reply-to-syn',
    'mirror',
    'active-after-fin',
    'zero',
    'behind',
    'ahead',
    'stale-isn',
    'forward',
    'active',
    'active-shrunk',
    'orphan',
  ],
  needs: [],
  fallback: true,
  signature: (reset) => {
    const { rst, sender, receiver, trigger } = reset;
    return {
      confidence: 'possible',
      responsible: 'unknown',
      evidence: [
        ...lastHeard(sender),
        ...(trigger ? [fact(trigger, `${the(receiver)} sent a segment`)] : []),
        fact(
          rst,
          trigger === null
            ? `an RST came in the name of ${the(sender)}, and nothing that drew it was captured`
            : `${whose(sender)} side answered with an RST as from a host without that connection`,
          {
            seq: rst.seq,
            window: rst.window,
            ttl: rst.ttl,
          },
        ),
      ],
      doubt: [
        'A restart, a device that forgot the connection, a close that was not captured, or a firewall rule look alike.',
      ],
    };
  },
});
