import type { Segment } from './segment.js';

/**
 * TCP options in `data[from .. to)` (RFC 9293 §3.2; kinds: https://www.iana.org/assignments/tcp-parameters).
 * A list that contradicts itself is read as far as it makes sense, as receivers do.
 */
export function optionList(data: Uint8Array, from: number, to: number, s: Segment): void {
  let at = from;
  while (at < to) {
    const kind = data[at]!;
    if (kind === 0) return;
    if (kind === 1) {
      at++;
      continue;
    }
    if (at + 1 >= to) return;
    const length = data[at + 1]!;
    if (length < 2 || at + length > to) return;
    switch (kind) {
      case 2:
        if (length === 4) s.mss = (data[at + 2]! << 8) | data[at + 3]!;
        break;
      case 3:
        // More than 14 counts as 14 (RFC 7323 §2.3).
        if (length === 3) s.windowScale = Math.min(data[at + 2]!, 14);
        break;
      case 4:
        if (length === 2) s.sackPermitted = true;
        break;
      case 5:
        sackBlocks(data, at, length, s);
        break;
      case 8:
        if (length === 10) {
          s.hasTimestamps = true;
          s.tsVal = int32(data, at + 2);
          s.tsEcr = int32(data, at + 6);
        }
        break;
      case 19: // TCP-MD5 (RFC 2385)
      case 29: // TCP-AO (RFC 5925)
        s.hasSignature = true;
        break;
      case 30:
        mptcp(data, at, length, s);
        break;
    }
    at += length;
  }
}

/** SACK (RFC 2018 §3): pairs of left and right edges. */
function sackBlocks(data: Uint8Array, at: number, length: number, s: Segment): void {
  const blocks = (length - 2) >> 3;
  for (let i = 0; i < blocks; i++) {
    const right = int32(data, at + 6 + i * 8);
    const octets = (right - int32(data, at + 2 + i * 8)) | 0;
    if (i === 0 || ((right - s.sackRight) | 0) > 0) s.sackRight = right;
    if (octets > s.sackLongest) s.sackLongest = octets;
  }
  s.sackBlocks = blocks;
}

/** MPTCP (RFC 8684 §3): the subtype is the upper nibble; MP_TCPRST (8) carries a reason code (§3.6). */
function mptcp(data: Uint8Array, at: number, length: number, s: Segment): void {
  if (length < 3) return;
  const subtype = data[at + 2]! >> 4;
  s.mptcp |= 1 << subtype;
  if (subtype === 8 && length >= 4) s.mptcpReason = data[at + 3]!;
}

function int32(data: Uint8Array, at: number): number {
  return (data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!;
}
