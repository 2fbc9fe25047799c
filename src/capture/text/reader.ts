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
import { Conversations } from './conversations.js';
import { HexDump } from './hex-dump.js';
import { Hosts } from './hosts.js';
import type { TextQuote } from './icmp-error.js';
import { LineAssembler, type LineSink } from './line-assembler.js';
import { LineSplitter } from './lines.js';
import { Numbers } from './numbers.js';
import { LINKTYPE_RAW, writeRecord } from './octets.js';
import type { TextPacket } from './packet.js';
import { packetOf, parseTableSegment, type TableRow } from './table-line.js';
import { TableNumbers } from './table-numbers.js';

/** Packets held back at most while it cannot be told what they are: a later one of the same connection tells. */
const LOOK_AHEAD = 4096;

/** Longest beginning of a line that an error quotes. */
const QUOTED = 24;

const NAMES = [
  [ABSENT_TIME, 'times'],
  [ABSENT_TTL, 'TTL'],
  [ABSENT_IP_ID, 'IP ID'],
] as const;

interface Entry {
  /** null: it was not understood after all. */
  packet: TextPacket | null;
  readonly frame: number;
  readonly stamp: Stamp;
  /** It is not known yet which connection it belongs to. */
  isOpen: boolean;
  dump: HexDump | null;
}

/**
 * Reads packets from text: what `tcpdump` prints in one or two lines a packet, with or without a hex dump, `tshark`'s and
 * Wireshark's packet list, and whatever stands between. What a line does not say is absent ({@link CaptureRecord.absent}),
 * never 0. Lines that look like a packet and cannot be understood are counted and have their frame number.
 *
 * One packet by hand, as the rule tests have it (fields in any order, commas or not):
 *
 *     0.010 10.0.0.2.80 > 10.0.0.1.40000: [P.] seq 1 ack 19 win 501 <nop,nop,TS val 2 ecr 1> ttl 57 id 42 DF "HTTP/1.1 200"
 *
 * `ttl 57`, `id 42` or `id 0x2a`, `DF` or `-DF`, `tos 0x10`, `mac 02:…:01>02:…:02`, `if eth0 in`, `cksum wrong`, and the
 * payload in quotes with the escapes of C stand in fixed words behind the flags; `win` is required.
 */
export class TextReader implements CaptureReader, LineSink {
  private readonly lines = new LineSplitter();
  private readonly warnings = new WarningLog();
  private readonly hosts = new Hosts();
  private readonly assembler = new LineAssembler(this.hosts, this);
  private readonly conversations = new Conversations();
  private readonly numbers = new Numbers();
  private readonly tableNumbers = new TableNumbers();
  private readonly clock = new TextClock();
  private readonly linkTypes: number[] = [];
  private readonly interfaces = new Map<string, number>();
  private queue: Entry[] = [];
  private queueAt = 0;
  /** The newest packet: a hex dump of it may follow. */
  private last: Entry | null = null;
  private format: string | null = null;
  private frame = 0;
  private firstLine = '';
  /** What every TCP packet so far lacks, as ABSENT_ bits. */
  private absent = ~0;
  private hasMac = false;
  private hasPayload = false;

  push(chunk: Uint8Array): void {
    this.lines.push(chunk);
  }

  next(record: CaptureRecord): boolean {
    for (;;) {
      const entry = this.queue[this.queueAt];
      if (entry !== undefined && isReady(entry)) {
        if (++this.queueAt === LOOK_AHEAD) {
          this.queue = this.queue.slice(this.queueAt);
          this.queueAt = 0;
        }
        if (entry.packet === null) continue;
        this.emit(entry.packet, entry, record);
        return true;
      }
      const line = this.lines.next();
      if (line === null) return false;
      this.feed(line);
    }
  }

  end(): void {
    for (let line = this.lines.next(); line !== null; line = this.lines.next()) this.feed(line);
    const last = this.lines.rest();
    if (last !== null) this.feed(last);
    this.assembler.close();
    this.flush();
    this.settle();
    this.clock.end();
    if (this.frame > 0) return;
    const text = `not a packet capture: it starts with the text ${JSON.stringify(this.firstLine)}, and no line of it is a packet as tcpdump or tshark prints one`;
    throw new CaptureError('unknown-format', text, 0);
  }

  get info(): CaptureInfo {
    return {
      format: this.format ?? 'text',
      linkTypes: this.linkTypes,
      epoch: this.clock.epoch,
      snaplen: 0,
      dropped: 0,
      warnings: this.warnings.list(),
      lacks: this.lacks(),
      standIns: this.hosts.names,
    };
  }

  private feed(raw: string): void {
    if (this.firstLine === '') this.firstLine = raw.trim().slice(0, QUOTED);
    this.assembler.add(raw, this.lines.number);
  }

