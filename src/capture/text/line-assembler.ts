import { dumpedLine } from './hex-dump.js';
import type { Hosts } from './hosts.js';
import { parseQuote, QUOTED_TCP, type TextQuote } from './icmp-error.js';
import type { TextPacket } from './packet.js';
import { CsvRows, parseRow, type TableRow } from './table-line.js';
import { beginsPacket, type LineResult, NO_SECOND_LINE, parseTcpdumpLine, unquoted } from './tcpdump-line.js';

/** Lines that one packet may take: tcpdump prints two, a mail or a terminal breaks each of them into a few. */
const MOST_LINES = 12;

/** What lines are made into; `line` is the number of the first of them. */
export interface LineSink {
  packet(packet: TextPacket): void;
  /** What the newest packet, an ICMP error, quotes; null: no TCP. */
  quote(quote: TextQuote | null): void;
  row(row: TableRow, line: number, format: 'tshark-text' | 'wireshark-csv'): void;
  /** Octets of the newest packet. */
  dump(dumped: { readonly offset: number; readonly octets: number[] }): void;
  /** It looks like a packet and cannot be understood. */
  problem(line: number, why: string): void;
  /** Was the newest packet something other than TCP? What an ICMP error quotes stands behind it. */
  readonly isBehindOther: boolean;
}

/** A packet of which not all lines have come. */
interface Open {
  /** The lines put together with spaces, and without: a break may fall between words or inside one. */
  readonly spaced: string;
  readonly joined: string;
  readonly line: number;
  readonly lines: number;
  readonly why: string;
  /** What it is if no more comes. */
  readonly asFar: TextPacket | null;
}

/** A time of day or seconds in front (not the 192.168 of an address): a packet of its own, and no second line of another. */
const TIMED = /^(?:\d{4}[-/]\d\d[-/]\d\d[ T])?-?\d{1,2}:\d\d:\d\d|^-?\d+\.\d{3,9}\s/;

/** Puts together what belongs together, and passes over everything that is no packet. */
export class LineAssembler {
  private readonly csv = new CsvRows();
  private open: Open | null = null;
  /** The lines so far of what an ICMP error quotes; null: none. */
  private quoted: string | null = null;
  /** Did any packet begin with a time? */
  private hasTimes = false;

  constructor(
    private readonly hosts: Hosts,
    private readonly sink: LineSink,
  ) {}

  add(raw: string, line: number): void {
    const text = unquoted(raw);
    const dumped = dumpedLine(text);
    if (dumped !== null) {
      this.close();
      this.sink.dump(dumped);
    } else if (text === '' || text.startsWith('```')) this.close();
    else if (!this.addRow(text, line)) this.addTcpdump(raw, text, line);
  }

  /** No line goes on with the packet that is open. */
  close(): void {
    if (this.open === null) return;
    const { line, why, asFar } = this.open;
    this.open = null;
    if (asFar === null) this.sink.problem(line, why);
    else this.sink.packet(asFar);
  }

  private addRow(text: string, line: number): boolean {
    const csv = this.csv.parse(text);
    const row = csv ?? parseRow(text, this.hosts);
    if (row === null) return false;
    this.close();
    if (row !== 'heading') this.sink.row(row, line, csv === null ? 'tshark-text' : 'wireshark-csv');
    return true;
  }

  private addTcpdump(raw: string, text: string, line: number): void {
    const begins = beginsPacket(text);
    if (this.goesOn(text, begins)) return;
    // What an ICMP error quotes (-v) is indented and has no time of its own.
    if (/^\s+(?:IP6? )?\(/.test(raw) && this.hasTimes && this.sink.isBehindOther) this.quoted = text;
    else if (this.quoted !== null && /^\s/.test(raw) && !TIMED.test(text)) this.addQuoted(text);
    else if (begins) {
      this.close();
      this.quoted = null;
      if (TIMED.test(text)) this.hasTimes = true;
      this.take(parseTcpdumpLine(text, line, this.hosts), {
        spaced: text,
        joined: text,
        line,
        lines: 1,
        why: '',
        asFar: null,
      });
    }
  }

  private addQuoted(text: string): void {
    this.quoted = `${this.quoted} ${text}`;
    const quote = parseQuote(this.quoted, this.hosts);
    if (quote !== null || !this.quoted.includes(QUOTED_TCP)) this.sink.quote(quote);
  }

  /** Adds the line to the packet that is open, where it can belong to it; the second line of `-v` has addresses, but no time. */
  private goesOn(text: string, begins: boolean): boolean {
    const open = this.open;
    if (open === null) return false;
    if (begins && (TIMED.test(text) || /^IP6? /.test(text) || open.why !== NO_SECOND_LINE)) return false;
    const more = {
      ...open,
      spaced: `${open.spaced} ${text}`,
      joined: open.joined + text,
      lines: open.lines + 1,
    };
    this.open = null;
    const spaced = parseTcpdumpLine(more.spaced, open.line, this.hosts);
    const joined = 'packet' in spaced ? spaced : parseTcpdumpLine(more.joined, open.line, this.hosts);
    this.take('packet' in joined ? joined : spaced, more);
    return true;
  }

  private take(result: LineResult, open: Open): void {
    if ('packet' in result) this.sink.packet(result.packet);
    else if ('problem' in result) this.sink.problem(open.line, result.problem);
    else {
      this.open = { ...open, why: result.unfinished, asFar: result.asFar ?? open.asFar };
      if (open.lines >= MOST_LINES) this.close();
    }
  }
}
