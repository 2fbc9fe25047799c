import { bytes, fact, plural, span } from '../reset/evidence.js';
import { firstLine } from '../reset/facts/content.js';
import { resetAfterFin } from '../reset/vocabulary/after-close.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';

const SSH_PORT = 22;
/** What sshd says to a connection that it drops (OpenSSH since 7.5 and 9.8). */
const DROPPED = /^(Exceeded MaxStartups|Not allowed at this time)/;

/** sshd dropped the connection before its banner: MaxStartups, penalties, wrappers. */
export const sshRefusedBeforeBanner = defineCause({
  id: 'ssh-refused-before-banner',
  title: 'The ssh server dropped the connection before its greeting',
  counted: '{ssh connection was|ssh connections were} dropped by {server} before its greeting',
  explanation: `An ssh server greets with a line "SSH-2.0-…". This one closed the connection before that, though the
handshake was complete: it drops connections when too many are waiting to log in (MaxStartups), when the address has
misbehaved (PerSourcePenalties, fail2ban), or when it is not allowed (hosts.deny). The client's own greeting was unread,
so the close became an RST. ssh says "kex_exchange_identification: read: Connection reset by peer".`,
  fix: 'Raise MaxStartups, reuse connections (ControlMaster), slow down whoever opens many at once, or lift the penalty for {client.address}.',
  confirm:
    'on {server.address}: the sshd log ("drop connection", "MaxStartups", "penalty"); fail2ban-client status sshd',
  references: ['sshd_config(5) MaxStartups, PerSourcePenalties', 'linux: SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'reply'],
  needs: [],
  signature: (reset, context) => {
    const { rst, sender, receiver, accepted, handshake, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (!isServer(sender)) return undefined;
    const greeting =
      receiver.lastMessage !== null && receiver.messages === 1 ? firstLine(receiver.lastMessage.octets) : '';
    const ssh = greeting.startsWith('SSH-');
    const said = sender.lastMessage !== null ? firstLine(sender.lastMessage.octets) : '';
    // The port is only a hint: who sent anything but a greeting does not speak ssh.
    if (!ssh && (sender.port !== SSH_PORT || receiver.bytes > 0 || (sender.bytes > 0 && !DROPPED.test(said))))
      return undefined;
    if (reset.shape === 'reply' && sender.fin === null) return { no: 'the server had not closed' };
    if (said.startsWith('SSH-') || sender.messages > 1) return { no: 'the server had greeted' };
    // Without the handshake only what it said instead shows that it had not greeted before the capture began.
    const opened = accepted ?? handshake?.syn ?? null;
    if (opened === null && !(ssh && said !== '')) return { no: 'it may have greeted before the capture began' };
    const began = opened ?? reset.start;
    const closed = sender.fin ?? rst;
    const served = context.listener(sender.address, sender.port)?.served ?? 0;
    return {
      confidence: ssh || sender.bytes > 0 ? 'certain' : 'likely',
      responsible: 'server-app',
      lost: 'login refused',
      evidence: [
        ...(opened === null ? [] : [fact(began, 'the handshake was complete')]),
        ...(ssh ? [fact(receiver.firstData, `the client greeted ("${greeting}")`)] : []),
        ...(sender.bytes > 0 ? [fact(sender.firstData, `instead of a greeting the server said "${said}"`)] : []),
        fact(
          closed,
          `${span(closed.time - began.time)} after the ${opened === null ? 'first packet seen' : 'handshake'} the server closed ${sender.bytes > 0 ? `with ${bytes(sender.bytes)}` : 'without a byte'} (${sender.fin ? 'FIN' : 'RST'})`,
        ),
        ...(sender.fin ? [fact(rst, resetAfterFin(reset, "the client's greeting"))] : []),
        ...(served > 0 ? [fact(null, `${plural(served, 'other connection')} got an answer`)] : []),
      ],
      doubt: ssh || sender.bytes > 0 ? [] : ['That it is ssh is inferred from the port; the client sent nothing.'],
    };
  },
});
