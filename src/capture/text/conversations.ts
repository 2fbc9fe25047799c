import type { TextIcmp, TextQuote } from './icmp-error.js';
import { addressKey, type TextPacket } from './packet.js';

/** Pairs of hosts that are remembered; the oldest is given up. */
const MOST_PAIRS = 65_536;

/** Connections of a pair beyond which an error that names only the host is nobody's. */
const MOST_OF_A_PAIR = 16;

/**
 * Who spoke to whom from which port to which: without `-v` tcpdump prints of an ICMP error the host that could not be
 * reached, and not the segment that met it. Where only one connection of the two hosts is in the text, that is the one.
 */
export class Conversations {
  private readonly pairs = new Map<string, TextQuote[]>();

  add({ source, destination, tcp }: TextPacket): void {
    if (tcp === null) return;
    const key = `${addressKey(source)} ${addressKey(destination)}`;
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      if (this.pairs.size >= MOST_PAIRS) {
        const [oldest] = this.pairs.keys();
        if (oldest !== undefined) this.pairs.delete(oldest);
      }
      this.pairs.set(key, (pair = []));
    }
    const { sourcePort, destinationPort } = tcp;
    const isKnown = pair.some((one) => one.sourcePort === sourcePort && one.destinationPort === destinationPort);
    if (!isKnown && pair.length < MOST_OF_A_PAIR) pair.push({ source, destination, sourcePort, destinationPort });
  }

  /** The one connection from `receiver` of the error to the host that it names; null where there are none or several. */
  about(receiver: Uint8Array, { host, port }: TextIcmp): TextQuote | null {
    if (host === null) return null;
    const pair = this.pairs.get(`${addressKey(receiver)} ${addressKey(host)}`) ?? [];
    if (pair.length >= MOST_OF_A_PAIR) return null;
    const [one, another] = pair.filter(({ destinationPort }) => port === null || destinationPort === port);
    return another === undefined ? (one ?? null) : null;
  }
}
