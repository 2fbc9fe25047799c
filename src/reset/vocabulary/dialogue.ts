import { after, distance } from '../../tcp/sequence.js';
import { bytes } from '../evidence.js';
import type { Goodbye, Reset } from '../types.js';
import { isServer } from './side.js';

/**
 * Why the connection was not at rest when the RST came; null where nothing was outstanding either way: all data
 * acknowledged, the last request answered, nobody sending. A goodbye needs no answer.
 */
export function outstanding(reset: Reset, goodbye: Goodbye | null): string | null {
  const { rst, sender, receiver, unread, unanswered, freshlyAcked, aftermath } = reset;
  if (reset.phase === 'orphan' || reset.phase === 'syn-sent' || reset.phase === 'handshake')
    return 'the handshake was not complete';
  if (sender.bytes + receiver.bytes === 0 && receiver.fin === null) return 'no data was exchanged';
  const mine = goodbye?.by === sender ? goodbye.length : 0;
  const theirs = goodbye?.by === receiver ? goodbye.length : 0;
  if (sender.bytesUnacked > mine) return `${bytes(sender.bytesUnacked)} of the ${sender.role} were not acknowledged`;
  if (unread !== null) return `at least ${bytes(unread.octets)} were unread`;
  // A queue that is thrown away gives its room back before the RST is written.
  if (rst.window > sender.rawWindow && sender.windowScale !== null && sender.segments > 1)
    return `its window grew from ${sender.rawWindow} to ${rst.window} with the RST, as where unread bytes are thrown away`;
  if (receiver.sndNxt !== null && rst.hasAck && distance(receiver.sndNxt, rst.ack) > 1 + theirs)
    return `${bytes(distance(receiver.sndNxt, rst.ack))} were on the way`;
  if (aftermath.receiverWentOn !== null && aftermath.receiverWentOn.length > 0)
    return `the ${receiver.role} was still sending (${aftermath.receiverWentOn.frame})`;
  if (sender.retransmitting !== null || receiver.retransmitting !== null) return 'data was being sent again';
  if (sender.zeroWindow !== null || receiver.zeroWindow !== null) return 'a window was shut';
  if (freshlyAcked !== null && freshlyAcked > 1 + theirs) return `the last ${bytes(freshlyAcked)} had just come`;
  if (goodbye !== null) return null;
  const asked = isServer(sender) ? unanswered : unansweredRequest(reset);
  return asked === null ? null : `${bytes(asked.length)} had not been answered`;
}

/** What a client that resets had asked last, where no answer had come. */
function unansweredRequest({ sender, receiver }: Reset): { readonly length: number } | null {
  const { lastMessage, lastData } = sender;
  if (lastMessage === null || lastData === null) return null;
  return receiver.lastData === null || receiver.lastData.frame < lastData.frame ? lastMessage : null;
}

/** Did new data of the receiver draw the RST: beyond all that its sender had acknowledged? */
export function drewByNewData({ trigger, sender }: Pick<Reset, 'trigger' | 'sender'>): boolean {
  if (trigger === null || trigger.length === 0) return false;
  return sender.rcvNxt === null || after((trigger.seq + trigger.length) | 0, sender.rcvNxt);
}
