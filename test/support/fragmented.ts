/** Packets taken apart as a router or a sending host does it (RFC 791 §3.2, RFC 8200 §4.5). */
import { octets } from './packets.js';

const ETHERNET = 14;

export interface Fragment {
  /** In octets, of what is behind the IP header. */
  readonly offset: number;
  readonly more: boolean;
  readonly octets: Uint8Array;
  readonly id?: number;
}

/** An Ethernet frame with one fragment of the packet in `frame`, which may be any octets with any offset. */
export function fragmentOf(frame: Uint8Array, { offset, more, octets: data, id }: Fragment): Uint8Array {
  const four = frame[ETHERNET]! >> 4 === 4;
  if (four) {
    const header = frame.slice(ETHERNET, ETHERNET + (frame[ETHERNET]! & 0x0f) * 4);
    const view = new DataView(header.buffer);
    view.setUint16(2, header.length + data.length);
    if (id !== undefined) view.setUint16(4, id);
    // Its don't-fragment bit says what it said: facts about it are to stay the same.
    view.setUint16(6, (view.getUint16(6) & 0x4000) | (more ? 0x2000 : 0) | (offset >> 3));
    view.setUint16(10, 0);
    let sum = 0;
    for (let at = 0; at < header.length; at += 2) sum += view.getUint16(at);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    view.setUint16(10, ~sum & 0xffff);
    return octets(frame.subarray(0, ETHERNET), header, data);
  }
  const header = frame.slice(ETHERNET, ETHERNET + 40);
  const next = header[6]!;
  header[6] = 44;
  new DataView(header.buffer).setUint16(4, 8 + data.length);
  const word = (offset & 0xfff8) | (more ? 1 : 0);
  return octets(frame.subarray(0, ETHERNET), header, next, 0, [word, 2], [id ?? 4711, 4], data);
}

/** What is behind the IP header of an Ethernet frame. */
export function payloadOf(frame: Uint8Array): Uint8Array {
  const four = frame[ETHERNET]! >> 4 === 4;
  return frame.subarray(ETHERNET + (four ? (frame[ETHERNET]! & 0x0f) * 4 : 40));
}

/** All fragments of the packet, of `size` octets each but for the last; the packet itself where it fits into one. */
export function fragmented(frame: Uint8Array, size: number, id?: number): Uint8Array[] {
  const payload = payloadOf(frame);
  if (payload.length <= size) return [frame];
  const list: Uint8Array[] = [];
  for (let offset = 0; offset < payload.length; offset += size) {
    const data = payload.subarray(offset, offset + size);
    list.push(
      fragmentOf(frame, {
        offset,
        more: offset + size < payload.length,
        octets: data,
        ...(id === undefined ? {} : { id }),
      }),
    );
  }
  return list;
}
