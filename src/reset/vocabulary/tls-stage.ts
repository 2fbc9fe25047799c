import { fact, the } from '../evidence.js';
import { isClientHello, isServerHello } from '../facts/tls.js';
import type { Evidence, Reset } from '../types.js';
import { isServer } from './side.js';

/** Did a client leave when it had the server's hello and certificate, without a word? The server's answer then; else null. */
export function leftInHandshake({ sender, receiver }: Reset): Evidence | null {
  const [asked, answered] = [sender.lastMessage, receiver.lastMessage];
  if (isServer(sender) || sender.messages !== 1 || asked === null || answered === null) return null;
  if (!isClientHello(asked.octets) || !isServerHello(answered.octets)) return null;
  return fact(
    answered.last,
    `${the(receiver)} had sent its part of the TLS handshake, and ${the(sender)} said nothing more`,
  );
}
