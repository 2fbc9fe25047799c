import {
  ABSENT_IP_ID,
  ABSENT_TIME,
  ABSENT_TTL,
  CaptureError,
  type CaptureInfo,
  type CaptureReader,
  type CaptureRecord,
} from '../types.js';
import { WarningLog } from '../warnings.js';
import { type Stamp, TextClock } from './clock.js';
import { dumpedLine, HexDump } from './hex-dump.js';
import { Hosts } from './hosts.js';
import { LineSplitter } from './lines.js';
import { Numbers } from './numbers.js';
import { LINKTYPE_RAW, writeRecord } from './octets.js';
import type { TextPacket } from './packet.js';
import { beginsPacket, type LineResult, NO_SECOND_LINE, parseTcpdumpLine, unquoted } from './tcpdump-line.js';

/** Lines that one packet may take: tcpdump prints two, a mail or a terminal breaks each of them into a few. */
const MOST_LINES = 12;

/** Packets held back at most while their numbers cannot be told: a later one of the same connection tells them. */
const LOOK_AHEAD = 4096;

/** Longest beginning of a line that a warning or an error quotes. */
const QUOTED = 24;

const NAMES = [
  [ABSENT_TIME, 'times'],
  [ABSENT_TTL, 'TTL'],
  [ABSENT_IP_ID, 'IP ID'],
] as const;

interface Entry {
  readonly packet: TextPacket;
  readonly frame: number;
  readonly stamp: Stamp;
  dump: HexDump | null;
}

/** A packet of which not all lines have come. */
interface Open {
  /** The lines put together with spaces, and without: a break may fall between words or inside one. */
  readonly spaced: string;
  readonly joined: string;
  readonly line: number;
  readonly lines: number;
  readonly why: string;
}

/**
 * Reads packets from text, as tcpdump prints them, with whatever stands between. What a line does not say is absent
 * ({@link CaptureRecord.absent}), never 0. Lines that look like a packet and cannot be understood are counted.
 */
export class TextReader implements CaptureReader {
  readonly #lines = new LineSplitter();
  readonly #warnings = new WarningLog();
  readonly #hosts = new Hosts();
  readonly #numbers = new Numbers();
  readonly #clock = new TextClock();
  readonly #linkTypes: number[] = [];
  readonly #interfaces = new Map<string, number>();
  readonly #queue: Entry[] = [];
  #queueAt = 0;
  #open: Open | null = null;
  /** The newest packet: a hex dump of it may follow. */
  #last: Entry | null = null;
  #frame = 0;
  /** What every TCP packet so far lacks, as ABSENT_ bits. */
  #absent = ~0;
  #hasMac = false;
  #hasPayload = false;
  #firstLine = '';
  #inQuote = false;

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  next(record: CaptureRecord): boolean {
    for (;;) {
      const entry = this.#queue[this.#queueAt];
      if (entry !== undefined && this.#isReady(entry)) {
        this.#queue[this.#queueAt++] = undefined as never;
        if (this.#queueAt === 1024) {
          this.#queue.splice(0, this.#queueAt);
          this.#queueAt = 0;
        }
        this.#emit(entry, record);
        return true;
      }
      const line = this.#lines.next();
      if (line === null) return false;
      this.#feed(line);
    }
  }

