import { type FileBorders, frameName } from '../capture/borders.js';
import type { EndpointFacts, Evidence, Mark, Reset, Value } from './types.js';

/** The wording that causes share for evidence: past-tense clauses, values under RFC names. */

/** One fact at a frame: `fact(fin, 'the server closed its side (FIN)')`. */
export function fact(
  mark: Pick<Mark, 'frame'> | null,
  text: string,
  values: Readonly<Record<string, Value>> = {},
): Evidence {
  return { frame: mark?.frame ?? null, text, values };
}

/**
 * A frame to be named in a text: `the server had closed (${cited(fin)})`. Its name is put in once the verdict is made:
 * the frame's number, or in a run of several files that of the file before it.
 */
export function cited(mark: Pick<Mark, 'frame'> | number): string {
  return `{#${typeof mark === 'number' ? mark : mark.frame}}`;
}

/** The text with the names of the frames that it cites. */
export function withFrames(text: string, borders: FileBorders | undefined): string {
  if (!text.includes('{#')) return text;
  return text.replace(/\{#(\d+)\}/g, (_, frame: string) => frameName(borders, Number(frame)));
}

/** The last segment of an end, where there is one. */
export function lastHeard(endpoint: EndpointFacts): readonly Evidence[] {
  const { lastSegment } = endpoint;
  return lastSegment ? [fact(lastSegment, `${the(endpoint)} was last heard of`)] : [];
}

/** `the server`, `the client`. */
export function the(endpoint: EndpointFacts): string {
  return `the ${endpoint.role}`;
}

/** `the server's`. */
export function whose(endpoint: EndpointFacts): string {
  return `${the(endpoint)}'s`;
}

/** `the client spoke again`, seen or, where its direction was not captured, told by the reply that it drew. */
export function spoke({ receiver, trigger }: Pick<Reset, 'receiver' | 'trigger'>, again = ' again'): string {
  return `${the(receiver)} spoke${again}${trigger === null ? ', as the reply tells: its own packets are not in this capture' : ''}`;
}

/** `RST, ACK` or, of a stack that aborts so, `RST`. */
export function flagsOf({ hasAck }: Pick<Reset['rst'], 'hasAck'>): string {
  return hasAck ? 'RST, ACK' : 'RST';
}

/** A duration in ns as a person says it: `67 µs`, `200 ms`, `1.64 s`, `6 min 2 s`. */
export function span(ns: number): string {
  const n = Math.abs(ns);
  if (n < 999.5e3) return `${Math.round(n / 1e3)} µs`;
  if (n < 9.995e6) return `${trim(n / 1e6, 2)} ms`;
  if (n < 999.5e6) return `${Math.round(n / 1e6)} ms`;
  if (n < 59.95e9) return `${trim(n / 1e9, n < 9.995e9 ? 2 : 1)} s`;
  const seconds = Math.round(n / 1e9);
  if (seconds < 3600)
    return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** `1 byte`, `65,536 bytes`. */
export function bytes(n: number): string {
  return plural(n, 'byte');
}

/** `1 connection`, `3 connections`. */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** `14,201,877`; not by toLocaleString, whose tables take 5 ms to load. */
export function count(n: number): string {
  const digits = String(n);
  return digits.length < 4 ? digits : digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `10.0.0.1:80`, `[fd00::1]:80`. */
export function place(endpoint: { readonly address: string; readonly port: number }): string {
  return endpoint.address.includes(':')
    ? `[${endpoint.address}]:${endpoint.port}`
    : `${endpoint.address}:${endpoint.port}`;
}
