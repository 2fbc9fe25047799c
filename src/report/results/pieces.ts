/**
 * JSON text in pieces that can be parsed by themselves, so that a report of gigabytes never stands in memory as one
 * string: the members of each object at the top, and of the long lists among them each element. One object is a report
 * in JSON, many are lines of ndjson; white space between them does not matter.
 */

/** What stands in an object at the top. */
export interface Piece {
  /** Name of the member. */
  readonly key: string;
  /** Place in the list where the member is a long one; else null. */
  readonly index: number | null;
  readonly value: unknown;
}

export interface PieceSink {
  /** A long list begins; its elements follow. */
  list(key: string): void;
  piece(piece: Piece, at: PlaceInText): void;
  /** The object that began there ends. */
  closed(at: PlaceInText): void;
}

/** Where something begins: octets from 0, lines from 1. */
export interface PlaceInText {
  readonly octet: number;
  readonly line: number;
}

/** What was given is no report, or cannot be told with the others; the message is one clause. */
export class ResultProblem extends Error {
  override readonly name = 'ResultProblem';
}

/** Octets of one piece: the longest string that V8 makes has 2^29 - 24 characters (V8: String::kMaxLength). */
const LONGEST_PIECE = 256 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const LINE_END = 0x0a;
const SPACES: ReadonlySet<number> = new Set([0x20, 0x09, 0x0d, LINE_END]);
/** UTF-8's byte-order mark, which some shells of Windows put in front. */
const MARK = [0xef, 0xbb, 0xbf];

const utf8 = new TextDecoder();

export class Pieces {
  private octet = 0;
  private line = 1;
  private depth = 0;
  private quoted = false;
  private escaped = false;
  /** Of the piece: its octets so far, and where it began. */
  private parts: Uint8Array[] = [];
  private length = 0;
  private began: PlaceInText = { octet: 0, line: 1 };
  /** Nothing but white space came of it yet. */
  private blank = true;
  /** Name of the long list that we are in, and how many of it were told. */
  private list: { readonly key: string; told: number } | null = null;
  /** The list has ended and the member with it. */
  private listed = false;
  private members = 0;
  /** Where the object at the top began. */
  private object: PlaceInText = { octet: 0, line: 1 };

  constructor(
    private readonly sink: PieceSink,
    /** Members that are told element by element. */
    private readonly lists: ReadonlySet<string>,
  ) {}

  /** @throws ResultProblem where it is no JSON */
  push(chunk: Uint8Array): void {
    let start = 0;
    for (let i = 0; i < chunk.length; i++, this.octet++) {
      const octet = chunk[i] as number;
      if (octet === LINE_END) this.line++;
      if (this.quoted) {
        if (this.escaped) this.escaped = false;
        else if (octet === BACKSLASH) this.escaped = true;
        else if (octet === QUOTE) this.quoted = false;
        continue;
      }
      if (this.depth === 0) {
        start = i + 1;
        this.between(octet);
        continue;
      }
      if (this.blank) {
        if (SPACES.has(octet)) {
          start = i + 1;
          continue;
        }
        this.blank = false;
        this.began = { octet: this.octet, line: this.line };
      }
      const level = this.list === null ? 1 : 2;
      if (octet === QUOTE) this.quoted = true;
      else if (octet === OPEN || octet === OPEN_LIST) {
        if (octet === OPEN_LIST && this.depth === 1) {
          this.take(chunk, start, i);
          start = i;
          if (this.begins()) start = i + 1;
        }
        this.depth++;
      } else if (octet === CLOSE || octet === CLOSE_LIST || octet === COMMA) {
        if (this.depth === level) {
          this.take(chunk, start, i);
          start = i + 1;
          this.ends(octet);
        } else if (octet !== COMMA) this.depth--;
      }
    }
    this.take(chunk, start, chunk.length);
  }

  /** No chunk follows. @throws ResultProblem where an object is not closed */
  end(): void {
    if (this.depth === 0) return;
    const where = this.list === null ? '' : ` in ${this.list.key}[${this.list.told}]`;
    throw new ResultProblem(`the report is cut off: it ends at octet ${this.octet}${where}`);
  }

  /** Between objects. */
  private between(octet: number): void {
    if (octet === OPEN) {
      this.depth = 1;
      this.members = 0;
      this.object = { octet: this.octet, line: this.line };
      this.restart();
    } else if (!SPACES.has(octet) && MARK[this.octet] !== octet) {
      const what = octet > 0x20 && octet < 0x7f ? `"${String.fromCharCode(octet)}"` : `the octet ${octet}`;
      throw new ResultProblem(`octet ${this.octet}: no JSON object but ${what}`);
    }
  }

  private restart(): void {
    this.parts = [];
    this.length = 0;
    this.blank = true;
  }

  private take(chunk: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    this.length += end - start;
    if (this.length > LONGEST_PIECE)
      throw new ResultProblem(`octet ${this.began.octet}: a value of more than ${LONGEST_PIECE} octets begins here`);
    // The chunk's buffer is filled again.
    this.parts.push(chunk.slice(start, end));
  }

  private text(): string {
    const [only] = this.parts;
    if (this.parts.length === 1 && only !== undefined) return utf8.decode(only);
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return utf8.decode(whole);
  }

  /** `"resets": [`: is what opens here a long list? */
  private begins(): boolean {
    const name = /^\s*"([^"\\]*)"\s*:\s*$/.exec(this.length > 64 ? '' : this.text())?.[1];
    if (name === undefined || !this.lists.has(name)) return false;
    this.list = { key: name, told: 0 };
    this.sink.list(name);
    this.restart();
    return true;
  }

  /** A comma or a closing bracket behind a member, or an element of a long list. */
  private ends(octet: number): void {
    const text = this.text();
    const { list, began } = this;
    if (list !== null) {
      if (octet === CLOSE) throw this.malformed('"}" where "]" is due');
      const empty = octet === CLOSE_LIST && list.told === 0 && text.trim() === '';
      if (!empty) this.sink.piece({ key: list.key, index: list.told++, value: this.parsed(text) }, began);
      if (octet === CLOSE_LIST) {
        this.list = null;
        this.listed = true;
        this.depth = 1;
      }
      this.restart();
      return;
    }
    if (octet === CLOSE_LIST) throw this.malformed('"]" where "}" is due');
    const empty = octet === CLOSE && this.members === 0 && text.trim() === '';
    if (this.listed) {
      if (text.trim() !== '') throw this.malformed('something behind a list');
    } else if (!empty) {
      if (text.trim() === '') throw this.malformed('a comma with nothing behind it');
      this.member(text);
    }
    this.listed = false;
    this.members++;
    this.restart();
    if (octet !== CLOSE) return;
    this.depth = 0;
    this.sink.closed(this.object);
  }

  private member(text: string): void {
    const object = this.parsed(`{${text}}`) as Record<string, unknown>;
    for (const [key, value] of Object.entries(object)) this.sink.piece({ key, index: null, value }, this.began);
  }

  private parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw this.malformed(error instanceof Error ? error.message : String(error));
    }
  }

  private malformed(why: string): ResultProblem {
    return new ResultProblem(`line ${this.began.line}, octet ${this.began.octet}: no JSON (${why})`);
  }
}
