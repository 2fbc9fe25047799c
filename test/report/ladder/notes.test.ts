/** Remarks beside the rungs, from the packets alone. */
import { expect, test } from 'vitest';
import { LadderNotes, type LadderSegment } from '../../../src/report/ladder/notes.js';
import { ACK, PSH, RST, SYN } from '../../../src/tcp/control.js';

let frame = 0;
const packet = (fromClient: boolean, control: number, seq: number, ack: number, length = 0): LadderSegment => {
  frame += 1;
  return { frame, time: frame * 1e7, fromClient, seq, ack, control, length, window: 500 };
};

test('a SYN-ACK begins the numbers of an end that had answered for an older connection', () => {
  const notes = new LadderNotes();
  const texts = [
    packet(true, SYN, 0, 0),
    packet(false, ACK, 9_000_000, 700_000),
    packet(true, RST, 700_000, 0),
    packet(true, SYN, 0, 0),
    packet(false, SYN | ACK, 0, 1),
    packet(true, ACK, 1, 1),
    packet(true, PSH | ACK, 1, 1, 100),
    packet(false, ACK, 1, 101),
    packet(false, PSH | ACK, 1, 101, 300),
    // The same SYN-ACK once more begins nothing.
    packet(false, SYN | ACK, 0, 1),
    packet(false, PSH | ACK, 1, 101, 300),
  ].map((one) => notes.note(one).text);
  expect(texts.slice(3)).toEqual([
    'SYN again',
    'round trip 10 ms',
    '',
    'request, 100 bytes',
    '',
    'answer, 300 bytes',
    'round trip 60 ms',
    'sent again',
  ]);
});
