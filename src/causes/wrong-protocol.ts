import { fact, the } from '../reset/evidence.js';
import { firstLine } from '../reset/facts/content.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { mismatch } from '../reset/vocabulary/protocols.js';
import { isServer, programOf } from '../reset/vocabulary/side.js';
import { statedLimit } from '../reset/vocabulary/stated-limit.js';

/** Each end spoke a protocol of its own: the wrong port, or TLS on one side only. */
export const wrongProtocol = defineCause({
  id: 'wrong-protocol',
  title: 'The two ends spoke different protocols: the client asked the wrong port',
  counted: '{connection|connections} spoke another protocol than {server}',
  explanation: `The first octets of both sides are of different protocols: a TLS greeting answered in plain text, HTTP answered by
a TLS record, or HTTP sent to an SSH server. Neither understands the other, so one closes with what came still unread,
which makes an RST. Usually the port or the scheme is wrong (http for https, STARTTLS left out), or a proxy hands the
connection to the wrong listener.`,
  fix: 'Correct the port or the scheme: https where TLS is spoken, http where it is not, STARTTLS where the protocol asks for it.',
  confirm:
    'curl -v http://{server.socket}/ and openssl s_client -connect {server.socket}: one of the two is understood',
  references: ['RFC 8446 §5.1', 'RFC 9112 §3', 'RFC 4253 §4.2'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-after-fin', 'reply', 'mirror'],
  needs: [],
  signature: (reset) => {
    const { rst, sender, receiver, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    const [client, server] = isServer(sender) ? [receiver, sender] : [sender, receiver];
    const [asked, answered] = [client.lastMessage, server.lastMessage];
    if (asked === null || answered === null) return { no: 'one of them said nothing' };
    // Further on, STARTTLS and CONNECT change the protocol in agreement.
    if (client.messages > 1 || server.messages > 1) return { no: 'they had understood each other before' };
    const limit = statedLimit(answered);
    if (limit !== null) return { no: `the server said why it closed: "${limit}"` };
    const both = mismatch(asked, answered);
    if (both === null) return { no: 'both spoke the same protocol, or none that is known here' };
    const line = both.server === 'TLS' ? '' : `: "${firstLine(answered.octets)}"`;
    return {
      confidence: 'likely',
      responsible: both.client === 'TLS' || both.server === 'TLS' ? 'configuration' : programOf(client),
      lost: 'request lost',
      evidence: [
        fact(asked.first, `the client spoke ${both.client}`, { length: asked.length }),
        fact(answered.first, `the server spoke ${both.server}${line}`, { length: answered.length }),
        fact(rst, `${the(sender)} gave the connection up`, { seq: rst.seq }),
      ],
      doubt: ['That the mismatch is why it was given up is inferred; nothing else could have come of it.'],
    };
  },
});
