import { bytes, fact, span } from '../reset/evidence.js';
import { firstLine, isHalfSent, mayBeAlert } from '../reset/facts/content.js';
import type { EndpointFacts, Message, Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { protocolOf } from '../reset/vocabulary/protocols.js';
import { isServer } from '../reset/vocabulary/side.js';
import { MOST_OPTIONS } from '../tcp/control.js';

const text = (m: Message) => String.fromCharCode(...m.octets.subarray(0, 16));
/** An HTTP/1 answer that refuses, redirects or fails: what servers send without reading the body. */
const EARLY_ANSWER = /^HTTP\/1\.[01] [345]\d\d/;
const BODYLESS = /^(GET|HEAD|DELETE|OPTIONS) /;
const UPLOAD = /^(POST|PUT|PATCH) /;

/** The server answered before it had read the upload, then closed (RFC 9112 §9.6). */
export const unreadRequestBody = defineCause({
  id: 'unread-request-body',
  title: 'The server answered before it had read the upload, then closed',
  counted: '{upload was|uploads were} answered by {server} before it had read {it|them}',
  explanation: `A server may answer a request without reading its body: too large, not allowed, wrong place. When it then
closes the connection while the body is still coming, unread bytes lie in its receive buffer, and the kernel sends RST
instead of FIN. The reset can overtake the answer or destroy it in the client's buffer: the client sees "connection
reset" or "broken pipe" instead of the 413 it was sent.`,
  fix: 'On the server: after an early answer half-close, keep reading and discarding for a while, then close (lingering close), or use Expect: 100-continue. On the client: read while writing, so that the answer is seen.',
  confirm: `on {server.address}: nstat -az TcpExtTCPAbortOnClose TcpExtTCPAbortOnData, both count up for this; the access log has the answer's status`,
  references: ['RFC 9112 §9.6', 'RFC 9110 §10.1.1', 'golang/go#15789', 'nginx: lingering_close'],
  since: '0.1.0',
  severity: 'error',
  shapes: ['active', 'active-shrunk', 'reply'],
  needs: [],
  signature: (reset, _context, limits) => {
    const { rst, sender, receiver, unread, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (!isServer(sender)) return undefined;
    if (reset.goodbye?.clear) return { no: `the dialogue had ended with ${reset.goodbye.name}` };
    const answer = sender.lastMessage;
    const upload = receiver.lastMessage;
    if (answer === null || upload === null) return { no: 'the server had answered nothing' };
    if (rst.time - answer.last.time > limits.triggerWindow + limits.settle)
      return { no: `its answer was ${span(rst.time - answer.last.time)} old` };
    const after = upload.last.frame > answer.first.frame;
    // The rest of an upload follows without a pause; a new request on the connection comes after one.
    const goesOn =
      isHalfSent(upload) ||
      (after &&
        (upload.first.frame < answer.first.frame ||
          (upload.idleBefore !== null && upload.idleBefore < limits.exchangeIdle)));
    // The other octets before its close, which the server never took: a gap of the upload that was filled too late.
    const left =
      receiver.bytesUnacked > 0 &&
      reset.tail.some((s) => s.from === 'receiver' && s.length > 0 && s.frame > answer.first.frame);
    const early = EARLY_ANSWER.test(text(answer));
    const body = UPLOAD.test(text(upload));
    // A request that has no body was read whole when it was answered.
    const bodyless = BODYLESS.test(text(upload));
    const http = protocolOf(upload) === 'HTTP' || protocolOf(answer) === 'HTTP';
    const big = isBig(receiver, upload, http);
    const isReply = reset.shape === 'reply';
    if (isReply && !(sender.fin !== null && (goesOn || left) && big))
      return { no: 'no upload was running when the server closed' };
    if (!isReply && !goesOn && !early && unread === null)
      return { no: 'the upload was complete when the server answered, as far as the packets show' };
    if (!isReply && !goesOn && !(early && !bodyless)) return { no: 'the server answered all that was sent' };
    if (!isReply && !big && !http && unread === null)
      return { no: `${bytes(upload.length)} are no upload, and neither side spoke HTTP` };
    const alert = mayBeAlert(answer.length, reset, limits);
    const proof = unread !== null || (goesOn && (early || big)) || (isReply && left && early);
    return {
      confidence:
        unread !== null && goesOn && early
          ? 'certain'
          : !alert && (proof || (early && !bodyless && rst.time - answer.last.time <= limits.exchangeIdle))
            ? 'likely'
            : 'possible',
      responsible: 'server-app',
      lost: `${bytes(receiver.bytes)} of upload`,
      evidence: [
        fact(
          upload.first.frame < answer.first.frame ? upload.first : receiver.firstData,
          `the client was sending ${body ? 'a request with a body' : 'its request'} (${bytes(receiver.bytes)} in all)`,
        ),
        fact(
          answer.first,
          early
            ? `the server answered early: "${firstLine(answer.octets)}"`
            : `the server answered (${bytes(answer.length)})`,
        ),
        ...(goesOn
          ? [
              fact(
                upload.last,
                after
                  ? 'the upload was still running'
                  : 'of the body that its head announces, a part was still to come',
              ),
            ]
          : isReply
            ? [fact(receiver.lastSegment, `${bytes(receiver.bytesUnacked)} of it the server had not taken`)]
            : []),
        ...(sender.fin ? [fact(sender.fin, 'the server closed its side (FIN)')] : []),
        ...(unread
          ? [
              fact(
                unread.since ?? rst,
                `its window shrank by at least ${bytes(unread.octets)}: it had stopped reading`,
                { unread: unread.octets },
              ),
            ]
          : []),
        fact(rst, howItEnded(reset)),
      ],
      doubt:
        proof && unread !== null
          ? []
          : [
              'Inferred: that part of the upload was unread when the server closed. SO_LINGER 0 after the answer would give the same packets.',
            ],
    };
  },
});

/**
 * Is so much an upload? Other protocols than HTTP take turns in small messages: an upload fills segments there, or is
 * nearly all that was sent.
 */
function isBig({ mss, messages, bytes: sent }: EndpointFacts, upload: Message, http: boolean): boolean {
  const segment = mss ?? 536;
  if (http || messages <= 2) return sent > segment;
  return mss === null ? upload.length > segment : upload.length >= segment - MOST_OPTIONS;
}

function howItEnded({ shape, trigger, freshlyAcked }: Reset): string {
  if (shape === 'reply')
    return trigger?.length === 0
      ? 'its socket was gone, and the upload had a gap: what came next drew an RST'
      : 'its socket was gone: the rest of the upload drew an RST';
  return freshlyAcked
    ? 'it closed with upload unread: RST, which also is the first acknowledgment of the last bytes'
    : 'it closed with upload unread: RST';
}
