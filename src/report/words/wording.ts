/** Numbers, names and sentences, worded alike in every format. */

import { frameName, placeOfFrame } from '../../capture/borders.js';
import { count } from '../../reset/evidence.js';
import type { EndpointFacts, EndpointRole, Evidence, Mechanism, Reset } from '../../reset/types.js';
import { isServer } from '../../reset/vocabulary/side.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import type { Bordered } from './frame.js';

export { count };

/** `1 RST`, `2 RSTs` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

/** Some of so many: `a, b and 10 more`. */
export function someOf(items: readonly string[], all: number): string {
  const more = all - items.length;
  return more > 0 ? `${items.join(', ')} and ${count(more)} more` : listed(items);
}

/** `10.0.2.2:5007`, `[2001:db8::1]:443` */
export function socket(endpoint: { readonly address: string; readonly port: number }): string {
  return endpoint.address.includes(':')
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`;
}

export interface Parties {
  readonly client: EndpointFacts;
  readonly server: EndpointFacts;
}

/** Who asked and who listened; originator and responder where no SYN was seen. */
export function parties(reset: Reset): Parties {
  const senderAsks = !isServer(reset.sender);
  return senderAsks
    ? { client: reset.sender, server: reset.receiver }
    : { client: reset.receiver, server: reset.sender };
}

/** `server kernel`, `client socket`, `third party`: who wrote the packet, which is not yet why. */
export function madeBy(role: EndpointRole, mechanism: Mechanism): string {
  switch (mechanism.kind) {
    case 'third-party':
      return 'third party';
    case 'live-socket':
      return `${role} socket`;
    case 'kernel-reply':
      return `${role} kernel`;
    case 'undecided':
      return 'undecided';
  }
}

/**
 * A cause's words with its slots filled: `{sender}`, `{receiver}`, `{client}`, `{server}` by the role,
 * `{sender.address}`, `{server.port}`, `{server.socket}` and so on by the endpoint.
 */
export function slotted(text: string, reset: Reset): string {
  const { client, server } = parties(reset);
  const ends: Record<string, EndpointFacts> = { sender: reset.sender, receiver: reset.receiver, client, server };
  return text.replace(
    /(\b[Tt]he\s)?\{(sender|receiver|client|server)(?:\.(address|port|socket))?\}/g,
    (_, article: string | undefined, slot: string, field: string | undefined, at: number) => {
      const end = ends[slot] as EndpointFacts;
      if (field === 'address') return `${article ?? ''}${end.address}`;
      if (field === 'port') return `${article ?? ''}${end.port}`;
      if (field === 'socket') return `${article ?? ''}${socket(end)}`;
      return `${article ?? articleAfter(text.slice(0, at))}${end.role}`;
    },
  );
}

/** `one {sender}` and `{server} kernel` bring their own article or stand alone where a sentence has one. */
function articleAfter(before: string): string {
  return /\b(?:one|this|its|an?|each|every|all|no)\s$/i.test(before) ? '' : 'the ';
}

/** The same as a sentence begins. */
export function filled(text: string, reset: Reset): string {
  return capital(slotted(text, reset));
}

/**
 * The same for a reader who has no connection at hand. Seen from the program that met the error, as in "connection
 * reset by peer": the sender of the RST is the peer, its receiver the local side.
 */
export function unslotted(text: string): string {
  return text
    .replace(
      /(\b[Tt]he\s)?\{(sender|receiver|client|server)\}/g,
      (_, article: string | undefined, slot: string, at: number) => {
        const role = slot === 'sender' ? 'peer' : slot === 'receiver' ? 'local side' : slot;
        return `${article ?? articleAfter(text.slice(0, at))}${role}`;
      },
    )
    .replace(/\{(\w+)\.(address|port|socket)\}/g, (_, slot: string, field: string) => {
      const end = slot === 'client' || slot === 'server' ? slot.toUpperCase() : 'HOST';
      return field === 'address' ? end : field === 'port' ? 'PORT' : `${end}:PORT`;
    });
}

/** The same as a sentence begins. */
export function unfilled(text: string): string {
  return capital(unslotted(text));
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A clause as a sentence: capital letter, full stop. Addresses and literal strings keep their case. */
export function sentence(clause: string): string {
  const text = clause.trim();
  if (text === '') return '';
  return /[.!?:]$/.test(text) ? capital(text) : `${capital(text)}.`;
}

/** An alternative's reason without what is seen: that is the same for the verdict beside it. */
export function inferred(reason: string): string {
  return reason.replace(/^Seen: .*?\. Inferred: /, '');
}

/**
 * Evidence as a story: each clause a sentence that ends in its frame, named "frame 8" the first time and "(9)" after
 * that, as one reads a capture list.
 */
export function story(evidence: readonly Evidence[], { borders }: Bordered, named = false): string {
  let introduced = named;
  const sentences: string[] = [];
  for (const { frame, text } of evidence) {
    const clause = text.trim().replace(/\.$/, '');
    if (clause === '') continue;
    const name = frame === null ? null : frameName(borders, frame);
    if (name === null || mentions(clause, name)) {
      introduced ||= /\bframes? \d/.test(clause);
      sentences.push(sentence(clause));
    } else {
      const cited = `${introduced ? '' : 'frame '}${name}`;
      // `… closed (FIN)` → `… closed (FIN, frame 8)`: one pair of brackets is enough.
      const bracketed = /^(.*\([^()]*)\)$/.exec(clause);
      sentences.push(sentence(bracketed ? `${bracketed[1]}, ${cited})` : `${clause} (${cited})`));
      introduced = true;
    }
  }
  return sentences.join(' ');
}

/** The clause already names its frame: `frame 15 bears the server's address`. */
function mentions(clause: string, frame: string): boolean {
  return (
    new RegExp(`(?:\\bframes? |\\(|, |and )${frame}\\b(?![.:]\\d)`).test(clause) && /\bframes? \d|\(\d/.test(clause)
  );
}

/** Frames of a verdict's evidence with its own RST, in order, each once. */
export function evidenceFrames(verdict: Verdict): number[] {
  const frames = new Set<number>([verdict.reset.rst.frame]);
  for (const { frame } of verdict.evidence) if (frame !== null) frames.add(frame);
  return [...frames].sort((a, b) => a - b);
}

/** Names of the frames of a verdict's evidence with its own RST: `8, 9, 11`. */
export function evidenceNames(verdict: Verdict): string[] {
  const { borders } = verdict.reset;
  return evidenceFrames(verdict).map((frame) => frameName(borders, frame));
}

/**
 * A Wireshark display filter that selects exactly the evidence, also under port reuse; where the run is several files, as
 * far as it lies in the file of the RST.
 */
export function displayFilter(verdict: Verdict): string {
  const { borders, rst } = verdict.reset;
  const { file } = placeOfFrame(borders, rst.frame);
  const places = evidenceFrames(verdict).map((frame) => placeOfFrame(borders, frame));
  return `frame.number in {${places
    .filter((place) => place.file === file)
    .map(({ frame }) => frame)
    .join(',')}}`;
}
