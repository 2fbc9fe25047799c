import { DIRECTION_INBOUND, DIRECTION_OUTBOUND } from '../capture/types.js';
import type { Segment } from './segment.js';

/** What the capture itself notes about a packet: the rule that a packet filter applied, the process it belongs to. */
export interface PacketNote {
  /** A past-tense clause. */
  readonly text: string;
  readonly values: Readonly<Record<string, string | number>>;
}

/** Kinds of notes before a packet ({@link Segment.noteKind}). */
export const NOTE_PF = 1;
export const NOTE_PROCESS = 2;

/** Octets up to the direction of a packet in PFLOG, and up to the process's name in PKTAP. */
const PFLOG_LENGTH = 61;
const PKTAP_LENGTH = 76;

/** pf's actions and reasons (OpenBSD net/pfvar.h). */
const ACTIONS = ['pass', 'block', 'scrub'];
const REASONS = [
  'match',
  'bad-offset',
  'fragment',
  'short',
  'normalize',
  'memory',
  'bad-timestamp',
  'congestion',
  'ip-option',
  'proto-cksum',
  'state-mismatch',
  'state-insert',
  'state-limit',
  'src-limit',
  'synproxy',
];
/** No rule of that number: the default one, or one outside of an anchor. */
const NO_RULE = 0xffffffff;

/** The note of the segment decoded last, null where there is none, or it says nothing. */
export function noteOf(s: Segment): PacketNote | null {
  if (s.noteKind === NOTE_PF) return ofFilter(s);
  return s.noteKind === NOTE_PROCESS ? ofProcess(s) : null;
}

/** As `tcpdump -e` on pflog0 prints it. */
function ofFilter({ data, noteAt }: Segment): PacketNote | null {
  if (data[noteAt] < PFLOG_LENGTH) return null;
  const view = new DataView(data.buffer, data.byteOffset + noteAt);
  const action = ACTIONS[data[noteAt + 2]];
  if (action === undefined) return null;
  const rule = view.getUint32(36);
  const sub = view.getUint32(40);
  const anchor = textAt(data, noteAt + 20, 16);
  const number = sub === NO_RULE ? `${rule}` : `${rule}.${anchor}.${sub}`;
  const reason = REASONS[data[noteAt + 3]] ?? String(data[noteAt + 3]);
  const direction = data[noteAt + 60] === 1 ? 'in' : 'out';
  const device = textAt(data, noteAt + 4, 16);
  const named = rule === NO_RULE ? 'the default rule' : `rule ${number}`;
  return {
    text: `the packet filter logged it: ${named}/(${reason}): ${action} ${direction} on ${device}`,
    values: { ...(rule === NO_RULE ? {} : { rule: number }), action, reason, interface: device },
  };
}

function ofProcess({ data, noteAt, direction }: Segment): PacketNote | null {
  const view = new DataView(data.buffer, data.byteOffset + noteAt);
  const pid = view.getInt32(52, true);
  const process = textAt(data, noteAt + 56, 20);
  if (process === '') return null;
  const does =
    direction === DIRECTION_OUTBOUND ? 'sent it' : direction === DIRECTION_INBOUND ? 'received it' : 'it belongs to';
  return {
    text: `the capturing host noted the process that ${does}: ${process} (pid ${pid})`,
    values: { process, pid },
  };
}

/** Up to the first zero, what is no ASCII that prints left out: it came from a file. */
function textAt(data: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let i = at; i < at + length && data[i] !== 0; i++)
    if (data[i] > 0x20 && data[i] < 0x7f) text += String.fromCharCode(data[i]);
  return text;
}

/** Is a header of so many octets long enough to hold a process's name? */
export function namesProcess(length: number): boolean {
  return length >= PKTAP_LENGTH;
}
