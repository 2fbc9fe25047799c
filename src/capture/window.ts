const EMPTY = new Uint8Array(0);

/**
 * Octets that arrive in chunks, seen as one run of octets that moves forward.
 *
 * A chunk is read where it lies; only a record that straddles two chunks is put together in a
 * buffer of our own. So no octet is copied but a chunk's tail, and a reader asks for contiguous
 * octets without knowing where chunks end.
 *
 *     if (w.end - w.at < n && !w.fill(n)) return false;   // needs another chunk
 *     … read w.data[w.at .. w.at + n) …
 *     w.at += n;
 */
export class ChunkWindow {
  data: Uint8Array = EMPTY;
  view: DataView = viewOf(EMPTY);
  /** Next unread octet in `data`. */
  at = 0;
  /** End of the contiguous octets in `data`. */
  end = 0;
  /** Octets pushed so far. */
  pushed = 0;

  private carry: Uint8Array = EMPTY;
  private carryView: DataView = this.view;
  private pending: Uint8Array | null = null;
  private pendingAt = 0;

  /** `chunk` must stay unchanged until {@link fill} has returned false. */
  push(chunk: Uint8Array): void {
    this.pushed += chunk.length;
    if (this.at === this.end && this.pending === null) {
      this.look(plainArray(chunk), 0);
    } else if (this.pending === null) {
      this.pending = plainArray(chunk);
      this.pendingAt = 0;
    } else {
      // Pushed again without having been read: the rare case, kept right rather than fast.
      const rest = this.pending.subarray(this.pendingAt);
      const both = new Uint8Array(rest.length + chunk.length);
      both.set(rest);
      both.set(chunk, rest.length);
      this.pending = both;
      this.pendingAt = 0;
    }
  }

  /** Makes `n` octets contiguous at `at` (which may move); false when they have not arrived yet: then no chunk is referred to any more. */
  fill(n: number): boolean {
    for (;;) {
      const have = this.end - this.at;
      if (have >= n) return true;
      const pending = this.pending;
      if (pending === null) {
        if (this.data !== this.carry) this.keep(0);
        return false;
      }
      if (have === 0) {
        this.pending = null;
        this.look(pending, this.pendingAt);
        continue;
      }
      const take = Math.min(n - have, pending.length - this.pendingAt);
      this.keep(take);
      this.data.set(pending.subarray(this.pendingAt, this.pendingAt + take), this.end);
      this.end += take;
      this.pendingAt += take;
      if (this.pendingAt === pending.length) this.pending = null;
    }
  }

  /** Octets that have arrived and are not read yet. */
  get left(): number {
    return this.end - this.at + (this.pending === null ? 0 : this.pending.length - this.pendingAt);
  }

  /** Offset of `at` from the start of the capture. */
  get offset(): number {
    return this.pushed - this.left;
  }

  /** Moves past up to `n` octets that nobody wants, whether contiguous or not; returns how many there were. */
  skip(n: number): number {
    let left = n;
    while (left > 0) {
      const have = this.end - this.at;
      if (have > 0) {
        const step = Math.min(have, left);
        this.at += step;
        left -= step;
      } else if (this.pending !== null) {
        const pending = this.pending;
        this.pending = null;
        this.look(pending, this.pendingAt);
      } else {
        break;
      }
    }
    return n - left;
  }

  private look(chunk: Uint8Array, at: number): void {
    if (this.data !== chunk) this.view = viewOf(chunk);
    this.data = chunk;
    this.at = at;
    this.end = chunk.length;
  }

  /** Moves the unread octets into the carry buffer, with room for `extra` more. */
  private keep(extra: number): void {
    const have = this.end - this.at;
    if (this.data === this.carry && this.end + extra <= this.carry.length) return;
    if (have + extra > this.carry.length) {
      // Grows with what really arrives, never with what a length field claims.
      const carry = new Uint8Array(Math.max(have + extra, this.carry.length * 2, 4096));
      carry.set(this.data.subarray(this.at, this.end));
      this.carry = carry;
      this.carryView = viewOf(carry);
    } else if (this.data === this.carry) {
      this.carry.copyWithin(0, this.at, this.end);
    } else {
      this.carry.set(this.data.subarray(this.at, this.end));
    }
    this.data = this.carry;
    this.view = this.carryView;
    this.at = 0;
    this.end = have;
  }
}

function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.byteLength);
}

/** A Node Buffer as the Uint8Array below it: its `slice` copies, and code that meets one kind of array stays fast. */
function plainArray(chunk: Uint8Array): Uint8Array {
  if (chunk.constructor === Uint8Array) return chunk;
  return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}
