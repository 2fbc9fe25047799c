/** A connection packet by packet between two lines, with relative numbers as Wireshark shows them. */

import type { FileBorders } from '../../capture/borders.js';
import type { EndpointFacts, Reset, TailSegment } from '../../reset/types.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { ACK, controlNames, RST } from '../../tcp/control.js';
import { glyphs, paint, type Style } from '../text/style.js';
import { columns, glued, wrap } from '../text/wrap.js';
import { bordered, frameCount } from '../words/frame.js';
import { seconds, span } from '../words/time.js';
import { count, counted, evidenceFrames, parties, socket } from '../words/wording.js';
import type { LadderSegment } from './notes.js';
import { type LadderRow, LadderRows } from './rows.js';

export interface LadderEnd {
  readonly address: string;
  readonly port: number;
  /** `client`, `server`, or originator and responder. */
  readonly role: string;
  /** Subtracted from its sequence numbers. */
  readonly zero: number;
}

export interface Ladder {
  readonly client: LadderEnd;
  readonly server: LadderEnd;
  readonly rows: readonly LadderRow[];
  readonly packets: number;
  /** Time of the connection's first packet. */
  readonly start: number;
  /** Frames that get a star. */
  readonly evidence: ReadonlySet<number>;
  /** The reset the ladder is about; null for a connection that had none. */
  readonly reset: { readonly frame: number; readonly time: number; readonly note: string } | null;
  /** Said under the last rung. */
  readonly end: string;
  /** Frames before each file, of a run of several. */
  readonly borders?: FileBorders;
}

export interface LadderOptions {
  readonly style: Style;
  /** Sequence numbers as on the wire. */
  readonly raw: boolean;
}

/** Columns of a time below ten seconds. */
const TIME = 8;
/** Columns of a frame's number. */
const NAME = 5;
/** Wide enough for a data segment with relative numbers; raw numbers widen it. */
const INNER = 40;

export function ladderLines(ladder: Ladder, { style, raw }: LadderOptions): string[] {
  const { client, server, reset } = ladder;
  const about = [
    // Two long IPv6 addresses are wider than a line: they part at the arrow.
    `${glued(`${client.role} ${socket(client)} →`)} ${glued(`${server.role} ${socket(server)}`)}`,
    counted(ladder.packets, 'packet'),
    reset === null
      ? 'no RST'
      : `reset ${seconds(reset.time - ladder.start)} s after the ${startedBySyn(ladder) ? 'SYN' : 'first packet'}`,
  ];
  const lines = [
    ...wrap(glyphs(style, [about[0], ...about.slice(1).map(glued)].join(' · ')), style.width),
    glyphs(style, `${raw ? 'sequence numbers as on the wire' : 'relative numbers as in Wireshark'} · * evidence`),
    '',
  ];
  const texts = ladder.rows.map((row) => (row.kind === 'segment' ? segmentText(row.segment, ladder, raw) : ''));
  // Names of frames are longer than most numbers.
  const names = ladder.rows.flatMap((row) => (row.kind === 'segment' ? [frameCount(ladder, row.segment.frame)] : []));
  const wider = ladder.borders === undefined ? 0 : Math.max(0, ...names.map((name) => name.length - NAME));
  const times = ladder.rows.map((row) => (row.kind === 'segment' ? row.segment : row.last).time - ladder.start);
  const time = Math.max(TIME, ...times.map((each) => seconds(each).length));
  const margin = ' '.repeat(wider + time - TIME);
  // What is still too long for the terminal goes on under its arrow.
  const room = Math.max(NARROW, (style.columns ?? style.width) - LEFT - margin.length - 3);
  const inner = Math.min(room, Math.max(INNER, ...texts.map((text) => columns(text) + 7)));
  lines.push(
    `${margin} frame      time     gap   ${client.role}${' '.repeat(Math.max(1, inner + 2 - client.role.length - server.role.length))}${server.role}`,
  );
  let before: number | null = null;
  ladder.rows.forEach((row, index) => {
    if (row.kind === 'fold') {
      lines.push(...foldLines(row, inner, margin, style));
      before = row.last.time;
      return;
    }
    const { segment, note } = row;
    const star = ladder.evidence.has(segment.frame);
    const gap = before === null ? '' : span(segment.time - before);
    before = segment.time;
    const left = `${star ? '*' : ' '}${frameCount(ladder, segment.frame).padStart(NAME + wider)}  ${seconds(segment.time - ladder.start).padStart(time)}`;
    const [text = '', ...under] = wrap(fieldsWhole(texts[index] as string), inner - ARROW);
    const line = `${left}${glyphs(style, gap).padStart(8)}  |${arrow(text, segment.fromClient, inner, style)}|`;
    const told = segment.frame === reset?.frame ? reset.note : note;
    const rest = under.map((fields) => `${margin}${' '.repeat(LEFT)}|${`  ${fields}`.padEnd(inner)}|`);
    const [first = '', ...remarks] = beside(line, glyphs(style, told), style);
    for (const whole of [first, ...rest, ...remarks]) lines.push(star ? paint(style, 'strong', whole) : whole);
  });
  lines.push(`${margin}${' '.repeat(LEFT)}${ladder.end}`);
  return lines;
}

