import type { Limits } from '../limits.js';
import { bytes, fact, span } from '../reset/evidence.js';
import { firstLine, mayBeAlert } from '../reset/facts/content.js';
import type { Message, Reset } from '../reset/types.js';
import { defineCause } from '../reset/vocabulary/cause.js';
import { isServer } from '../reset/vocabulary/side.js';
import { hasBody, type UploadSigns, uploadSigns } from '../reset/vocabulary/upload.js';
import type { Match } from '../reset/vocabulary/verdict.js';

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
    const { rst, sender, receiver, mechanism } = reset;
    if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
    if (!isServer(sender)) return undefined;
    if (reset.goodbye?.clear) return { no: `the dialogue had ended with ${reset.goodbye.name}` };
    const answer = sender.lastMessage;
    const upload = receiver.lastMessage;
    if (answer === null || upload === null) return { no: 'the server had answered nothing' };
    if (rst.time - answer.last.time > limits.triggerWindow + limits.settle)
      return { no: `its answer was ${span(rst.time - answer.last.time)} old` };
    const signs = uploadSigns(reset, answer, upload, limits);
    const why = reset.shape === 'reply' ? noUploadRan(reset, signs) : allRead(reset, upload, signs);
    return why === null ? answeredEarly(reset, answer, upload, signs, limits) : { no: why };
  },
});

/** Why an RST that answers a segment after the server's close does not mean an upload; null: it may. */
function noUploadRan({ sender }: Reset, { goesOn, left, big }: UploadSigns): string | null {
  return sender.fin !== null && (goesOn || left) && big ? null : 'no upload was running when the server closed';
}

/** Why a server that reset the connection itself had read all of it; null: it may not have. */
function allRead(
  { unread }: Reset,
  upload: Message,
  { goesOn, early, bodyless, big, http }: UploadSigns,
): string | null {
  if (!goesOn && !early && unread === null)
    return 'the upload was complete when the server answered, as far as the packets show';
  if (!goesOn && !(early && !bodyless)) return 'the server answered all that was sent';
  if (!big && !http && unread === null) return `${bytes(upload.length)} are no upload, and neither side spoke HTTP`;
  return null;
}

function answeredEarly(reset: Reset, answer: Message, upload: Message, signs: UploadSigns, limits: Limits): Match {
  const { rst, sender, receiver, unread, shape } = reset;
  const { after, goesOn, left, early, bodyless, big } = signs;
  const isReply = shape === 'reply';
  const alert = mayBeAlert(answer.length, reset, limits);
  const proof = unread !== null || (goesOn && (early || big)) || (isReply && left && early);
  const soon = early && !bodyless && rst.time - answer.last.time <= limits.exchangeIdle;
  const announced = 'of the body that its head announces, a part was still to come';
  return {
    confidence: unread !== null && goesOn && early ? 'certain' : !alert && (proof || soon) ? 'likely' : 'possible',
    responsible: 'server-app',
    lost: `${bytes(receiver.bytes)} of upload`,
    evidence: [
      fact(
        upload.first.frame < answer.first.frame ? upload.first : receiver.firstData,
        `the client was sending ${hasBody(upload) ? 'a request with a body' : 'its request'} (${bytes(receiver.bytes)} in all)`,
      ),
      fact(
        answer.first,
        early
          ? `the server answered early: "${firstLine(answer.octets)}"`
          : `the server answered (${bytes(answer.length)})`,
      ),
      ...(goesOn ? [fact(upload.last, after ? 'the upload was still running' : announced)] : []),
      ...(!goesOn && isReply
        ? [fact(receiver.lastSegment, `${bytes(receiver.bytesUnacked)} of it the server had not taken`)]
        : []),
      ...(sender.fin ? [fact(sender.fin, 'the server closed its side (FIN)')] : []),
      ...(unread
        ? [
            fact(unread.since ?? rst, `its window shrank by at least ${bytes(unread.octets)}: it had stopped reading`, {
              unread: unread.octets,
            }),
          ]
        : []),
      fact(rst, howItEnded(reset)),
    ],
    doubt:
      unread !== null
        ? []
        : [
            'Inferred: that part of the upload was unread when the server closed. SO_LINGER 0 after the answer would give the same packets.',
          ],
  };
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
