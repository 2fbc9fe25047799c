import { ACK, controlNames, FIN, PSH, SYN, URG } from '../../tcp/control.js';
import type { Reset } from '../types.js';

/** Windows of nmap's raw packets (nmap: build_tcp_raw, one of these at random). */
const PROBE_WINDOWS = [1024, 2048, 3072, 4096];

/** nmap.org/book/osdetect-methods.html: its tests T2 to T7 carry TSval 0xffffffff and TSecr 0. */
const NMAP_TSVAL = 0xffffffff;

/**
 * What a scanner's packet looks like by itself, however few ports answer it: control bits that no connection begins or
 * goes on with (nmap(1) -sN, -sF, -sX, and its second, third and seventh test of the operating system), or a SYN as
 * only packet tools lay it out. Null where it is what a TCP sends.
 */
export function probeForm({
  sender,
  receiver,
  tail,
  phase,
}: Pick<Reset, 'sender' | 'receiver' | 'tail' | 'phase'>): string | null {
  const scanner = sender.role === 'client' ? sender : receiver;
  const probe = tail.findLast((s) => s.from === (scanner === sender ? 'sender' : 'receiver'));
  if (probe === undefined || scanner.bytes > 0) return null;
  const bits = probe.control & (SYN | FIN | PSH | URG | ACK);
  const written =
    probe.tsVal === null && PROBE_WINDOWS.includes(probe.window) && scanner.stack?.family === 'raw-socket tool';
  if (scanner.segments === 1 && bits === ACK && phase !== 'handshake' && written)
    return `an acknowledgment outside any connection, where its SYNs have the form of ${scanner.stack.name}`;
  if (
    scanner.segments === 1 &&
    bits === ACK &&
    probe.tsVal !== null &&
    probe.tsVal >>> 0 === NMAP_TSVAL &&
    probe.tsEcr === 0
  )
    return 'an acknowledgment outside any connection with the timestamps of a test of the operating system (0xffffffff, 0)';
  if (scanner.segments === 1 && (bits & (SYN | ACK)) === 0) {
    if (bits === 0) return 'a segment without any control bit (a NULL scan)';
    if (bits === FIN) return 'a FIN without ACK outside any connection (a FIN scan)';
    return `${controlNames(bits).replaceAll(' ', ', ')} without SYN or ACK (an Xmas scan)`;
  }
  if ((bits & SYN) !== 0 && (bits & (FIN | URG)) !== 0)
    return `${controlNames(bits).replaceAll(' ', ', ')} in one segment (a test of the operating system)`;
  // A refusal tells more of the port than of who asked; what answers the SYN-ACK is the kernel behind the tool.
  const unasked = phase === 'handshake' && scanner === sender;
  if (unasked && scanner.stack?.family === 'raw-socket tool') return `a SYN in the form of ${scanner.stack.name}`;
  return null;
}
