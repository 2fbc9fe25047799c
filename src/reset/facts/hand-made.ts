import { FIN, RST, SYN, sequenceLength, URG } from '../../tcp/control.js';
import { distance } from '../../tcp/sequence.js';
import type { Reset, TailSegment } from '../types.js';
import { stepOf } from './ip-id.js';

/**
 * Signs that a program put a packet or a whole conversation together octet by octet: what no TCP does, whatever its
 * make. A forged RST in a real conversation has none of them in common with the conversation; that is provenance.
 */

type Known = Pick<Reset, 'rst' | 'sender' | 'receiver' | 'tail' | 'shape'>;

/** Packets that must agree before one IP ID, or one counter, is a habit and no accident. */
const ALIKE = 3;
const COUNTED = 6;
/** Packets of either end among these, and changes of direction. */
const OF_EACH = 2;

/** Control bits beside RST that no state of RFC 9293 §3.10.7 sends; PSH, ECE and CWR are met on real ones. */
export function impossibleBits({ rst }: Pick<Reset, 'rst'>): readonly string[] {
  const names = [
    [SYN, 'SYN'],
    [FIN, 'FIN'],
    [URG, 'URG'],
  ] as const;
  return (rst.control & RST) === 0 ? [] : names.filter(([bit]) => (rst.control & bit) !== 0).map(([, name]) => name);
}

/** An IP ID other than 0 that every packet of both ends has: a constant in a program (Scapy's is 1). */
export function oneIpId({ rst, tail }: Known): number | null {
  if (rst.ipId === null || rst.ipId === 0 || tail.length < ALIKE - 1) return null;
  const both = tail.some((s) => s.from === 'sender') && tail.some((s) => s.from === 'receiver');
  return both && tail.every((s) => s.ipId === rst.ipId) ? rst.ipId : null;
}

/** Do the packets of two hosts bear the numbers of one counter? On one machine (loopback) they may. */
export function oneCounter({ rst, sender, receiver, tail }: Known): boolean {
  if (rst.ipId === null || rst.ipId === 0 || tail.length + 1 < COUNTED) return false;
  if (sender.address === receiver.address || isLoopback(sender.address)) return false;
  const count = (from: TailSegment['from']) => tail.filter((s) => s.from === from).length;
  if (count('sender') < OF_EACH || count('receiver') < OF_EACH) return false;
  const turns = tail.filter((s, i) => i > 0 && s.from !== tail[i - 1].from).length;
  if (turns < OF_EACH) return false;
  const ids = [...tail.map((s) => s.ipId), rst.ipId];
  const counts = (swapped: boolean) =>
    ids.every((id, i) => {
      const before = ids[i - 1] ?? null;
      return i === 0 || (id !== null && before !== null && stepOf(before, id, swapped) === 1);
    });
  return counts(false) || counts(true);
}

const isLoopback = (address: string) => address.startsWith('127.') || address === '::1';

/** A segment of the conversation that no TCP sends: behind its SYN each has ACK, and what it acknowledges was sent. */
export function impossibleSegment({ tail, sender, receiver }: Known): { frame: number; text: string } | null {
  for (const s of tail) {
    if ((s.control & (SYN | RST)) !== 0) {
      if ((s.control & (SYN | FIN)) === (SYN | FIN)) return { frame: s.frame, text: 'it has SYN and FIN in one' };
      continue;
    }
    if ((s.control & 0x10) === 0) return { frame: s.frame, text: 'it has neither SYN nor ACK' };
    const other = s.from === 'sender' ? receiver : sender;
    if (other.iss !== null && distance(s.ack, other.iss) === 0 && sequenceLength(s.control, s.length) === 0)
      return { frame: s.frame, text: "it acknowledges the number before the other end's SYN" };
  }
  return null;
}
