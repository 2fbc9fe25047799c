import type { Limits } from '../../limits.js';
import { after, distance } from '../../tcp/sequence.js';
import { bytes, cited } from '../evidence.js';
import { drawnByUnseenData, whereUnseen } from '../facts/unseen-trigger.js';
import type { EndpointFacts, Message } from '../types.js';
import { isTerminal } from './protocols.js';
import { isServer } from './side.js';
import type { NoMatch, With } from './verdict.js';

/** A request on a connection that the server had closed while it was idle. */
export interface IdleReuse {
  /** null where the client's direction was not captured. */
  readonly request: Message | null;
  /** The request in words (`40 bytes`), and what became of it. */
  readonly said: string;
  readonly lost: string;
  /** Silence before the server's FIN, ns. */
  readonly idle: number;
  /** From the FIN to the request, as the capture point saw both, ns. */
  readonly sinceFin: number;
  /** The request left before the client's kernel had acknowledged the FIN. */
  readonly crossed: boolean;
  /** It left within what a race allows: two round trips and a wake-up of the program. */
  readonly race: boolean;
}

/** What the races after a FIN share: exchange, idle, FIN of the server, then a new request drew the RST. */
export function idleReuse(reset: With<'drawn'>, limits: Limits): IdleReuse | NoMatch | undefined {
  const { sender, receiver, trigger, mechanism } = reset;
  if (mechanism.kind === 'third-party') return { no: 'the sender named in it did not make it' };
  if (!isServer(sender)) return undefined;
  if (sender.fin === null) return { no: 'no FIN came first' };
  if (isTerminal(reset)) return { no: 'what is typed into a terminal session is no request' };
  if (trigger === null) return untoldReuse(reset, sender.fin, limits);
  if (trigger.unseen) return unseenReuse({ ...reset, trigger }, limits);
  const request = receiver.lastMessage;
  if (request === null) return { no: 'the client sent nothing' };
  // At the client's end the request is seen before the FIN that it crossed: the FIN does not acknowledge it.
  const early = request.first.frame < sender.fin.frame;
  if (
    early &&
    (sender.rcvNxt === null ||
      after((trigger.seq + trigger.length) | 0, sender.rcvNxt) === false ||
      trigger.frame !== request.first.frame)
  )
    return {
      no:
        request.last.frame < sender.fin.frame
          ? `the client sent nothing new after the FIN (${cited(sender.fin)})`
          : 'the client was in the middle of sending when the server closed',
    };
  if (trigger.length === 0 && trigger.frame < request.first.frame) return { no: 'it was not data that drew the RST' };
  const exchanged = reset.exchanges > 1 || (sender.messages > 0 && receiver.messages > 1);
  if (!exchanged && !reset.quality.midStream) return { no: 'no exchange was complete before' };
  const idle = early ? request.idleBefore : sender.fin.idleBefore;
  const enough = Math.max(limits.exchangeIdle, limits.idleRoundTrips * (reset.rtt ?? 0));
  if (idle === null || idle < enough) return { no: 'the connection had not been idle before the FIN' };
  const said = bytes(request.length);
  const lost = `${said} lost`;
  const sinceFin = request.first.time - sender.fin.time;
  const crossed = !after(trigger.ack, sender.fin.seq);
  return raced({ request, said, lost, idle, sinceFin, crossed }, reset.rtt ?? 0, limits);
}

/** Two round trips after the FIN, and the time a program takes to wake up, are a race: later it could have known. */
function raced(found: Omit<IdleReuse, 'race'>, roundTrip: number, limits: Limits): IdleReuse {
  return { ...found, race: found.crossed || found.sinceFin <= 2 * roundTrip + limits.raceAfterFin };
}

/** The same where only SYN, FIN and RST were captured: volumes, timestamps and the RST's number tell it. */
function unseenReuse(reset: With<'trigger'>, limits: Limits): IdleReuse | NoMatch {
  const { rst, sender, receiver, trigger, handshake } = reset;
  const fin = sender.fin;
  if (fin === null || !drawnByUnseenData(reset, limits)) return { no: 'no new data drew it, as far as the FINs tell' };
  if (sender.bytes === 0 || receiver.iss === null || distance(trigger.seq, receiver.iss) <= 1)
    return { no: 'no exchange was complete before' };
  // The round trip as far as the capture point saw it: at the server's end it is not needed.
  const roundTrip = handshake?.synAck ? handshake.synAck.time - handshake.syn.time : 0;
  const idle = fin.idleBefore;
  if (idle === null || idle < Math.max(limits.exchangeIdle, limits.idleRoundTrips * roundTrip))
    return { no: 'nothing shows that the connection had been idle before the FIN' };
  const { length } = trigger;
  const request = { first: trigger, last: trigger, length, idleBefore: idle, octets: new Uint8Array(0) };
  const said = length > 0 ? bytes(length) : `data ${whereUnseen(reset)}`;
  const lost = length > 0 ? `${said} lost` : 'request lost';
  const sinceFin = rst.time - fin.time;
  const crossed = rst.seq === fin.seq;
  return raced({ request, said, lost, idle, sinceFin, crossed }, roundTrip, limits);
}

/**
 * The request is not in the capture, the RST that it drew is: its number is what the request acknowledged, with
 * or without the FIN. A shorter silence may be a program that closed on purpose, and the RST drawn by less.
 */
function untoldReuse(
  reset: With<'drawn'>,
  fin: NonNullable<EndpointFacts['fin']>,
  limits: Limits,
): IdleReuse | NoMatch {
  const { rst, receiver, drawn, unanswered } = reset;
  if (reset.exchanges < 1 || unanswered !== null || receiver.fin !== null)
    return { no: 'no exchange was complete before' };
  if (fin.idleBefore === null || fin.idleBefore < limits.exchangeIdle)
    return { no: 'the connection had not been idle before the FIN' };
  const sinceFin = drawn.time - fin.time;
  const crossed = !after(rst.seq, fin.seq);
  const said = 'something that is not in this capture';
  return raced({ request: null, said, lost: 'request lost', idle: fin.idleBefore, sinceFin, crossed }, 0, limits);
}
