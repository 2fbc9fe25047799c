import type { Limits } from '../../limits.js';
import { DEFAULT_MSS, MOST_OPTIONS } from '../../tcp/control.js';
import { isHalfSent, latin1 } from '../facts/content.js';
import type { EndpointFacts, Message, Reset } from '../types.js';
import { protocolOf } from './protocols.js';

/** Octets that hold a method or `HTTP/1.1 413`. */
const START = 16;
const text = ({ octets }: Message) => latin1(octets, START);
/** An HTTP/1 answer that refuses, redirects or fails: what servers send without reading the body. */
const EARLY_ANSWER = /^HTTP\/1\.[01] [345]\d\d/;
const BODYLESS = /^(GET|HEAD|DELETE|OPTIONS) /;
const UPLOAD = /^(POST|PUT|PATCH) /;

/** Does the request have a body, by its method? */
export const hasBody = (request: Message) => UPLOAD.test(text(request));

/** What the packets say of an upload and of the answer to it. */
export interface UploadSigns {
  /** Octets of it came after the answer had begun. */
  readonly after: boolean;
  /** It was not complete. */
  readonly goesOn: boolean;
  /** Octets before its close that the server never took: a gap of the upload that was filled too late. */
  readonly left: boolean;
  /** The answer's status is one that servers send without reading the body. */
  readonly early: boolean;
  /** The request's method has no body: it was read whole when it was answered. */
  readonly bodyless: boolean;
  readonly http: boolean;
  /** It is large enough to be one. */
  readonly big: boolean;
}

export function uploadSigns(reset: Reset, answer: Message, upload: Message, limits: Limits): UploadSigns {
  const { receiver } = reset;
  const after = upload.last.frame > answer.first.frame;
  const http = protocolOf(upload) === 'HTTP' || protocolOf(answer) === 'HTTP';
  return {
    after,
    // The rest of an upload follows without a pause; a new request on the connection comes after one.
    goesOn:
      isHalfSent(upload) ||
      (after &&
        (upload.first.frame < answer.first.frame ||
          (upload.idleBefore !== null && upload.idleBefore < limits.exchangeIdle))),
    left:
      receiver.bytesUnacked > 0 &&
      reset.tail.some((s) => s.from === 'receiver' && s.length > 0 && s.frame > answer.first.frame),
    early: EARLY_ANSWER.test(text(answer)),
    bodyless: BODYLESS.test(text(upload)),
    http,
    big: isBig(receiver, upload, http),
  };
}

/**
 * Is so much an upload? Other protocols than HTTP take turns in small messages: an upload fills segments there, or is
 * nearly all that was sent.
 */
function isBig({ mss, messages, bytes: sent }: EndpointFacts, upload: Message, http: boolean): boolean {
  const segment = mss ?? DEFAULT_MSS;
  if (http || messages <= 2) return sent > segment;
  return mss === null ? upload.length > segment : upload.length >= segment - MOST_OPTIONS;
}
