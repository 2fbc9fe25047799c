import { fact, place, plural, span } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';

/** A load balancer's probe: open, drop, at a fixed period. */
export const healthCheck = defineCause({
  id: 'health-check',
  title: 'A periodic check opened the port and dropped the connection: harmless',
  counted: '{periodic check|periodic checks} opened the port and dropped the connection',
  explanation: `A load balancer or monitor tests whether the port answers: it opens a connection, sends nothing, and drops
it with RST, at a fixed period, for ever. The service may log "connection reset" or an empty request each time. It says
nothing about real clients.`,
  fix: 'Nothing to fix. Filter its address in logs and alarms, or let the checker close cleanly (HAProxy: option linger; F5: a full TCP monitor) or check the application itself.',
  confirm: 'ask who runs the checker at {client.address}',
  references: ['haproxy: option tcp-check', 'F5: tcp_half_open monitor'],
  since: '0.1.0',
  severity: 'note',
  shapes: ['reply', 'active', 'active-after-fin'],
  needs: ['handshake'],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, handshake, mechanism } = reset;
    if (sender.role !== 'client') return undefined;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (sender.bytes + receiver.bytes > 0) return { no: 'data was exchanged' };
    const noAck = reset.phase === 'handshake' && reset.shape === 'active' && handshake.ack === null;
    const period = context.period(sender.address, receiver);
    if (noAck && (period === null || period.count < limits.healthCheckRepeats))
      return {
        confidence: 'likely',
        responsible: 'nobody',
        evidence: [
          fact(
            rst,
            'the client reset the connection straight after the SYN-ACK, without ever completing the handshake, and from a socket of its own',
            { seq: rst.seq },
          ),
        ],
        doubt: ['One check alone shows no period. A program that aborts a connect with SO_LINGER 0 looks the same.'],
      };
    if (period === null || period.count < limits.healthCheckRepeats)
      return { no: `${sender.address} did so ${period === null ? 'once' : plural(period.count, 'time')} only` };
    const steady = period.spread <= limits.healthCheckSpread;
    if (!steady && period.even < limits.healthCheckEven) return { no: 'its intervals are not regular' };
    return {
      confidence: steady ? 'certain' : 'likely',
      responsible: 'nobody',
      evidence: [
        fact(rst, 'the client opened the connection and dropped it without sending a byte', { seq: rst.seq }),
        fact(
          null,
          `${sender.address} did the same to ${place(receiver)} ${plural(period.count, 'time')}, every ${span(period.interval)}`,
          { count: period.count, interval: Math.round(period.interval) },
        ),
      ],
      doubt: steady ? [] : ['Some of its intervals were longer: a program that retries looks alike.'],
    };
  },
});