/** Columns of the shortest arrow around a text. */
const ARROW = 4;
/** Columns that two lines always have between them: enough for the longest field. */
const NARROW = 24;

/** `seq 4217840101` stays on one line. */
function fieldsWhole(text: string): string {
  return text.replace(/\b(seq|ack|len|win) (?=\d)/g, (field) => glued(field));
}

/** Column of the left line. */
const LEFT = 26;

/** A remark stands beside its packet where the terminal is wide enough, otherwise under it. */
function beside(line: string, remark: string, style: Style): string[] {
  if (remark === '') return [line];
  const whole = `${line}  ${remark}`;
  if (columns(whole) <= (style.columns ?? style.width)) return [whole];
  return [line, ...wrap(remark, style.width - LEFT - 2).map((each) => `${' '.repeat(LEFT + 2)}${each}`)];
}

function startedBySyn({ rows }: Ladder): boolean {
  const first = rows[0];
  return first?.kind === 'segment' && (first.segment.control & 0x02) !== 0;
}

/** `PSH ACK seq 1 ack 1 len 3`, `RST seq 6 win 0` */
export function segmentText(segment: LadderSegment, { client, server }: Ladder, raw: boolean): string {
  const [own, other] = segment.fromClient ? [client, server] : [server, client];
  const { control, length, window } = segment;
  const number = (value: number, zero: number) => (raw ? value >>> 0 : (value - zero) >>> 0);
  const parts = [controlNames(control) || 'no flags', `seq ${number(segment.seq, own.zero)}`];
  if (control & ACK) parts.push(`ack ${number(segment.ack, other.zero)}`);
  if (length > 0) parts.push(`len ${length}`);
  if (control & RST || window === 0) parts.push(`win ${window}`);
  return parts.join(' ');
}

function arrow(text: string, fromClient: boolean, inner: number, style: Style): string {
  const line = inner - columns(text) - 3;
  const head = '─'.repeat(line > 3 ? 3 : 1);
  const rest = '─'.repeat(line - head.length);
  return glyphs(style, fromClient ? `${head} ${text} ${rest}▶` : `◀${rest} ${text} ${head}`);
}

function foldLines(row: Extract<LadderRow, { kind: 'fold' }>, inner: number, margin: string, style: Style): string[] {
  const parts = [`${counted(row.packets, 'packet')} in ${span(row.last.time - row.first.time)}`];
  if (row.resets > 0) parts.push(`${count(row.resets)} of them RSTs`);
  if (row.clientBytes > 0) parts.push(`${count(row.clientBytes)} bytes →`);
  if (row.serverBytes > 0) parts.push(`← ${count(row.serverBytes)} bytes`);
  const [first = '', ...rest] = parts;
  const line = `${margin}${' '.repeat(LEFT)}|${`  ${glyphs(style, `… ${first}`)}`.padEnd(inner)}|`;
  return beside(line, glyphs(style, rest.join(', ')), style);
}

