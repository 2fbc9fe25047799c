import { DIRECTION_INBOUND, DIRECTION_OUTBOUND, DIRECTION_UNKNOWN, type Direction } from './types.js';

/** Packet type as Linux gives it (LINKTYPE_LINUX_SLL, packet(7)): 0 host, 1 broadcast, 2 multicast, 3 other host, 4 outgoing. */
export function packetTypeDirection(packetType: number): Direction {
  if (packetType === 4) return DIRECTION_OUTBOUND;
  return packetType < 4 ? DIRECTION_INBOUND : DIRECTION_UNKNOWN;
}
