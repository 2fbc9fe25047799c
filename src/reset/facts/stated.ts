import type { Reset, ResetSegment, StatedReason } from '../types.js';
import { latin1 } from './content.js';

/** Reasons an RST itself states: diagnostic payload, MPTCP option, vendor text, vendor window codes. */

/** draft-ietf-tcpm-rst-diagnostic-payload: magic, then reason code and enterprise number. */
const DIAGNOSTIC_MAGIC = 0x33aa;
const DIAGNOSTIC: Readonly<Record<number, string>> = {
  1: 'illegal option length',
  2: 'desynchronized state',
  3: 'new data after CLOSE',
  4: 'ABORT process',
  5: 'unexpected ACK in non-synchronized state',
  6: 'unexpected SYN in window',
  7: 'unexpected security compartment',
  8: 'malformed message',
  9: 'not authorized',
  10: 'resource exceeded',
  11: 'network failure',
  12: 'reset received from the peer',
  13: 'destination unreachable',
  14: 'connection timeout',
  15: 'too much outstanding data',
  16: 'unacceptable performance',
  17: 'middlebox interference',
};

/** MP_TCPRST reasons (RFC 8684 §3.6). */
export const MPTCP_REASONS = [
  'unspecified error',
  'MPTCP specific error',
  'lack of resources',
  'administratively prohibited',
  'too much outstanding data',
  'unacceptable performance',
  'middlebox interference',
];

/** NetScaler's reset codes in the window field (Citrix: "What's that NetScaler reset packet?"). */
const NETSCALER: Readonly<Record<number, string>> = {
  8196: 'SSL bad record',
  8201: 'the first segment did not pass SYN cookie protection',
  8202: 'the first segment did not pass SYN cookie protection',
  8204: 'client closed before the response was complete',
  9204: 'invalid header',
  9300: 'connection idle timeout (zombie clean-up)',
  9301: 'half-closed connection timeout',
  9302: 'client half-open timeout',
  9303: 'server half-open timeout',
  9304: 'connection flushed',
  9305: 'service or server went down',
  9400: 'server reset received on a reusable connection',
  9401: 'retransmission limit',
  9600: 'invalid TCP state',
};

const PRINTABLE = /^[\x20-\x7e\r\n\t]{4,}$/;

export function statedReason(rst: ResetSegment): StatedReason | null {
  const { payload } = rst;
  if (payload.length >= 8 && ((payload[0] << 8) | payload[1]) === DIAGNOSTIC_MAGIC) {
    const code = (payload[2] << 8) | payload[3];
    const enterprise = ((payload[4] << 24) | (payload[5] << 16) | (payload[6] << 8) | payload[7]) >>> 0;
    return {
      by: 'diagnostic payload',
      text: enterprise === 0 ? (DIAGNOSTIC[code] ?? `code ${code}`) : `code ${code} of enterprise ${enterprise}`,
    };
  }
  if (payload.length > 0) {
    const text = latin1(payload).replace(/\0+$/, '');
    if (text.startsWith('BIG-IP: ')) return { by: 'F5 BIG-IP', text: text.slice(8).trim() };
    if (PRINTABLE.test(text)) return { by: 'text in the RST', text: text.trim() };
  }
  if (rst.mptcpReason !== null)
    return { by: 'MPTCP', text: MPTCP_REASONS[rst.mptcpReason] ?? `reason ${rst.mptcpReason}` };
  return null;
}

/** A NetScaler code, which is only one where the window is no window: an RST without a live socket's marks. */
export function netscalerCode(window: number): string | null {
  return NETSCALER[window] ?? null;
}

/** Do only devices on the path state their reasons so? */
export function byDevice({ by }: StatedReason): boolean {
  return by === 'F5 BIG-IP' || by === 'NetScaler';
}

/** A TCP header with timestamps and nothing more, octets. */
const WITH_TIMESTAMPS = 32;

/** Did the capture cut options other than timestamps off the RST? MPTCP states there why it ends a connection. */
export function hidesOptions({ rst, quality }: Pick<Reset, 'rst' | 'quality'>): boolean {
  const seen = rst.timestamps !== null && !rst.optionsCut;
  return quality.cut && rst.headerLength > WITH_TIMESTAMPS && !seen && rst.mptcp === 0;
}
