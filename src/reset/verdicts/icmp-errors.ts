import { icmpError } from '../facts/icmp.js';

/** What an ICMP error says, and what connect() then returns. */
interface Unreachable {
  readonly name: string;
  /** As Linux 6.18 returns it (icmp_err_convert, icmpv6_err_convert; tried with nftables' rejects); null: nobody sends it. */
  readonly error: string | null;
}

const NETWORK = 'network is unreachable';
const HOST = 'no route to host';
const REFUSED = 'connection refused';
const DENIED = 'permission denied';

const of = (name: string, error: string | null): Unreachable => ({ name, error });

/** Destination unreachable, by code (RFC 792, RFC 1812 §5.2.7.1). */
const ICMP4: readonly Unreachable[] = [
  of('network unreachable', NETWORK),
  of('host unreachable', HOST),
  of('protocol unreachable', 'protocol not available'),
  of('port unreachable', REFUSED),
  of('fragmentation needed', null),
  of('source route failed', null),
  of('network unknown', NETWORK),
  of('host unknown', 'host is down'),
  of('host isolated', null),
  of('network prohibited', NETWORK),
  of('host prohibited', HOST),
  of('network unreachable for TOS', NETWORK),
  of('host unreachable for TOS', HOST),
  of('administratively prohibited', HOST),
];

/** The same of ICMPv6 (RFC 4443 §3.1). */
const ICMP6: readonly Unreachable[] = [
  of('no route', NETWORK),
  of('administratively prohibited', DENIED),
  of('beyond scope', HOST),
  of('address unreachable', HOST),
  of('port unreachable', REFUSED),
  of('policy failed', DENIED),
  of('route rejected', DENIED),
];

const DESTINATION_UNREACHABLE_4 = 3;
const DESTINATION_UNREACHABLE_6 = 1;
const FRAGMENTATION_NEEDED = 4;

/**
 * What became of a SYN that was answered by an ICMP error, in words; null where the error does not end a connect
 * (packet too big, source quench, time exceeded).
 * @param typeCode the column ICMP_TYPE_CODE (facts/icmp.ts)
 */
export function unreachable(typeCode: number): string | null {
  const { version, type, code } = icmpError(typeCode);
  const isSix = version === 6;
  if (type !== (isSix ? DESTINATION_UNREACHABLE_6 : DESTINATION_UNREACHABLE_4)) return null;
  if (!isSix && code === FRAGMENTATION_NEEDED) return null;
  const { name, error } = (isSix ? ICMP6 : ICMP4)[code] ?? of(`code ${code}`, null);
  const answer = `the SYN was answered by ICMP "${name}", not by a reset`;
  if (error === null) return `${answer}: connect fails`;
  if (error === REFUSED)
    return `${answer}: a firewall that rejects answers so; on Linux connect fails with "${error}", as if the port were closed`;
  return `${answer}: on Linux connect fails with "${error}"`;
}
