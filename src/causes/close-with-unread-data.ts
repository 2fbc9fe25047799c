import { bytes, cited, fact, span, the, whose } from '../reset/evidence.js';
import { mayBeAlert } from '../reset/facts/content.js';
import { isUnseen } from '../reset/facts/one-sided.js';
import { hidesOptions } from '../reset/facts/stated.js';
import { expectsAnswer } from '../reset/facts/unread.js';
import type { Confidence, Evidence, Message, Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { droppedAtRest } from '../reset/vocabulary/dialogue.js';
import { killer } from '../reset/vocabulary/on-the-host.js';
import { isServer } from '../reset/vocabulary/side.js';
import { threwAway, threwAwayUnread } from '../reset/vocabulary/thrown-away.js';
import { leftUnasked } from '../reset/vocabulary/unasked.js';
import { closedAsAnnounced, lookAlikeUnseen } from '../reset/vocabulary/unread-close.js';
import type { Match } from '../reset/vocabulary/verdict.js';

/** The program closed its socket, or ended, while received data was unread (RFC 9293 §3.6.1, RFC 2525 §2.17). */
export const closeWithUnreadData = defineCause({
  id: 'close-with-unread-data',
  title: 'The {sender} closed the connection while received bytes were unread',
  counted: '{connection was|connections were} closed by {sender} with data still unread',
  explanation: `A kernel acknowledges data as soon as it arrives; that does not mean that the program read it. When the
program closes the socket (or ends) while bytes are still unread, the kernel sends RST instead of FIN, so that the other
side learns that its data was lost. Data already on its way to the other side may be destroyed with it. An orderly close
reads to the end of the input first.`,
  fix: 'On the {sender}: read the input to its end before close(), or shutdown(SHUT_WR), read to EOF, then close(). If the process died instead, its log or dmesg holds the cause.',
  confirm: `on {sender.address}: nstat -az TcpExtTCPAbortOnClose TcpExtTCPAbortOnData
first one counts up: unread data; second one: SO_LINGER 0; neither: ss -K`,
  references: ['RFC 9293 §3.6.1', 'RFC 2525 §2.17', 'linux: __tcp_close', 'linux: SK_RST_REASON_TCP_ABORT_ON_CLOSE'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-shrunk'],
  needs: [],
  signature: (reset, context, limits) => {
    const { sender, receiver, unread, unanswered, freshlyAcked, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (sender.fin !== null)
      return { no: `the ${sender.role} had closed its side with FIN first (${cited(sender.fin)})` };
    if (receiver.bytes === 0) return { no: `the ${receiver.role} had sent nothing that could be unread` };
    if (unread !== null) return windowGrewBack(reset, unread);
    const doubtful = lookAlikeUnseen(reset, context, limits);
    const open = doubtful !== null || mayBeAlert(sender.lastMessage?.length ?? 0, reset, limits) || hidesOptions(reset);
    if (droppedAtRest(reset) !== null) return { no: 'nothing was outstanding, and this stack drops connections so' };
    const asked = !isServer(receiver);
    const thrown = asked || open ? null : threwAway(reset);
    if (thrown !== null) return thrown;
    // The last words of an answer may be read before their acknowledgment is due: then an abort makes the same packets.
    const lastWords = !asked && receiver.fin !== null;
    if (freshlyAcked !== null && freshlyAcked > 1 && !open && !lastWords) return firstAcknowledged(reset, freshlyAcked);
    if (unanswered !== null && asked && expectsAnswer(reset, limits) && !open)
      return neverAnswered(reset, unanswered.length);
    const left = open ? null : (threwAwayUnread(reset, limits) ?? leftUnasked(reset));
    if (left !== null) return left;
    const announced = open ? null : closedAsAnnounced(reset, limits);
    if (announced !== null) return inferred(reset, 'likely', announced);
    const match = inferred(reset, 'possible', [closing(reset)]);
    return doubtful === null ? match : { ...match, doubt: [doubtful, ...match.doubt] };
  },
});

/** The newest message of the other side, which would be the unread one. */
const newest = ({ receiver, unanswered }: Reset): Message | null => receiver.lastMessage ?? unanswered;

const responsibleFor = ({ receiver }: Reset) => (isServer(receiver) ? 'client-app' : 'server-app');

/** The window in the RST is larger again than in the ACK before it: proof. */
function windowGrewBack(reset: Reset, unread: NonNullable<Reset['unread']>): Match {
  const { rst, sender } = reset;
  return {
    confidence: 'certain',
    responsible: responsibleFor(reset),
    lost: `at least ${bytes(unread.octets)} unread`,
    evidence: [
      ...arrival(reset),
      ...(unread.since
        ? [
            fact(
              unread.since,
              `from here on ${whose(sender)} window shrank by what arrived: its program read nothing of at least ${bytes(unread.octets)}`,
              { unread: unread.octets },
            ),
          ]
        : []),
      fact(
        rst,
        `the window in the RST was ${bytes(unread.grew)} larger again: the kernel threw the unread bytes away and then reset`,
        { window: rst.window },
      ),
    ],
    doubt: [],
  };
}

/** The RST itself is the first acknowledgment of the last octets. */
function firstAcknowledged(reset: Reset, freshlyAcked: number): Match {
  const { rst } = reset;
  const first = fact(
    rst,
    `the RST is the first and only acknowledgment of the last ${bytes(freshlyAcked)}: they had just come and nobody had read them`,
    { ack: rst.ack },
  );
  return { ...inferred(reset, 'likely', [first]), lost: `${bytes(freshlyAcked)} unanswered` };
}

/** A request that its protocol answers, acknowledged and not answered. */
function neverAnswered(reset: Reset, octets: number): Match {
  return {
    ...inferred(reset, 'likely', [...acknowledgment(reset), closing(reset)]),
    lost: `${bytes(octets)} unanswered`,
  };
}

/** The window does not tell; these facts do, more or less. */
function inferred(reset: Reset, confidence: Confidence, facts: readonly Evidence[]): Match {
  const last = newest(reset);
  const waited = reset.sender.bytes === 0 && isServer(reset.sender);
  return {
    confidence,
    responsible: responsibleFor(reset),
    evidence: [...arrival(reset), ...facts],
    doubt: [
      `Seen: the ${reset.sender.role}'s own live socket sent it. Inferred: unread. The window does not tell${last ? ` (${bytes(last.length)} ${last.length === 1 ? 'is' : 'are'} too few to move it)` : ''}; SO_LINGER 0${waited ? ', a listener that closed before it accepted this' : ''} or ${killer(reset.sender)} would give the same packets.`,
    ],
  };
}

function arrival(reset: Reset): Evidence[] {
  const last = newest(reset);
  if (last === null) return [];
  return [
    fact(
      last.last,
      isUnseen(reset)
        ? `${the(reset.sender)} acknowledged ${bytes(last.length)}, whose direction is not in this capture`
        : `${the(reset.receiver)} sent ${bytes(last.length)}`,
    ),
  ];
}

function acknowledgment(reset: Reset): Evidence[] {
  const { lastAckMoved } = reset.sender;
  const last = newest(reset);
  if (lastAckMoved === null || last === null || lastAckMoved.frame <= last.last.frame) return [];
  return [
    fact(
      lastAckMoved,
      `${whose(reset.sender)} kernel acknowledged them; that does not mean that its program read them`,
    ),
  ];
}

function closing(reset: Reset): Evidence {
  const { rst } = reset;
  const since = rst.time - (newest(reset)?.last.time ?? rst.time);
  return fact(
    rst,
    `${span(since)} later the program closed the socket or ended. With bytes unread a kernel then sends RST instead of FIN`,
    { window: rst.window, ack: rst.ack },
  );
}
