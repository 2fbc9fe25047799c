/** Acknowledgments in a handshake of what was never sent. */
import { expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import { ACK, ago, answerOf, fin, type Given, tellsOf, trigger } from '../support/signatures.js';

const SYN = 2;
/** The client asked with 1000 and was answered 1500. */
const OF_CLIENT: Given = {
  sender: { role: 'client', iss: 1000 },
  receiver: { role: 'server', iss: null },
  reset: { trigger: trigger({ control: SYN | ACK, ack: 1501 }), phase: 'handshake' },
  rst: { seq: 1501 },
  mechanism: 'kernel-reply likely',
};
const client = (more: Parameters<typeof trigger>[0]): Given => ({
  ...OF_CLIENT,
  reset: { ...OF_CLIENT.reset, trigger: trigger({ control: SYN | ACK, ...more }) },
});
test.each<[string, Given, string]>([
  ['above the right one', OF_CLIENT, 'certain network-device'],
  ['below it', client({ ack: 900 }), 'certain network-device'],
  ['the right one', client({ ack: 1001 }), 'no: the SYN-ACK acknowledged the right number'],
  ['no SYN-ACK', client({ ack: 1501, control: ACK }), 'not asked'],
  ['a SYN', client({ ack: 1501, control: SYN }), 'not asked'],
  [
    'its SYN is not in the capture',
    { ...OF_CLIENT, sender: { role: 'client', iss: null } },
    'no: the SYN-ACK acknowledged the right number',
  ],
  ['nobody knows who asked', { ...OF_CLIENT, sender: { role: 'originator', iss: 1000 } }, 'not asked'],
])('the client turns a SYN-ACK away: %s', (_, given, answer) => {
  expect(answerOf('unacceptable-syn-ack', given)).toBe(answer);
});

/** The server sent a SYN-ACK with 5000 and got 5900 acknowledged. */
const OF_SERVER: Given = {
  sender: { iss: 5000, segments: 1, dataSegments: 0 },
  receiver: { messages: 0 },
  reset: { trigger: trigger({ ack: 5901 }), phase: 'handshake' },
  rst: { seq: 5901 },
  mechanism: 'kernel-reply likely',
};
const server = (sender: Given['sender'], receiver: Given['receiver'] = {}): Given => ({
  ...OF_SERVER,
  sender: { ...OF_SERVER.sender, ...sender },
  receiver,
});
test.each<[string, Given, string]>([
  ['above the right one', OF_SERVER, 'likely unknown'],
  ['… and it asks again', { ...OF_SERVER, aftermath: { synAck: mark(101, 11_000) } }, 'certain unknown'],
  ['its SYN-ACK sent twice', server({ segments: 2, retransmissions: 1 }), 'likely unknown'],
  ['more than SYN-ACKs', server({ segments: 2 }), 'not asked'],
  ['data', server({ dataSegments: 1 }), 'not asked'],
  ['a FIN', server({ fin: fin(3) }), 'not asked'],
  ['no ISS', server({ iss: null }), 'not asked'],
  ['the client had spoken', server({}, { messages: 1 }), 'not asked'],
  ['the client had closed', server({}, { fin: fin(3) }), 'not asked'],
  [
    'no SYN-ACK captured',
    { ...OF_SERVER, reset: { ...OF_SERVER.reset, handshake: { syn: ago(9), synAck: null, ack: null } } },
    'not asked',
  ],
  ['no handshake', { ...OF_SERVER, reset: { ...OF_SERVER.reset, handshake: null } }, 'not asked'],
  [
    'the right one',
    { ...OF_SERVER, reset: { ...OF_SERVER.reset, trigger: trigger({ ack: 5001 }) } },
    'no: the client acknowledged the right number',
  ],
  [
    'not captured',
    { ...OF_SERVER, reset: { ...OF_SERVER.reset, trigger: trigger({ ack: 5901, unseen: true }) } },
    'not asked',
  ],
])('the server turns an ACK away: %s', (_, given, answer) => {
  expect(answerOf('unacceptable-syn-ack', given)).toBe(answer);
});

test('says by how much it was off', () => {
  expect(tellsOf('unacceptable-syn-ack', OF_CLIENT)).toEqual([
    '1 the client asked for a connection (SYN) {"seq":1000}',
    '99 the SYN-ACK acknowledged a number 500 above the right one {"ack":1501,"off":500}',
    `100 the client's kernel turned it away with the number it was sent, and waited on {"seq":1501}`,
  ]);
  expect(
    tellsOf('unacceptable-syn-ack', { ...client({ ack: 900 }), aftermath: { synAck: mark(101, 11_000) } }),
  ).toEqual([
    '1 the client asked for a connection (SYN) {"seq":1000}',
    '99 the SYN-ACK acknowledged a number 101 below the right one {"ack":900,"off":-101}',
    `100 the client's kernel turned it away with the number it was sent, and waited on {"seq":1501}`,
    '101 a proper SYN-ACK followed',
  ]);
  expect(tellsOf('unacceptable-syn-ack', OF_SERVER)).toEqual([
    '2 the server answered the SYN and waited for its acknowledgment (SYN-ACK) {"seq":5000}',
    '99 the client acknowledged a number 900 above the right one {"ack":5901,"off":900}',
    `100 the server's kernel turned that away with the number it was sent, and waited on {"seq":5901}`,
    'Data of the server that this capture lost would explain the number too.',
  ]);
  expect(
    tellsOf('unacceptable-syn-ack', {
      ...OF_SERVER,
      reset: { ...OF_SERVER.reset, trigger: trigger({ ack: 4991 }) },
      aftermath: { synAck: mark(101, 11_000) },
    }),
  ).toEqual([
    '2 the server answered the SYN and waited for its acknowledgment (SYN-ACK) {"seq":5000}',
    '99 the client acknowledged a number 10 below the right one {"ack":4991,"off":-10}',
    `100 the server's kernel turned that away with the number it was sent, and waited on {"seq":5901}`,
    '101 it sent its SYN-ACK again',
  ]);
});
