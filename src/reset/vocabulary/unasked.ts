import { bytes, fact, span, the, whose } from '../evidence.js';
import { latin1, requestLine } from '../facts/content.js';
import type { Message, Reset, TailSegment } from '../types.js';
import { isServer } from './side.js';
import type { Match } from './verdict.js';

/** An answer of HTTP/1 begins so (RFC 9112 §4), as far as the head of a segment tells. */
const STATUS_LINE = 'HTTP/1.';
/** A method and the space behind it (RFC 9110 §9.3), cut to the head of a segment. */
const METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) /;
/** An interim answer (RFC 9110 §15.2): the final one follows without another request. */
const INTERIM = /^HTTP\/1\.[01] 1\d\d /;
/** One string of known length (Redis serialization protocol, RESP 2, bulk strings), which no server sends but as an answer. */
const BULK = /^\$(\d{1,5})\r\n/;
/** An answer of one line, whole. */
const LINE = /^[+:-][^\r]*\r\n$/;

/** Is it one HTTP/1 request, as far as its segments tell? */
function isOneRequest({ octets }: Message, segments: readonly TailSegment[]): boolean {
  return requestLine(octets) !== null && segments.filter(({ head }) => METHOD.test(latin1(head))).length === 1;
}

/** Is it one Redis command: an array of strings (RESP 2), captured to its end? */
function isOneCommand({ octets, length }: Message): boolean {
  const text = latin1(octets);
  const strings = /^\*(\d{1,2})\r\n/.exec(text);
  if (strings === null || length !== octets.length) return false;
  let at = strings[0].length;
  for (let left = Number(strings[1]); left > 0; left--) {
    const one = BULK.exec(text.slice(at));
    if (one === null) return false;
    at += one[0].length + Number(one[1]) + 2;
  }
  return at === length;
}

/** Octets of the answer that a segment begins: a bulk string's as it says, a line's where it is whole; null for any other. */
function answerLength({ head, length }: TailSegment): number | null {
  const one = BULK.exec(latin1(head));
  if (one !== null) return one[0].length + Number(one[1]) + 2;
  return length === head.length && LINE.test(latin1(head)) ? length : null;
}

/** The segments with which Redis' answers begin; none where the data is not made of whole answers in whole segments. */
function wholeAnswers(data: readonly TailSegment[]): readonly TailSegment[] {
  const begins: TailSegment[] = [];
  let left = 0;
  for (const s of data) {
    if (left === 0) {
      const length = answerLength(s);
      if (length === null) return [];
      begins.push(s);
      left = length;
    }
    left -= s.length;
    if (left < 0) return [];
  }
  return left === 0 ? begins : [];
}

/** The segment with which a second answer to one request begins; undefined where there is none. */
function secondAnswer(asked: Message, requests: readonly TailSegment[], data: readonly TailSegment[]) {
  const [first, ...others] = data;
  if (first === undefined) return undefined;
  if (isOneRequest(asked, requests)) {
    const answers = ({ head }: TailSegment) => latin1(head).startsWith(STATUS_LINE);
    return answers(first) ? others.find(answers) : undefined;
  }
  const second = isOneCommand(asked) ? wholeAnswers(data)[1] : undefined;
  return second !== undefined && BULK.test(latin1(second.head)) ? second : undefined;
}

/**
 * A server that answered a client's only request twice, in HTTP/1 or to Redis. A client asks again before it reads another
 * answer (RFC 9110 §3.3), so the second one lies unread when it closes. null where the capture does not hold all from the
 * request on, or the client asked twice without waiting (pipelined, RFC 9112 §9.3.2).
 */
export function leftUnasked({ rst, sender, receiver, tail }: Reset): Match | null {
  const { lastMessage: asked, lastData } = sender;
  const answer = receiver.lastMessage;
  if (!isServer(receiver) || asked === null || answer === null || lastData === null) return null;
  if (lastData.frame > answer.first.frame || INTERIM.test(latin1(answer.octets))) return null;
  if (tail.length === 0 || tail[0].frame > asked.first.frame) return null;
  // What was sent again is no second answer; what came in another order is.
  const said = tail.filter((s) => s.length > 0 && (s.note === 'new' || s.note === 'out-of-order'));
  const requests = said.filter((s) => s.from === 'sender' && s.frame >= asked.first.frame);
  const data = said.filter((s) => s.from === 'receiver' && s.frame > lastData.frame);
  const unread = secondAnswer(asked, requests, data);
  // Of an answer of HTTP that is no longer the last message it is not known whether it was an interim one.
  if (unread === undefined || (data[0].frame !== answer.first.frame && !isOneCommand(asked))) return null;
  const length = data.filter((s) => s.frame >= unread.frame).reduce((sum, s) => sum + s.length, 0);
  return {
    confidence: 'likely',
    responsible: 'client-app',
    evidence: [
      fact(data[0], `${the(receiver)} answered ${whose(sender)} only request`),
      fact(unread, `and then sent another answer of ${bytes(length)}, for which nobody had asked`, { length }),
      fact(
        rst,
        `${span(rst.time - unread.time)} later the program closed. With bytes unread a kernel then sends RST instead of FIN`,
        {
          window: rst.window,
        },
      ),
    ],
    doubt: [
      'Inferred: unread. A client that had sent several requests at once, or that read this answer too and then aborted on purpose (SO_LINGER 0), gives the same packets.',
    ],
  };
}
