/**
 * Plain data (objects, arrays, numbers, strings, octets, null) as octets, to be made again when it is asked for: tens of
 * thousands of objects with the facts of a reset take ten times as much. Objects that occur twice within one record are
 * one again, and what stands under a name of `kept` is the very object that was given.
 */

const UNDEFINED = 0;
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const FLOAT = 4;
const OCTETS = 5;
/** Text of one octet each, as nearly all is, and of UTF-16 units. */
const ASCII = 6;
const WIDE = 7;
const WORD = 8;
const OBJECT = 9;
const ARRAY = 10;
const KEPT = 11;
const AGAIN = 12;
const POSITIVE = 13;
const NEGATIVE = 14;
/** From here on a tag is a whole number itself. */
const SMALL = 16;
const LARGEST_SMALL = 255 - SMALL;

/** Octets of a block of records. */
const BLOCK = 1_048_576;
/** Strings that came once and are remembered, and strings that came again and have a number: a bound of memory. */
const SEEN = 8192;
const WORDS = 65_536;

/** Shapes have two octets for their number. */
const MOST_SHAPES = 0xffff;

/** A step on the way to a shape, which is a list of names: those that have come, in their order. */
interface Step {
  readonly next: Map<string, Step>;
  /** Where it went from here last: as a rule it goes there again. */
  key: string;
  last: Step | null;
  shape: number | null;
}

const newStep = (): Step => ({ next: new Map(), key: '', last: null, shape: null });

function stepTo(step: Step, key: string): Step {
  let next = step.next.get(key);
  if (next === undefined) step.next.set(key, (next = newStep()));
  step.key = key;
  step.last = next;
  return next;
}

/** A record that {@link Packer.add} packed. */
export interface Packed {
  readonly block: Uint8Array;
  readonly at: number;
}

export class Packer {
  private readonly root = newStep();
  private readonly shapes: (readonly string[])[] = [];
  private readonly seen = new Set<string>();
  private readonly numbers = new Map<string, number>();
  private readonly words: string[] = [];
  private readonly keptNumbers = new Map<object, number>();
  private readonly keptObjects: object[] = [];
  /** Objects of the record at work, in the order in which they begin. */
  private written: object[] = [];
  private read: object[] = [];
  private block: Uint8Array = new Uint8Array(0);
  private blockAt = 0;
  private octets: Uint8Array = new Uint8Array(4096);
  private view: DataView = new DataView(this.octets.buffer);
  private at = 0;

  /** @param kept names of properties whose objects are not packed but kept as they are: few, or known to the whole run */
  constructor(private readonly kept: ReadonlySet<string>) {}

  add(record: unknown): Packed {
    this.at = 0;
    this.write(record);
    this.written = [];
    if (this.blockAt + this.at > this.block.length) {
      this.block = new Uint8Array(Math.max(BLOCK, this.at));
      this.blockAt = 0;
    }
    const packed = { block: this.block, at: this.blockAt };
    this.block.set(this.octets.subarray(0, this.at), this.blockAt);
    this.blockAt += this.at;
    return packed;
  }

  get({ block, at }: Packed): unknown {
    const { octets, view } = this;
    this.octets = block;
    this.view = new DataView(block.buffer, block.byteOffset);
    this.at = at;
    const record = this.next();
    this.read = [];
    this.octets = octets;
    this.view = view;
    return record;
  }

  // ---- writing ---------------------------------------------------------------------------------

  private write(value: unknown): void {
    if (typeof value === 'number') this.writeNumber(value);
    else if (typeof value === 'string') this.writeText(value);
    else if (value === null) this.put(NULL);
    else if (value === undefined) this.put(UNDEFINED);
    else if (typeof value === 'boolean') this.put(value ? TRUE : FALSE);
    else if (typeof value === 'object') this.writeObject(value);
    else throw new TypeError(`a ${typeof value} is no plain data`);
  }

  private writeObject(value: object): void {
    // A map that is cleared would keep what it held from being freed for long; and among so few it is no faster.
    const before = this.written.indexOf(value);
    if (before >= 0) {
      this.put(AGAIN);
      this.putCount(before);
      return;
    }
    this.written.push(value);
    if (value instanceof Uint8Array) {
      this.put(OCTETS);
      this.putCount(value.length);
      this.room(value.length);
      this.octets.set(value, this.at);
      this.at += value.length;
    } else if (Array.isArray(value)) {
      this.put(ARRAY);
      this.putCount(value.length);
      for (const item of value) this.write(item);
    } else {
      this.writeProperties(value as Record<string, unknown>);
    }
  }

