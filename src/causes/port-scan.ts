import { count, fact, plural, span } from '../reset/evidence.js';
import { probeForm } from '../reset/facts/probe-form.js';
import { answersUnseenSyn } from '../reset/facts/shape.js';
import type { EndpointFacts, Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import type { Match } from '../reset/vocabulary/verdict.js';
import { distance } from '../tcp/sequence.js';

/** One source tried many ports or hosts and used none of the connections. */
export const portScan = defineCause({
  id: 'port-scan',
  title: 'A port scan: a scanner tried ports and used none of the connections',
  counted: '{RST belongs|RSTs belong} to a port scan',
  explanation: `One address asked many ports or hosts for a connection within seconds and sent no data on any,
or its packets have the form of a scanner's probes. Closed
ports answer RST; on open ones the scanner's own kernel, which knows nothing of the crafted SYN, resets the SYN-ACK, or
the scanner drops the finished connection at once. These resets say something about the scanner, not about the service.`,
  fix: 'Nothing to fix in the service. If the scan is not yours, rate-limit or block the source.',
  confirm: 'ask who runs a scanner at {client.address}; the services log nothing or an empty connection',
  references: ['nmap(1) -sS, -sT', 'RFC 9293 §3.10.7.1'],
  since: '0.1.0',
  severity: 'note',
  shapes: ['reply-to-syn', 'reply', 'active', 'mirror', 'orphan', 'ahead', 'behind'],
  needs: [],
  signature: (reset, context, limits) => {
    const { rst, sender, receiver, phase, shape } = reset;
    const scanner = sender.role === 'client' ? sender : receiver;
    // A refusal without its SYN tells no roles, but who had asked; so does the answer to a lone segment.
    const probe = sender.segments === 0 && receiver.segments > 0 && receiver.role !== 'server';
    if (scanner.role !== 'client' && !probe && !answersUnseenSyn(reset)) return undefined;
    if (sender.bytes + receiver.bytes > 0 && scanner.bytes > 0) return { no: 'data was exchanged' };
    if (shape === 'active' && sender.role !== 'client') return undefined;
    if (phase !== 'syn-sent' && phase !== 'handshake' && shape === 'reply' && sender.role !== 'client' && !probe)
      return undefined;
    // A lone RST is no answer to a scan, but one at the number of its own SYN is.
    const cleared = shape === 'orphan' || shape === 'ahead' || shape === 'behind';
    if (cleared && !clearsHalfOpen(reset)) return undefined;
    const form = probeForm(reset);
    const fan = context.fanOut(scanner.address);
    const crafted = fan !== null && fan.fromOnePort >= limits.scanFromOnePort;
    const tried = fan === null ? 0 : fan.targets + fan.unanswered;
    if (fan === null || (tried < limits.scanTargets && !crafted))
      return form !== null
        ? byForm(reset, scanner, form)
        : {
            no: `${scanner.address} tried ${tried === 0 ? 'no other port' : plural(tried, 'target')} in ${span(limits.scanWindow)}`,
          };
    // A server that closes what it still remembers sends lone segments as well, from its own port to those of its clients.
    const ofListener = !crafted || scanner.port < sender.port;
    if (probe && scanner.role !== 'client' && ofListener && form === null)
      return { no: `${scanner.address} sent its segment as a server that closes an old connection does` };
    if (fan.withData > tried && !crafted) return { no: `most connections of ${scanner.address} carried data` };
    const filtered = fan.targets < limits.scanTargets && !crafted;
    return {
      confidence: fan.withData === 0 ? 'certain' : 'likely',
      responsible: 'nobody',
      evidence: [
        fact(
          null,
          filtered
            ? `${scanner.address} tried ${plural(fan.unanswered, 'port')} of one host within ${span(limits.scanWindow)} that gave no answer at all; ${count(fan.refused)} connections were refused, ${count(fan.halfOpen)} dropped by the scanner`
            : `${scanner.address} tried ${plural(fan.targets, 'target')} within ${span(fan.span)} (${plural(fan.ports, 'port')} on ${plural(fan.hosts, 'host')}): ${count(fan.refused)} refused, ${count(fan.halfOpen)} dropped by the scanner`,
          filtered ? { unanswered: fan.unanswered } : { targets: fan.targets, ports: fan.ports, hosts: fan.hosts },
        ),
        ...(crafted
          ? [
              fact(
                null,
                `${fan.fromOnePort} of them from one and the same port of its own: a program that writes its packets itself, no connect()`,
              ),
            ]
          : []),
        fact(
          rst,
          sender.role === 'client'
            ? phase === 'handshake'
              ? "this port is open: the scanner's kernel reset the SYN-ACK it had not asked for"
              : 'this port is open: the scanner dropped the connection at once'
            : cleared
              ? `${sender.segments === 0 ? 'no host answered' : 'the scanner never acknowledged the SYN-ACK'}: ${span(reset.idle)} after the SYN something on the way gave it up, with the number of the SYN itself`
              : probe && scanner.role !== 'client'
                ? 'a lone packet outside any connection drew it: no port says more to that'
                : 'this port is closed',
        ),
      ],
      doubt:
        fan.withData === 0
          ? []
          : ['Some connections of this source carried data: a client with many targets may look alike.'],
    };
  },
});

/**
 * A bare RST in the name of a server, at the number of the client's own SYN, which acknowledged nothing: so a router that
 * keeps state gives up half-open connections toward the inside, whether the server had answered or not. No TCP answers a SYN so (RFC 9293 §3.10.7.1).
 */
function clearsHalfOpen({ rst, sender, receiver }: Reset): boolean {
  const onlySyn = receiver.iss !== null && receiver.sndNxt !== null && distance(receiver.sndNxt, receiver.iss) === 1;
  // The client never completed the handshake: it acknowledged nothing.
  return onlySyn && receiver.rcvNxt === null && sender.bytes === 0 && !rst.hasAck && rst.seq === receiver.iss;
}

/** A probe told by what it looks like: few ports answered, or few were asked. */
function byForm({ rst, sender }: Reset, scanner: EndpointFacts, form: string): Match {
  return {
    confidence: 'likely',
    responsible: 'nobody',
    evidence: [
      fact(scanner.lastSegment ?? rst, `${scanner.address} sent ${form}`),
      fact(
        rst,
        scanner === sender
          ? "the scanner's kernel reset what answered: its own sockets had not asked"
          : `${sender.address} answered it as any kernel does`,
        { seq: rst.seq },
      ),
    ],
    doubt: ['Told by the form of the packet alone: a test tool or a half-open check of a balancer looks the same.'],
  };
}
