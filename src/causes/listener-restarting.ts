import { cited, fact, span, the } from '../reset/evidence.js';
import { answersUnseenSyn } from '../reset/facts/shape.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** The port accepted before and after: the service was down for a moment. */
export const listenerRestarting = defineCause({
  id: 'listener-restarting',
  title: 'The service was restarting: its port refused connections for a moment',
  counted: '{attempt|attempts} came while {server} was restarting',
  explanation: `The same port accepted connections shortly before and shortly after, and refused them in between. While a
service restarts nobody listens, and the host's kernel answers each SYN with RST, ACK. connect() fails with "connection
refused". No connection existed, so nothing was reset.`,
  fix: 'Restart without a gap: socket activation, SO_REUSEPORT hand-over, a rolling restart behind a load balancer; let clients retry refused connects.',
  confirm: 'on {sender.address}: the service manager log (journalctl -u SERVICE) around that moment',
  references: ['RFC 9293 §3.10.7.1', 'linux: SK_RST_REASON_NO_SOCKET', 'systemd.socket(5)'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply-to-syn'],
  needs: [],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, trigger, mechanism, aftermath, provenance } = reset;
    if (trigger === null && !answersUnseenSyn(reset)) return { no: 'no segment of the other side drew it' };
    if (aftermath.synAck) return { no: `the server accepted the connection all the same (${cited(aftermath.synAck)})` };
    if (mechanism.kind === 'third-party' && mechanism.confidence !== 'possible')
      return { no: 'another host or device answered' };
    const listener = context.listener(sender.address, sender.port);
    const before = listener?.acceptedBefore(rst.time) ?? null;
    const after = listener?.acceptedAfter(rst.time) ?? null;
    if (before === null || rst.time - before > limits.restartWindow)
      return { no: 'the port had accepted no connection shortly before' };
    if (after === null || after - rst.time > limits.restartWindow)
      return { no: 'the port accepted no connection shortly after' };
    const { ttl } = provenance;
    const known = ttl === null || ttl.rst === ttl.usual;
    return {
      // Another TTL than the host's, on too few packets to say more: a firewall on the way is as likely.
      confidence: known ? 'likely' : 'possible',
      responsible: 'server-app',
      evidence: [
        fact(null, `the port had accepted a connection ${span(rst.time - before)} before`),
        ...(trigger ? [fact(trigger, `${the(receiver)} asked for a connection (SYN)`)] : []),
        fact(rst, 'the answer was RST, ACK: as where nobody listens', { seq: rst.seq, ack: rst.ack }),
        fact(null, `${span(after - rst.time)} later the port accepted connections again`),
      ],
      doubt: [
        known
          ? 'A firewall rule that rejects for a moment (a limit of connections or of their rate) sends the same packet.'
          : `A firewall on the way that rejects for a moment looks the same: this RST has TTL ${rst.ttl}, other packets of ${sender.address} had ${ttl.usual}.`,
      ],
    };
  },
});
