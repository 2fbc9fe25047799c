import { fact, place, plural, span, the } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { distance } from '../tcp/sequence.js';

/** A stateful device that sees one direction only rejects what it cannot follow. */
export const asymmetricRouting = defineCause({
  id: 'asymmetric-routing',
  title: 'A device that sees only one direction cut the connection at its beginning',
  counted: '{connection was|connections were} cut at the beginning by a device that saw one direction only',
  explanation: `The handshake succeeded, and right after it a device on the path reset the connection: it had not seen the
SYN-ACK, because that took another way, so the client's next packet made no sense to it. Every connection on that path
dies at the same early point, whatever it carries; the server itself would have gone on.`,
  fix: 'Make the path symmetric, or synchronise state between the devices (or let this one pass what it did not see begin).',
  confirm: 'on the device: its log of invalid or out-of-state packets; traceroute in both directions',
  references: ['RFC 9293 §3.5', 'linux: nf_conntrack_tcp_loose'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['reply', 'mirror', 'active', 'forward'],
  needs: ['drawn'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, handshake, trigger, drawn, accepted, aftermath, mechanism } = reset;
    if (mechanism.kind !== 'third-party') return { no: 'nothing shows that anyone but the named sender made it' };
    // Out of order, the packet that drew it may be the handshake's last, unknown as such.
    const last =
      trigger !== null && trigger.length === 0 && distance(trigger.ack, sender.iss ?? 0) === 1 ? trigger : null;
    const done = handshake?.ack ?? last ?? accepted;
    if (done === null || sender.role !== 'server' || sender.dataSegments > 0)
      return { no: 'the connection was beyond its first packets' };
    const latency = rst.time - drawn.time;
    if (latency > (reset.rtt ?? 0) + limits.exchangeIdle)
      return { no: `it came ${span(latency)} after the packet that it should answer: a device answers at once` };
    const early = drawn.time - done.time;
    if (early > limits.exchangeIdle || receiver.dataSegments > 1)
      return { no: `the connection had lived for ${span(early)}` };
    const listener = context.listener(sender.address, sender.port);
    const served = listener?.served ?? 0;
    const tries = listener?.accepted ?? 0;
    if (served > 0) return { no: `${plural(served, 'other connection')} to ${place(sender)} passed` };
    // What drew it was not captured: that all connections die at this point, or that the server waits on for the
    // last packet of its handshake, tells as much.
    const bare = trigger === null ? aftermath.synAck !== null || tries >= limits.failoverFlows : trigger.length === 0;
    return {
      confidence: bare ? 'likely' : 'possible',
      responsible: 'network-device',
      evidence: [
        fact(handshake?.synAck ?? sender.syn, `${the(sender)} accepted the connection`),
        fact(
          drawn,
          trigger === null
            ? aftermath.synAck
              ? 'what drew the reset never reached the server, which sent its SYN-ACK again'
              : `what drew the reset is not in this capture, but all of ${plural(tries, 'connection')} ended so`
            : bare
              ? 'the last packet of the handshake, without any content, drew the reset'
              : "the client's first data drew the reset",
        ),
        fact(rst, 'somebody else than the server made it', { ttl: rst.ttl, window: rst.window }),
        ...mechanism.facts.slice(0, 2),
      ],
      doubt: ['A rule of that device that forbids this service looks the same; its log decides.'],
    };
  },
});
