/** tcpdump prints sequence numbers relative once it knows a connection: undone, whatever part of it a text holds. */
import { describe, expect, test } from 'vitest';
import { openReader } from '../../../src/capture/open.js';
import { CaptureRecord } from '../../../src/capture/types.js';

const C = '10.0.0.1.40000 > 10.0.0.2.80';
const S = '10.0.0.2.80 > 10.0.0.1.40000';

/** `seq ack` of each packet, from the octets of its TCP header. */
const numbers = (...packets: string[]) => words(24, ...packets);

/** The two words at octet `at` of each packet; 0 where it is shorter. */
function words(at: number, ...packets: string[]): string[] {
  const reader = openReader();
  const record = new CaptureRecord();
  const found: string[] = [];
  const drain = () => {
    while (reader.next(record)) {
      const view = new DataView(record.data.buffer, record.data.byteOffset);
      const word = (offset: number) => (offset + 4 <= record.end ? view.getUint32(offset) : 0);
      found.push(`${word(at)} ${word(at + 4)}`);
    }
  };
  const text = packets.map((packet, i) => `12:00:0${i % 10}.${i} IP ${packet}`).join('\n');
  reader.push(new TextEncoder().encode(text));
  drain();
  reader.end();
  drain();
  return found;
}

const SYN = `${C}: Flags [S], seq 3000000000, win 9, length 0`;
const SYN_ACK = `${S}: Flags [S.], seq 4000000000, ack 3000000001, win 9, length 0`;

describe('with the handshake', () => {
  test('relative to it, bare RSTs as they are', () => {
    expect(
      numbers(
        SYN,
        SYN_ACK,
        `${C}: Flags [.], ack 1, win 9, length 0`,
        `${C}: Flags [P.], seq 1:11, ack 1, win 9, length 10`,
        `${S}: Flags [.], ack 11, win 9, length 0`,
        `${S}: Flags [R], seq 4000000001, win 0, length 0`,
      ),
    ).toEqual([
      '3000000000 0',
      '4000000000 3000000001',
      '3000000001 4000000001',
      '3000000001 4000000001',
      '4000000001 3000000011',
      '4000000001 0',
    ]);
  });

  test('-S: as they are', () => {
    expect(
      numbers(
        SYN,
        SYN_ACK,
        `${C}: Flags [.], ack 4000000001, win 9, length 0`,
        `${S}: Flags [R.], seq 4000000001, ack 3000000001, win 9, length 0`,
      ),
    ).toEqual(['3000000000 0', '4000000000 3000000001', '3000000001 4000000001', '4000000001 3000000001']);
  });

  test('a number out of all windows wraps around', () => {
    expect(numbers(SYN, SYN_ACK, `${S}: Flags [P.], seq 4294867297:4294867304, ack 1, win 9, length 7`)[2]).toBe(
      '3999900001 3000000001',
    );
  });

  test('SACK blocks move as acknowledgments do', () => {
    const sack = `${C}: Flags [.], ack 1, win 9, options [nop,nop,sack 1 {101:201}], length 0`;
    expect(words(44, SYN, SYN_ACK, sack)[2]).toBe('4000000101 4000000201');
  });

  test('the next connection on the same ports counts anew', () => {
    const again = [
      `${C}: Flags [S], seq 100000, win 9, length 0`,
      `${S}: Flags [S.], seq 200000, ack 100001, win 9, length 0`,
      `${C}: Flags [.], ack 1, win 9, length 0`,
    ];
    expect(numbers(SYN, SYN_ACK, `${C}: Flags [.], ack 1, win 9, length 0`, ...again)[5]).toBe('100001 200001');
  });
});

describe('from the middle', () => {
  test('the first segment tcpdump saw is as it is, the others count from it', () => {
    expect(
      numbers(
        `${C}: Flags [P.], seq 3000000001:3000000011, ack 4000000001, win 9, length 10`,
        `${S}: Flags [P.], seq 1:6, ack 10, win 9, length 5`,
        `${C}: Flags [P.], seq 10:20, ack 6, win 9, length 10`,
      ),
    ).toEqual(['3000000001 4000000001', '4000000001 3000000011', '3000000011 4000000006']);
  });

  test('of which the first lines are missing: as they are', () => {
    expect(
      numbers(
        `${C}: Flags [P.], seq 1:11, ack 1, win 9, length 10`,
        `${S}: Flags [R.], seq 1, ack 11, win 9, length 0`,
      ),
    ).toEqual(['1 1', '1 11']);
  });

  test('an acknowledgment without a number stands where its sender does, though that is told later', () => {
    expect(
      numbers(
        `${C}: Flags [.], ack 4000000001, win 9, length 0`,
        `${S}: Flags [P.], seq 4000000001:4000000006, ack 3000000001, win 9, length 5`,
        `${C}: Flags [R.], seq 3000000001, ack 4000000006, win 9, length 0`,
      )[0],
    ).toBe('3000000001 4000000001');
  });
});

describe('keep-alive probes have no number in the text', () => {
  const established = [SYN, SYN_ACK, `${C}: Flags [.], ack 1, win 9, length 0`];
  const probe = `${C}: Flags [.], ack 1, win 9, length 0`;

  test('an acknowledgment that answers nothing, seconds later, is one', () => {
    expect(numbers(...established, `${S}: Flags [.], ack 1, win 9, length 0`, probe, probe).slice(4)).toEqual([
      '3000000001 4000000001',
      '3000000000 4000000001',
    ]);
  });

  test('one that follows what it may answer is not', () => {
    expect(numbers(...established, `${S}: Flags [P.], seq 1:2, ack 1, win 9, length 1`, probe)[4]).toBe(
      '3000000001 4000000001',
    );
  });
});
