import type { Reset } from '../types.js';

/**
 * The server repeated its SYN-ACK although it had been acknowledged, and acknowledged no data: so Linux treats a
 * handshake that finds the queue full while tcp_abort_on_overflow is 0 (linux: tcp_check_req).
 */
export function isKeptWaiting({
  sender,
  receiver,
  handshake,
}: Pick<Reset, 'sender' | 'receiver' | 'handshake'>): boolean {
  const [client, server] = sender.role === 'client' ? [sender, receiver] : [receiver, sender];
  if (server.role !== 'server' || !handshake?.synAck || !handshake.ack || server.fin !== null) return false;
  const repeated = server.retransmissions > 0 && server.segments === server.retransmissions + 1;
  const last = server.lastSegment;
  const ignored = client.bytes === 0 || client.bytesUnacked === client.bytes;
  return repeated && ignored && last !== null && last.frame > handshake.ack.frame;
}
