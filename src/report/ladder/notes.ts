/**
 * The remark beside each rung of a ladder, from the packets alone: who asks, who answers, who closes. Fed with the
 * segments of one connection in order; it keeps what it must remember of each side.
 */

import { type FileBorders, frameName } from '../../capture/borders.js';
import { ACK, FIN, RST, SYN } from '../../tcp/control.js';
import { after, before } from '../../tcp/sequence.js';
import { span } from '../words/time.js';
import { counted } from '../words/wording.js';

/** One packet of a ladder. */
export interface LadderSegment {
  readonly frame: number;
  /** Nanoseconds since the first record. */
  readonly time: number;
  readonly fromClient: boolean;
  readonly seq: number;
  readonly ack: number;
  readonly control: number;
  readonly length: number;
  /** Unscaled. */
  readonly window: number;
}

export interface LadderNote {
  readonly text: string;
  /** Worth a rung of its own even within a long stretch of data. */
  readonly keep: boolean;
}

interface Side {
  readonly name: string;
  /** End of what it sent; null before its first segment. */
  next: number | null;
  /** The number behind its SYN; null before that. */
  begins: number | null;
  /** End of the FIN in sequence space; null while it has not closed. */
  finEnd: number | null;
  finAcknowledged: boolean;
  window: number;
  resets: number;
}

/** A side that has sent nothing yet. */
const silent = (name: string): Side => ({
  name,
  next: null,
  begins: null,
  finEnd: null,
  finAcknowledged: false,
  window: 1,
  resets: 0,
});

/** Copies of one packet (SPAN, `-i any`) follow each other this closely, ns. */
const COPY = 1e6;
const PAUSE = 1e9;
/** A transfer that was cut draws hundreds from one side; the first few tell all. */
const FEW_RESETS = 3;

export class LadderNotes {
  private readonly client: Side;
  private readonly server: Side;
  private syn: LadderSegment | null = null;
  private last: LadderSegment | null = null;
  private talking: Side | null = null;
  private asked = false;

  private readonly borders: FileBorders | undefined;

  constructor(client = 'client', server = 'server', borders?: FileBorders) {
    this.borders = borders;
    this.client = silent(client);
    this.server = silent(server);
  }

  note(segment: LadderSegment): LadderNote {
    const [from, to] = segment.fromClient ? [this.client, this.server] : [this.server, this.client];
    const last = this.last;
    this.last = segment;
    if (last !== null && isCopy(segment, last))
      return { text: `copy of ${frameName(this.borders, last.frame)}`, keep: false };
    const paused = last !== null && segment.time - last.time >= PAUSE;
    const note = this.read(segment, from, to);
    this.advance(segment, from);
    return paused ? { ...note, keep: true } : note;
  }

  private read(segment: LadderSegment, from: Side, to: Side): LadderNote {
    const { control } = segment;
    if (control & SYN) return this.handshake(segment, from);
    if (control & RST) {
      from.resets += 1;
      const text = control & ACK ? 'RST: aborted' : 'RST: answered without a socket';
      return { text, keep: from.resets <= FEW_RESETS };
    }
    const seen = control & ACK ? this.acknowledgment(segment, from, to) : null;
    if (segment.length > 0) return this.data(segment, from, to);
    if (control & FIN) return closing(segment, from);
    if (seen !== null) return seen;
    if (segment.window === 0 && from.window !== 0) return { text: `${from.name}'s window is shut`, keep: true };
    if (from.next !== null && before(segment.seq | 0, from.next)) return { text: 'keep-alive probe', keep: false };
    return { text: '', keep: false };
  }

  private handshake(segment: LadderSegment, from: Side): LadderNote {
    if (segment.control & ACK) {
      const asked = this.syn;
      return { text: asked === null ? '' : `round trip ${span(segment.time - asked.time)}`, keep: true };
    }
    const again = from.next !== null && from.next === ((segment.seq + 1) | 0);
    const other = from.next !== null && !again;
    this.syn = segment;
    return { text: again ? 'SYN again' : other ? 'SYN with a new sequence number' : '', keep: true };
  }

  /** The first acknowledgment of a FIN is the moment from which the other side's kernel knows. */
  private acknowledgment(segment: LadderSegment, from: Side, to: Side): LadderNote | null {
    if (to.finEnd === null || to.finAcknowledged || after(to.finEnd, segment.ack | 0)) return null;
    to.finAcknowledged = true;
    return { text: `${from.name}'s kernel has the FIN`, keep: true };
  }

  private data(segment: LadderSegment, from: Side, to: Side): LadderNote {
    const octets = counted(segment.length, 'byte');
    if (from.next !== null && before(segment.seq | 0, from.next)) {
      const probe = segment.length <= 1 && ((segment.seq + 1) | 0) === from.next;
      return { text: probe ? 'keep-alive probe' : 'sent again', keep: !probe };
    }
    const began = this.talking !== from;
    this.talking = from;
    if (to.finEnd !== null) return { text: `sent all the same: ${octets}`, keep: true };
    if (segment.control & FIN) return { text: `${octets}, and ${from.name} closes its side`, keep: true };
    if (!began) return { text: octets, keep: false };
    if (from === this.client) {
      this.asked = true;
      return { text: `request, ${octets}`, keep: false };
    }
    return { text: this.asked ? `answer, ${octets}` : octets, keep: false };
  }

  private advance(segment: LadderSegment, from: Side): void {
    const { control } = segment;
    if (control & RST) return;
    const end = (segment.seq + segment.length + (control & SYN ? 1 : 0) + (control & FIN ? 1 : 0)) | 0;
    // A SYN-ACK at another number begins anew, too: what was before it was of an older connection.
    const restarted = (control & SYN) !== 0 && ((control & ACK) === 0 || end !== from.begins);
    if (from.next === null || restarted || after(end, from.next)) from.next = end;
    if (control & SYN) from.begins = end;
    if (control & FIN && from.finEnd === null) from.finEnd = end;
    from.window = segment.window;
  }
}

function closing(segment: LadderSegment, from: Side): LadderNote {
  const again = from.finEnd !== null;
  return { text: again ? 'FIN again' : `${from.name} closes its side`, keep: segment.control !== 0 };
}

function isCopy(segment: LadderSegment, last: LadderSegment): boolean {
  return (
    segment.time - last.time < COPY &&
    segment.fromClient === last.fromClient &&
    segment.seq === last.seq &&
    segment.ack === last.ack &&
    segment.control === last.control &&
    segment.length === last.length &&
    segment.window === last.window
  );
}
