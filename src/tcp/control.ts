/** Control bits of the TCP header (RFC 9293 §3.1; CWR and ECE RFC 3168 §6.1, AE RFC 9768). */

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;
export const URG = 0x20;
export const ECE = 0x40;
export const CWR = 0x80;
export const AE = 0x100;

const NAMES: readonly (readonly [number, string])[] = [
  [FIN, 'FIN'],
  [SYN, 'SYN'],
  [RST, 'RST'],
  [PSH, 'PSH'],
  [ACK, 'ACK'],
  [URG, 'URG'],
  [ECE, 'ECE'],
  [CWR, 'CWR'],
  [AE, 'AE'],
];

/** `'SYN ACK'`: the names of the bits that are set, in the order Wireshark prints them. */
export function controlNames(control: number): string {
  return NAMES.filter(([bit]) => control & bit)
    .map(([, name]) => name)
    .join(' ');
}

/** Octets of sequence space a segment occupies: its payload, one for SYN and one for FIN (RFC 9293 §3.4). */
export function sequenceLength(control: number, payloadLength: number): number {
  return payloadLength + (control & SYN ? 1 : 0) + (control & FIN ? 1 : 0);
}

/** Octets of options that a TCP header can hold (RFC 9293 §3.1: it is 60 long at most). */
export const MOST_OPTIONS = 40;

/** Octets of a segment where no SYN told the maximum (RFC 9293 §3.7.1, IPv4). */
export const DEFAULT_MSS = 536;
/** Octets of a full segment in an Ethernet frame: 1500 less the headers of IPv4 and TCP (RFC 894, RFC 9293 §3.7.1). */
export const ETHERNET_MSS = 1460;