  end(): void {
    for (let line = this.#lines.next(); line !== null; line = this.#lines.next()) this.#feed(line);
    const last = this.#lines.rest();
    if (last !== null) this.#feed(last);
    this.#closeOpen();
    this.#flush();
    this.#numbers.settle();
    this.#clock.end();
    if (this.#frame === 0) {
      const text = `not a packet capture: it starts with the text ${JSON.stringify(this.#firstLine)}, and no line of it is a packet as tcpdump or tshark prints one`;
      throw new CaptureError('unknown-format', text, 0);
    }
  }

  get info(): CaptureInfo {
    return {
      format: 'tcpdump-text',
      linkTypes: this.#linkTypes,
      epoch: this.#clock.epoch,
      snaplen: 0,
      dropped: 0,
      warnings: this.#warnings.list(),
      lacks: this.#lacks(),
    };
  }

  // ---- lines to packets --------------------------------------------------------------------------

  #feed(raw: string): void {
    const text = unquoted(raw);
    if (this.#firstLine === '') this.#firstLine = raw.trim().slice(0, QUOTED);
    const dumped = dumpedLine(text);
    if (dumped !== null) {
      this.#closeOpen();
      if (this.#last !== null) (this.#last.dump ??= new HexDump()).add(dumped);
      return;
    }
    if (text === '' || text.startsWith('```')) {
      this.#closeOpen();
      return;
    }
    if (this.#isContinuation(text) && this.#goOn(text)) return;
    // What an ICMP error quotes (-v) stands behind it, indented and without a time of its own.
    if (/^\s+(?:IP6? )?\(/.test(raw) && this.#clock.hasTimes && this.#last?.packet.tcp === null) {
      this.#inQuote = true;
      return;
    }
    if (!beginsPacket(text) || (this.#inQuote && /^\s/.test(raw))) return;
    this.#closeOpen();
    this.#inQuote = false;
    const line = this.#lines.number;
    this.#take(parseTcpdumpLine(text, line, this.#hosts), { spaced: text, joined: text, line, lines: 1, why: '' });
  }

  /** Can this line belong to the packet that is open? The second line of `-v` has addresses, but no time. */
  #isContinuation(text: string): boolean {
    if (this.#open === null) return false;
    return !beginsPacket(text) || (!/^\S*\d:\d\d:\d\d|^IP6? /.test(text) && this.#open.why === NO_SECOND_LINE);
  }

  #goOn(text: string): boolean {
    const open = this.#open as Open;
    const more = {
      spaced: `${open.spaced} ${text}`,
      joined: open.joined + text,
      line: open.line,
      lines: open.lines + 1,
      why: open.why,
    };
    this.#open = null;
    const spaced = parseTcpdumpLine(more.spaced, open.line, this.#hosts);
    if ('packet' in spaced) this.#take(spaced, more);
    else {
      const joined = parseTcpdumpLine(more.joined, open.line, this.#hosts);
      this.#take('packet' in joined ? joined : spaced, more);
    }
    return true;
  }

  #take(result: LineResult, open: Open): void {
    if ('packet' in result) this.#add(result.packet);
    else if ('problem' in result) this.#notUnderstood(open.line, result.problem);
    else if (open.lines >= MOST_LINES) this.#notUnderstood(open.line, result.unfinished);
    else this.#open = { ...open, why: result.unfinished };
  }

  #closeOpen(): void {
    if (this.#open === null) return;
    const { line, why } = this.#open;
    this.#open = null;
    this.#notUnderstood(line, why);
  }

  /** It is a packet all the same, and has its number. */
  #notUnderstood(line: number, why: string): void {
    this.#flush();
    const text = `lines that look like packets cannot be understood, first line ${line}: ${why}`;
    this.#warnings.add('text-line', ++this.#frame, text);
  }

  // ---- packets to records ------------------------------------------------------------------------

  #add(packet: TextPacket): void {
    this.#flush();
    this.#last = { packet, frame: ++this.#frame, stamp: this.#clock.stamp(packet.time), dump: null };
  }

  #flush(): void {
    if (this.#last === null) return;
    const { packet, stamp } = this.#last;
    if (packet.tcp !== null) this.#numbers.add(packet, packet.tcp, packet.time === null ? null : stamp.ns);
    this.#queue.push(this.#last);
    this.#last = null;
    if (this.#queue.length - this.#queueAt > LOOK_AHEAD) this.#numbers.settle();
  }

  #isReady({ packet, stamp }: Entry): boolean {
    return stamp.ns !== null && (packet.tcp === null || packet.tcp.settled);
  }

  #emit({ packet, frame, stamp, dump }: Entry, record: CaptureRecord): void {
    record.frame = frame;
    record.time = stamp.ns as number;
    record.interfaceId = this.#interfaceId(packet.interfaceName);
    if (dump === null || !dump.write(packet, record)) writeRecord(packet, record);
    if (!this.#linkTypes.includes(record.linkType)) this.#linkTypes.push(record.linkType);
    if (packet.tcp === null) return;
    this.#absent &= record.absent;
    if (packet.macSource !== null || record.linkType !== LINKTYPE_RAW) this.#hasMac = true;
    if (dump !== null || packet.tcp.payload.length > 0) this.#hasPayload = true;
  }

  #interfaceId(name: string | null): number {
    if (name === null) return 0;
    let id = this.#interfaces.get(name);
    if (id === undefined) this.#interfaces.set(name, (id = this.#interfaces.size));
    return id;
  }

  #lacks(): string[] {
    const lacks: string[] = NAMES.filter(([bit]) => (this.#absent & bit) !== 0).map(([, name]) => name);
    if (!this.#hasMac) lacks.push('MAC addresses');
    if (!this.#hasPayload) lacks.push('payload');
    return lacks;
  }
}
