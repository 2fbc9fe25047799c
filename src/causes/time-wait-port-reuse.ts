import { fact, place, the, whose } from '../reset/evidence.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { portReuse } from '../reset/vocabulary/port-reuse.js';

/** The port was used again while the other end was still closing the old connection. */
export const timeWaitPortReuse = defineCause({
  id: 'time-wait-port-reuse',
  title: 'The client used a port again while the server was still closing the old one',
  counted: '{attempt|attempts} came from a port whose old connection {server} was still closing',
  explanation: `The old connection between these two addresses and ports had been closed, but the server still kept its
remains (TIME-WAIT, or a FIN that was never acknowledged). The client's new SYN did not look newer than the old
connection, so the server answered for the old one, and the client's kernel reset that. The SYN is usually repeated and
accepted.`,
  fix: 'Use a larger range of client ports; keep TCP timestamps on, which let a server tell a new connection from an old one.',
  confirm: `on {server.address}: ss -tan state time-wait '( sport = :{server.port} )'`,
  references: ['RFC 6191 §2', 'RFC 9293 §3.10.7.4', 'RFC 5961 §4'],
  since: '0.1.0',
  severity: 'warning',
  shapes: ['reply', 'active-after-fin', 'behind', 'ahead'],
  needs: ['trigger'],
  signature: (reset) => {
    const { rst, sender, receiver, trigger } = reset;
    const reuse = portReuse(reset);
    if (reuse === null) return undefined;
    const { syn } = reuse;
    if (!reuse.closed) return { no: 'the old connection had not been closed' };
    return {
      confidence: receiver.fin === null ? 'likely' : 'certain',
      responsible: 'client-host',
      evidence: [
        fact(receiver.fin, 'the connection before on this four-tuple had ended'),
        fact(syn, `${the(sender)} sent a SYN with a new number on the same port ${place(sender)}`, { seq: syn.seq }),
        fact(trigger, `${the(receiver)} answered for the old connection`, { seq: trigger.seq, ack: trigger.ack }),
        fact(rst, `${whose(sender)} kernel reset that`, { seq: rst.seq }),
      ],
      doubt: receiver.fin === null ? ['That the old one had been closed at the server as well is inferred.'] : [],
    };
  },
});