  // ---- what the lines are -----------------------------------------------------------------------

  get isBehindOther(): boolean {
    return this.last !== null && this.last.packet?.tcp === null;
  }

  packet(packet: TextPacket): void {
    this.format ??= 'tcpdump-text';
    const { frame } = this.add(packet);
    if (packet.tcp?.isLossy) this.warn(packet.line, frame, 'it has no window');
  }

  quote(quote: TextQuote | null): void {
    const packet = this.last?.packet;
    if (this.last === null || packet?.icmp == null || packet.icmp.quote !== null) return;
    this.last.packet = { ...packet, icmp: quote === null ? null : { ...packet.icmp, quote } };
  }

  row(row: TableRow, line: number, format: string): void {
    this.format ??= format;
    const bare = packetOf(row, line, this.hosts);
    const tcp = parseTableSegment(row, this.hosts);
    if (typeof tcp === 'string') this.problem(line, tcp);
    else if (tcp !== null) this.add({ ...bare, tcp: this.tableNumbers.place(bare, tcp, row) });
    else {
      const entry = this.add(bare);
      entry.isOpen = this.tableNumbers.wait(bare, row, (told) => {
        entry.isOpen = false;
        entry.packet = told === null ? null : { ...bare, tcp: told };
        if (told === null) this.warn(line, entry.frame, 'its row does not tell which connection it belongs to');
      });
    }
  }

  dump(dumped: { readonly offset: number; readonly octets: number[] }): void {
    if (this.last !== null) (this.last.dump ??= new HexDump()).add(dumped);
  }

  /** It is a packet all the same, and has its number. */
  problem(line: number, why: string): void {
    this.flush();
    this.warn(line, ++this.frame, why);
  }

  private warn(line: number, frame: number, why: string): void {
    const text = `lines that look like packets cannot be understood, first line ${line}: ${why}`;
    this.warnings.add('text-line', frame, text);
  }

  // ---- packets to records ------------------------------------------------------------------------

  private add(packet: TextPacket): Entry {
    this.flush();
    // Numbers of the text's own count as long as they rise; otherwise its packets are counted.
    const { number } = packet;
    this.frame = number !== null && number > this.frame ? number : this.frame + 1;
    const stamp = this.clock.stamp(packet.time);
    this.last = { packet, frame: this.frame, stamp, isOpen: false, dump: null };
    return this.last;
  }

  private flush(): void {
    if (this.last === null) return;
    const { packet, stamp } = this.last;
    this.queue.push(this.last);
    if (packet?.icmp != null && packet.icmp.quote === null) {
      const quote = this.conversations.about(packet.destination, packet.icmp);
      this.last.packet = { ...packet, icmp: { ...packet.icmp, quote } };
    } else if (packet !== null) this.conversations.add(packet);
    this.last = null;
    if (packet !== null && packet.tcp !== null && !packet.tcp.settled)
      this.numbers.add(packet, packet.tcp, packet.time === null ? null : stamp.ns);
    if (this.queue.length - this.queueAt > LOOK_AHEAD) this.settle();
  }

  /** What waits for later packets waits no longer. */
  private settle(): void {
    this.numbers.settle();
    this.tableNumbers.settle();
  }

  private emit(packet: TextPacket, { frame, stamp, dump }: Entry, record: CaptureRecord): void {
    record.frame = frame;
    record.time = stamp.ns as number;
    record.interfaceId = this.interfaceId(packet.interfaceName);
    if (dump === null || !dump.write(packet, record)) writeRecord(packet, record);
    if (!this.linkTypes.includes(record.linkType)) this.linkTypes.push(record.linkType);
    if (packet.tcp === null) return;
    this.absent &= record.absent;
    if (packet.macSource !== null || record.linkType !== LINKTYPE_RAW) this.hasMac = true;
    if (dump !== null || packet.tcp.payload.length > 0) this.hasPayload = true;
  }

  private interfaceId(name: string | null): number {
    if (name === null) return 0;
    let id = this.interfaces.get(name);
    if (id === undefined) this.interfaces.set(name, (id = this.interfaces.size));
    return id;
  }

  private lacks(): string[] {
    const lacks: string[] = NAMES.filter(([bit]) => (this.absent & bit) !== 0).map(([, name]) => name);
    if (!this.hasMac) lacks.push('MAC addresses');
    if (!this.hasPayload) lacks.push('payload');
    if (this.numbers.presumes) lacks.push('what the numbers of bare RSTs count from');
    return lacks;
  }
}

function isReady({ packet, stamp, isOpen }: Entry): boolean {
  return !isOpen && stamp.ns !== null && (packet === null || packet.tcp === null || packet.tcp.settled);
}