  /** The number of the shape stands before the values and is known behind them. */
  private writeProperties(value: Record<string, unknown>): void {
    this.put(OBJECT);
    const start = this.at;
    this.room(2);
    this.at += 2;
    let step = this.root;
    // Of all ways to walk an object's properties this one takes least time by far (measured).
    for (const key in value) {
      step = step.key === key ? (step.last as Step) : stepTo(step, key);
      const property = value[key];
      if (typeof property === 'object' && property !== null && this.kept.has(key)) this.writeKept(property);
      else this.write(property);
    }
    this.view.setUint16(start, step.shape ?? this.shapeAt(step, Object.keys(value)));
  }

  private shapeAt(step: Step, keys: readonly string[]): number {
    if (this.shapes.length > MOST_SHAPES) throw new RangeError('records of too many shapes');
    step.shape = this.shapes.length;
    this.shapes.push(keys);
    return step.shape;
  }

  private writeKept(value: object): void {
    let number = this.keptNumbers.get(value);
    if (number === undefined) {
      number = this.keptObjects.length;
      this.keptNumbers.set(value, number);
      this.keptObjects.push(value);
    }
    this.put(KEPT);
    this.putCount(number);
  }

  private writeText(text: string): void {
    const number = this.numbers.get(text);
    if (number !== undefined) {
      this.put(WORD);
      this.putCount(number);
      return;
    }
    if (this.seen.delete(text) && this.words.length < WORDS) {
      this.numbers.set(text, this.words.length);
      this.put(WORD);
      this.putCount(this.words.length);
      this.words.push(text);
      return;
    }
    if (this.seen.size >= SEEN) this.seen.clear();
    this.seen.add(text);
    const start = this.at;
    this.put(ASCII);
    this.putCount(text.length);
    this.room(2 * text.length);
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) {
        this.at = start;
        this.writeWide(text);
        return;
      }
      this.octets[this.at++] = unit;
    }
  }

  private writeWide(text: string): void {
    this.put(WIDE);
    this.putCount(text.length);
    this.room(2 * text.length);
    for (let i = 0; i < text.length; i++, this.at += 2) this.view.setUint16(this.at, text.charCodeAt(i));
  }

  private writeNumber(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if (value >= 0 && value <= LARGEST_SMALL) this.put(SMALL + value);
      else {
        this.put(value < 0 ? NEGATIVE : POSITIVE);
        this.putCount(Math.abs(value));
      }
    } else {
      this.put(FLOAT);
      this.room(8);
      this.view.setFloat64(this.at, value);
      this.at += 8;
    }
  }

  private put(octet: number): void {
    this.room(1);
    this.octets[this.at++] = octet;
  }

  /** Seven bits to an octet, the lowest first; the highest bit says that more follow. */
  private putCount(count: number): void {
    this.room(8);
    let rest = count;
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.octets[this.at++] = 0x80 | (rest % 128);
    this.octets[this.at++] = rest;
  }

  private room(octets: number): void {
    if (this.at + octets <= this.octets.length) return;
    const larger = new Uint8Array(2 * (this.at + octets));
    larger.set(this.octets);
    this.octets = larger;
    this.view = new DataView(larger.buffer);
  }

  // ---- reading ---------------------------------------------------------------------------------

  private next(): unknown {
    const tag = this.octets[this.at++];
    if (tag >= SMALL) return tag - SMALL;
    switch (tag) {
      case UNDEFINED:
        return undefined;
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case FLOAT:
        this.at += 8;
        return this.view.getFloat64(this.at - 8);
      case ASCII:
      case WIDE:
        return this.text(tag === WIDE);
      case WORD:
        return this.words[this.count()];
      case KEPT:
        return this.keptObjects[this.count()];
      case AGAIN:
        return this.read[this.count()];
      case POSITIVE:
        return this.count();
      case NEGATIVE:
        return -this.count();
      default:
        return this.object(tag);
    }
  }

  private object(tag: number): object {
    if (tag === OCTETS) {
      const length = this.count();
      const octets = this.octets.slice(this.at, this.at + length);
      this.at += length;
      this.read.push(octets);
      return octets;
    }
    if (tag === ARRAY) {
      const length = this.count();
      const items: unknown[] = [];
      this.read.push(items);
      for (let i = 0; i < length; i++) items.push(this.next());
      return items;
    }
    const keys = this.shapes[this.view.getUint16(this.at)];
    this.at += 2;
    const value: Record<string, unknown> = {};
    this.read.push(value);
    for (const key of keys) value[key] = this.next();
    return value;
  }

  private text(wide: boolean): string {
    const length = this.count();
    let text = '';
    for (let i = 0; i < length; i++, this.at += wide ? 2 : 1)
      text += String.fromCharCode(wide ? this.view.getUint16(this.at) : this.octets[this.at]);
    return text;
  }

  private count(): number {
    let count = 0;
    for (let unit = 1; ; unit *= 128) {
      const octet = this.octets[this.at++];
      count += (octet & 0x7f) * unit;
      if (octet < 0x80) return count;
    }
  }
}
