import { cited, fact, plural, span } from '../reset/evidence.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** The SYN-ACK came after the client had given up. */
export const clientAbandonedConnect = defineCause({
  id: 'client-abandoned-connect',
  title: 'The client had given up before the server accepted',
  counted: '{attempt was|attempts were} given up by the client before {server} accepted',
  explanation: `The server's SYN-ACK came late. By then the client program had closed the socket (its connect timeout had
passed, or it was cancelled), so the client's kernel knew nothing of the connection and answered with RST. The server's
program never saw it: the handshake was not complete.`,
  fix: 'Give connects at least the round trip and one SYN retransmission (3 s or more), and find out why the answer was late: loss, an overloaded backlog, a slow path.',
  confirm: 'in the client log: a connect timeout; on {server.address}: nstat -az TcpExtListenDrops TcpRetransSegs',
  references: ['RFC 9293 §3.10.7.3', 'RFC 6298 §2', 'linux: SK_RST_REASON_NO_SOCKET'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply'],
  needs: ['handshake', 'drawn'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, handshake, phase, provenance, aftermath } = reset;
    const { synAck } = handshake;
    if (sender.role !== 'client' || (phase !== 'handshake' && phase !== 'syn-sent')) return undefined;
    if (synAck === null && !isUnseen(reset)) return undefined;
    if (sender.rcvNxt !== null && sender.lastAckMoved !== null)
      return { no: `the client had acknowledged a SYN-ACK before (${cited(sender.lastAckMoved)})` };
    const late = rst.time - handshake.syn.time;
    if (sender.iss !== null && ((rst.seq - sender.iss) | 0) !== 1)
      return { no: 'the SYN-ACK acknowledged another number than the SYN bore' };
    if (aftermath.synAgain?.by === 'sender')
      return { no: `the client went on asking with the same SYN (${cited(aftermath.synAgain)})` };
    // A scanner's crafted SYN has no window scale; a real stack's has, so a socket had been there and was closed.
    const real = (sender.windowScale ?? 0) > 0;
    if (late < limits.abandonedConnect && synAck === null)
      return { no: `what came after ${span(late)} is not in this capture: no connect timeout is that short` };
    if (late < limits.abandonedConnect && synAck !== null && !real)
      return {
        no: `the SYN-ACK came after ${span(synAck.time - handshake.syn.time)}: no connect timeout is that short`,
      };
    if (late < limits.abandonedConnect && provenance.macDiffers)
      return { no: 'the SYN-ACK was turned away at another MAC address than the SYN came from' };
    const winner = context.sibling(rst.frame);
    const fan = context.fanOut(sender.address);
    if (late < limits.abandonedConnect && fan !== null && fan.targets >= limits.scanTargets)
      return { no: `${sender.address} tries many targets` };
    if (winner?.sameHost) return { no: `a parallel connection had won (${cited(winner)})` };
    // Accepted at once and turned away long after: unless the client is that far away, it took its time with an answer
    // that it had, and what it did with that first is not in the capture.
    const held = synAck === null ? 0 : rst.time - synAck.time;
    const kept = late - held < limits.abandonedConnect && held > limits.triggerWindow / 2;
    return {
      confidence: late >= limits.abandonedConnect && !kept ? 'certain' : winner === null ? 'likely' : 'possible',
      responsible: 'client-app',
      evidence: [
        fact(handshake.syn, 'the client asked for a connection (SYN)'),
        ...(sender.retransmissions > 0 ? [fact(null, `it asked again ${plural(sender.retransmissions, 'time')}`)] : []),
        ...(synAck
          ? [
              fact(
                synAck,
                `the server accepted ${span(synAck.time - handshake.syn.time)} later${receiver.retransmissions > 0 ? `, and repeated that ${plural(receiver.retransmissions, 'time')}` : ''}`,
              ),
            ]
          : []),
        fact(
          rst,
          `${span(late)} after the SYN the client's kernel ${synAck ? '' : 'answered the SYN-ACK, which is not in this capture: it '}${kept ? 'turned the SYN-ACK away' : 'knew no such connection any more'}`,
          {
            seq: rst.seq,
            window: rst.window,
          },
        ),
      ],
      doubt: kept
        ? [
            `The SYN-ACK had come ${span(held)} before: unless the client is that far away, its program let go of a connection that was accepted, and its acknowledgment is missing here.`,
          ]
        : late < limits.abandonedConnect
          ? [
              'So soon it was hardly a connect timeout: cancelled, or a parallel connection that is not in this capture had won.',
            ]
          : [],
    };
  },
});
