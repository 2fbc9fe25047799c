import { fact, flagsOf, lastHeard, whose } from '../reset/evidence.js';
import { mayBeLinux } from '../reset/facts/kernel-reasons.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { killer } from '../reset/vocabulary/on-the-host.js';
import { programOf } from '../reset/vocabulary/side.js';
import { leftInHandshake } from '../reset/vocabulary/tls-stage.js';

/** A live socket aborted; the packets do not tell why. */
export const unexplainedAbort = defineCause({
  id: 'unexplained-abort',
  title: "The {sender}'s own socket aborted the connection; packets do not tell why",
  counted: '{connection was|connections were} aborted by {sender}, why the packets do not tell',
  explanation: `The RST comes from a socket that knew the connection: its numbers, timestamps or IP ID go on. So the
{sender}'s program or an administrator ended it. Unread data at close(), SO_LINGER 0 and ss -K all make exactly this
packet, and nothing else in the capture decides between them.`,
  fix: 'Find out on {sender.address} which of them it was; the counters below tell.',
  confirm: `on {sender.address}: nstat -az TcpExtTCPAbortOnClose TcpExtTCPAbortOnData
first one counts up: unread data; second one: SO_LINGER 0; neither: ss -K or a closed listener`,
  references: ['RFC 9293 §3.6.1', 'linux: tcp_send_active_reset'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['active', 'active-shrunk', 'active-after-fin', 'mirror'],
  needs: [],
  fallback: true,
  signature: (reset) => {
    const { rst, sender, receiver, mechanism } = reset;
    if (mechanism.kind !== 'live-socket') return undefined;
    const left = leftInHandshake(reset);
    return {
      confidence: 'possible',
      responsible: programOf(sender),
      evidence: [
        ...(left === null ? lastHeard(receiver) : [left]),
        fact(
          rst,
          `${whose(sender)} socket sent ${flagsOf(rst)}${sender.fin === null ? ' without a FIN before it' : ''}`,
          {
            seq: rst.seq,
            ack: rst.ack,
            window: rst.window,
          },
        ),
      ],
      doubt: [
        ...(left === null
          ? []
          : [
              'A client that does not trust the certificate says so by an alert, which may be lost; a check or a scanner that has what it wanted leaves so.',
            ]),
        `Unread data, SO_LINGER 0 and ${killer(sender)} make the same packet; ${mayBeLinux(sender) ? 'the counters on the host decide' : "the program's log decides"}.`,
      ],
    };
  },
});