/** What a verdict alone knows: the last packets before the reset, without a second pass over the file. */
export function ladderOfVerdict(verdict: Verdict): Ladder {
  const { reset } = verdict;
  const { client, server } = parties(reset);
  const senderIsClient = client === reset.sender;
  const evidence = new Set(evidenceFrames(verdict));
  const rows = new LadderRows((frame) => evidence.has(frame), {
    client: client.role,
    server: server.role,
    borders: reset.borders,
  });
  for (const segment of reset.tail) rows.add(fromTail(segment, senderIsClient));
  rows.add({
    frame: reset.rst.frame,
    time: reset.rst.time,
    fromClient: senderIsClient,
    seq: reset.rst.seq,
    ack: reset.rst.ack,
    control: reset.rst.control,
    length: reset.rst.length,
    window: reset.rst.window,
  });
  return {
    client: endOf(client),
    server: endOf(server),
    rows: rows.end(),
    packets: reset.packets,
    start: reset.start.time,
    evidence,
    reset: resetOf(verdict),
    end: 'only the packets before the reset were kept',
    ...bordered(reset),
  };
}

/** The RST the ladder is about, with what the verdict knows of it. */
export function resetOf(verdict: Verdict): NonNullable<Ladder['reset']> {
  const { rst, sender, phase } = verdict.reset;
  return {
    frame: rst.frame,
    time: rst.time,
    note: verdict.role === 'ignored' ? 'ignored' : made(verdict, sender.role, phase),
  };
}

function made({ mechanism }: Verdict, role: string, phase: Reset['phase']): string {
  switch (mechanism.kind) {
    case 'live-socket':
      return `${role}'s socket aborts: RST`;
    case 'kernel-reply':
      return phase === 'syn-sent' ? 'refused' : 'no socket left: RST';
    case 'third-party':
      return `not sent by the ${role}`;
    case 'undecided':
      return 'RST';
  }
}

function fromTail(segment: TailSegment, senderIsClient: boolean): LadderSegment {
  return { ...segment, fromClient: (segment.from === 'sender') === senderIsClient };
}

export function endOf(facts: EndpointFacts): LadderEnd {
  return { address: facts.address, port: facts.port, role: facts.role, zero: facts.zero };
}

/** State and account of both ends before the reset, each a line: `client CLOSE-WAIT: sent 8 bytes, 3 acknowledged, 5 not`. */
export function statesBefore(reset: Reset): readonly string[] {
  const { client, server } = parties(reset);
  return [line(client, server, reset), line(server, client, reset)];
}

/** The sender of an RST may know more than it sent: its state is what was seen. */
function line(end: EndpointFacts, other: EndpointFacts, { sender }: Reset): string {
  if (end.segments === 0) return `${end.role} sent no packet but RSTs`;
  return `${end.role} ${stateOf(end, other)}${end === sender ? ' as seen' : ''}: ${account(end)}`;
}

/** RFC 9293 §3.3.2, as far as the packets show it; the host itself may already be further. */
function stateOf(end: EndpointFacts, other: EndpointFacts): string {
  if (end.role === 'client' && other.iss === null && end.syn !== null && other.segments === 0) return 'SYN-SENT';
  if (end.fin === null) return other.fin === null ? 'ESTABLISHED' : 'CLOSE-WAIT';
  if (other.fin === null) return end.fin.acked === null ? 'FIN-WAIT-1' : 'FIN-WAIT-2';
  if (end.fin.acked === null) return other.fin.frame < end.fin.frame ? 'LAST-ACK' : 'CLOSING';
  return end.fin.frame < other.fin.frame ? 'TIME-WAIT' : 'CLOSED';
}

function account(end: EndpointFacts): string {
  const sent =
    end.bytes === 0
      ? end.fin === null
        ? 'sent no data'
        : 'sent FIN'
      : `sent ${counted(end.bytes, 'byte')}${end.fin === null ? '' : ' and FIN'}`;
  if (end.bytesUnacked > 0)
    return `${sent}, ${count(end.bytes - end.bytesUnacked)} acknowledged, ${count(end.bytesUnacked)} not`;
  if (end.fin !== null && end.fin.acked === null) return `${sent}, the FIN not acknowledged`;
  return end.bytes === 0 && end.fin === null ? sent : `${sent}, all acknowledged`;
}
