import { fact, plural, span } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** A box completed the handshake for the server and then could not reach it. */
export const synProxyFailure = defineCause({
  id: 'syn-proxy-failure',
  title: "A device accepted in the server's name, but could not hand the connection over",
  counted: '{connection was|connections were} accepted by a device that could not hand {it|them} over to {server}',
  explanation: `A device answered the SYN in the server's name (SYN flood protection) and only then opened the connection to
the server itself. That failed, so the client's finished handshake was reset: connect() had succeeded, the first read
fails with "connection reset by peer" although the server's port may be closed or unreachable.`,
  fix: 'Make the server reachable from the device; take the service off the SYN proxy while it is down.',
  confirm: 'on the device: its SYN proxy counters; capture at {server.address}: its answer to the SYN',
  references: ['linux: nf_synproxy_core', 'RFC 4987 §3.7'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply', 'reply-to-syn', 'active', 'mirror', 'zero', 'behind', 'ahead'],
  needs: ['handshake'],
  signature: (reset, _context, limits) => {
    const { rst, sender, handshake, tail, provenance } = reset;
    if (sender.role !== 'server' || handshake.synAck === null || handshake.ack === null) return undefined;
    if (sender.dataSegments > 0) return { no: 'the server had sent data' };
    const synAck = tail.find((s) => s.frame === handshake.synAck?.frame);
    if (synAck === undefined) return { no: 'the SYN-ACK is out of reach' };
    const others = tail.filter((s) => s.from === 'sender' && s.frame !== synAck.frame);
    // The box's own packets and the server's differ in TTL, and the box advertises no window before the server does.
    const shut = synAck.window === 0;
    const otherTtl = rst.ttl !== synAck.ttl || others.some((s) => s.ttl !== synAck.ttl);
    if (!shut && !otherTtl) return { no: 'SYN-ACK and RST come from the same machine' };
    void provenance;
    if (rst.time - handshake.ack.time > limits.triggerWindow)
      return { no: `it came ${span(rst.time - handshake.ack.time)} after the handshake` };
    return {
      confidence: shut && otherTtl ? 'likely' : 'possible',
      responsible: 'network-device',
      evidence: [
        fact(
          synAck,
          `a SYN-ACK came${shut ? ' with window 0, as a proxy sends it before it has reached the server' : ''}`,
          { ttl: synAck.ttl, window: synAck.window },
        ),
        fact(handshake.ack, 'the client completed the handshake: connect() had succeeded'),
        fact(
          rst,
          `${span(rst.time - handshake.ack.time)} later an RST came${otherTtl ? ` from another machine (TTL ${rst.ttl}, the SYN-ACK had ${synAck.ttl})` : ''}`,
          { ttl: rst.ttl },
        ),
        ...(others.length > 0 ? [fact(others[0], `${plural(others.length, 'packet')} in between`)] : []),
      ],
      doubt: ['A load balancer that accepts before it has a backend looks the same.'],
    };
  },
});
