/** Which life under a four-tuple a segment belongs to (RFC 9293 §3.5, §3.10.7.4), and which row is given up when. */
import { describe, expect, test } from 'vitest';
import { pcap } from '../support/captures.js';
import { verdictsOf } from '../support/listing.js';
import { tcpPacket } from '../support/packets.js';
import { track, trackOctets } from '../support/tracking.js';

const events = (listing: string) =>
  track(listing).events.filter((event) => !/^(served|finished|answered) /.test(event));
const HANDSHAKE = `
  0.000 C > S: [S] seq 0 win 64240
  0.010 S > C: [S.] seq 0 ack 1 win 65160
  0.020 C > S: [.] ack 1 win 502`;

describe('one life', () => {
  test('begins with the SYN of its client', () => {
    expect(events(HANDSHAKE)).toEqual([
      'opened 40000 1 #1 client 40000',
      'established 40000 3',
      'gone 40000-80 #1 end',
    ]);
  });

  test('whose SYN-ACK is the first that was captured has its client all the same', () => {
    expect(
      events(`
        0.010 S > C: [S.] seq 500 ack 101 win 65160
        0.020 C > S: [.] seq 101 ack 501 win 502`),
    ).toEqual(['opened 80 1 #1 client 40000', 'established 40000 2', 'gone 80-40000 #1 end']);
  });

  test('that began before the capture has no known client', () => {
    expect(events('0.010 C > S: [.] seq 101 ack 501 win 502')).toEqual([
      'opened 40000 1 #1 client unknown',
      'gone 40000-80 #1 end',
    ]);
  });

  test('goes on when its SYN is sent again, and the observer is told while it has no answer', () => {
    expect(
      events(`
        0.000 C > S: [S] seq 100 win 64240
        1.000 C > S: [S] seq 100 win 64240
        1.010 S > C: [S.] seq 500 ack 101 win 65160
        3.000 C > S: [S] seq 100 win 64240`),
    ).toEqual(['opened 40000 1 #1 client 40000', 'retried 40000 2', 'gone 40000-80 #1 end']);
  });

  test('goes on when both ends send a SYN at the same time (simultaneous open)', () => {
    expect(
      events(`
        0.000 C > S: [S] seq 100 win 64240
        0.001 S > C: [S] seq 500 win 65160
        0.010 C > S: [S.] seq 100 ack 501 win 64240
        0.011 S > C: [S.] seq 500 ack 101 win 65160`),
    ).toEqual(['opened 40000 1 #1 client 40000', 'established 40000 3', 'gone 40000-80 #1 end']);
  });

  test('is established by an acknowledgment of the SYN-ACK, not by one of something else', () => {
    const third = (ack: number) =>
      events(`
        0.000 C > S: [S] seq 100 win 64240
        0.010 S > C: [S.] seq 500 ack 101 win 65160
        0.020 C > S: [.] seq 101 ack ${ack} win 502`);
    expect(third(1)).toContain('established 40000 3');
    expect(third(0)).not.toContain('established 40000 3');
  });
});

describe('the next life begins at once with a SYN of another number', () => {
  const next = (before: string, from = 'C > S') =>
    track(`${before}
      9.000 ${from}: [S] seq 7000000 win 64240`).events.filter((event) => /^(opened|gone)/.test(event));
  const REPLACED = [
    'opened 40000 1 #1 client 40000',
    'gone 40000-80 #1 replaced',
    expect.stringMatching(/^opened 40000 \d #2 client 40000$/),
    'gone 40000-80 #2 end',
  ];

  test.each([
    ['after an RST', `${HANDSHAKE}\n 0.100 S > C: [R.] seq 1 ack 1 win 0`],
    [
      'after both FINs, acknowledged',
      `${HANDSHAKE}
      0.100 C > S: [F.] seq 1 ack 1 win 502
      0.110 S > C: [F.] seq 1 ack 2 win 509
      0.120 C > S: [.] seq 2 ack 2 win 502`,
    ],
    [
      'after both FINs, the last one not acknowledged',
      `${HANDSHAKE}
      0.100 C > S: [F.] seq 1 ack 1 win 502
      0.110 S > C: [F.] seq 1 ack 1 win 509`,
    ],
    ['after a SYN that nobody answered', '0.000 C > S: [S] seq 100 win 64240'],
  ])('%s', (_, before) => {
    expect(next(before)).toEqual(REPLACED);
  });

  test('after nothing but an RST', () => {
    expect(next('0.000 S > C: [R] seq 500 win 0').at(-2)).toBe('opened 40000 2 #2 client 40000');
  });

  test('from the other end, once the first life is over', () => {
    expect(next(`${HANDSHAKE}\n 0.100 S > C: [R.] seq 1 ack 1 win 0`, 'S > C').at(-2)).toBe('opened 80 5 #2 client 80');
  });
});

describe('a SYN of another number on a live connection waits (RFC 5961 §4)', () => {
  const LIVE = `${HANDSHAKE}
    0.100 C > S: [P.] seq 1:11 ack 1 win 502
    0.110 S > C: [.] ack 11 win 509`;
  const lives = (listing: string) =>
    track(listing)
      .events.filter((event) => /^(opened|gone|established)/.test(event))
      .slice(2);

  test('and is forgotten when the old connection goes on', () => {
    expect(
      lives(`${LIVE}
        60.000 C > S: [S] seq 7000000 win 64240
        60.010 S > C: [.] seq 1 ack 11 win 509`),
    ).toEqual(['gone 40000-80 #1 end']);
  });

  test.each([
    ['a SYN-ACK', '60.010 S > C: [S.] seq 9000000 ack 7000001 win 65160'],
    ['a refusal', '60.010 S > C: [R.] seq 0 ack 7000001 win 0'],
  ])('and becomes a new life when it is answered with %s', (_, answer) => {
    expect(lives(`${LIVE}\n 60.000 C > S: [S] seq 7000000 win 64240\n ${answer}`)).toEqual([
      'gone 40000-80 #1 replaced',
      expect.stringMatching(/^opened 80 7 #2 /),
      'gone 40000-80 #2 end',
    ]);
  });

  test.each([
    ['an answer to another number', '60.010 S > C: [R.] seq 0 ack 7000002 win 0'],
    ['an RST without ACK', '60.010 S > C: [R] seq 7000001 win 0'],
    ['an answer of its own sender', '60.010 C > S: [R.] seq 0 ack 7000001 win 0'],
  ])('but not with %s', (_, answer) => {
    expect(lives(`${LIVE}\n 60.000 C > S: [S] seq 7000000 win 64240\n ${answer}`)).toEqual(['gone 40000-80 #1 end']);
  });

  test('and the new life has it as its own first segment', async () => {
    const [verdict] = await verdictsOf(`${LIVE}
      60.000 C > S: [S] seq 7000000 win 64240
      60.005 S > C: [.] seq 1 ack 11 win 509
      60.010 S > C: [R.] seq 0 ack 7000001 win 0`);
    expect(verdict!.reset).toMatchObject({
      incarnation: 2,
      phase: 'syn-sent',
      start: { frame: 6, time: 60e9 },
      handshake: { syn: { frame: 6, time: 60e9 }, synAck: null },
      receiver: { iss: 7_000_000, sndNxt: 7_000_001, segments: 1, role: 'client', lastSegment: { frame: 6 } },
      sender: { segments: 0 },
    });
    // What came between is of the challenge and stays in its tail, what was before it does not.
    expect(verdict!.reset.tail.map(({ frame }) => frame)[0]).toBe(6);
  });

  test('the newest of several is the one that waits', () => {
    expect(
      lives(`${LIVE}
        60.000 C > S: [S] seq 7000000 win 64240
        61.000 C > S: [S] seq 8000000 win 64240
        61.010 S > C: [S.] seq 9000000 ack 8000001 win 65160`)[1],
    ).toBe('opened 80 8 #2 client 40000');
  });
});

describe('events', () => {
  test('of a whole connection, each once', () => {
    const { events: all, tracker } = track(`${HANDSHAKE}
      0.100 C > S: [P.] seq 1:11 ack 1 win 502
      0.110 S > C: [P.] seq 1:21 ack 11 win 509
      0.120 S > C: [P.] seq 21:41 ack 11 win 509
      0.130 C > S: [.] ack 41 win 502
      0.200 S > C: [F.] seq 41 ack 11 win 509
      0.210 C > S: [F.] seq 11 ack 42 win 502
      0.220 S > C: [.] seq 42 ack 12 win 509`);
    expect(all).toEqual([
      'opened 40000 1 #1 client 40000',
      'answered 80 2',
      'established 40000 3',
      'served 80 5',
      'finished 80 8',
      'closed 80 10',
      'gone 40000-80 #1 end',
    ]);
    expect(tracker).toMatchObject({ segments: 10, copies: 0, resets: 0, connections: 1, evicted: 0, now: 220e6 });
  });

  test('behind an RST say whether there is new data or a new acknowledgment', () => {
    expect(
      track(`${HANDSHAKE}
        0.100 C > S: [P.] seq 1:11 ack 1 win 502
        0.110 S > C: [R.] seq 1 ack 11 win 0
        0.120 C > S: [P.] seq 1:11 ack 1 win 502 id 5
        0.130 C > S: [P.] seq 11:21 ack 1 win 502
        0.140 S > C: [.] seq 1 ack 21 win 509
        0.150 S > C: [R.] seq 1 ack 21 win 0`).events.slice(3),
    ).toEqual([
      'reset 80 5',
      'afterReset 40000 6',
      'afterReset 40000 7 data',
      'afterReset 80 8 ack',
      'reset 80 9',
      'gone 40000-80 #1 end',
    ]);
  });

  test('the client’s data is no service', () => {
    expect(track(`${HANDSHAKE}\n 0.1 C > S: [P.] seq 1:11 ack 1 win 502`).events).not.toContainEqual(
      expect.stringMatching(/^served/),
    );
  });
});

describe('room', () => {
  const at = (seconds: number, sourcePort: number, flags = 'S') => ({
    time: seconds * 1e9,
    data: tcpPacket({ sourcePort, destinationPort: 80, flags, seq: 1 }),
  });
  const gone = (
    records: readonly ReturnType<typeof at>[],
    options: { readonly maxConnections?: number; readonly sweep?: boolean },
  ) => trackOctets(pcap(records), options).events.filter((event) => event.startsWith('gone'));

  test('is made by giving up the longest silent connection, not the oldest and not the newest', () => {
    const records = [at(0, 1001), at(1, 1002), at(2, 1003), at(3, 1001), at(4, 1004), at(5, 1005)];
    const { events: all, tracker } = trackOctets(pcap(records), { maxConnections: 3 });
    expect(all.filter((event) => event.endsWith('evicted'))).toEqual([
      'gone 1002-80 #1 evicted',
      'gone 1003-80 #1 evicted',
    ]);
    expect(tracker.evicted).toBe(2);
  });

  test('is made of a closed connection first, though others were silent for longer', () => {
    const records = [at(0, 1001), at(1, 1002), at(2, 1003), at(3, 1003, 'R'), at(4, 1004)];
    const { events: all, tracker } = trackOctets(pcap(records), { maxConnections: 3 });
    expect(all.filter((event) => event.startsWith('gone'))[0]).toBe('gone 1003-80 #1 closed');
    expect(tracker.evicted).toBe(0);
  });

  describe('where handshakes stand still', () => {
    /** Port 1001 waits for an answer while 40,000 others begin; each of them is reset at once, or waits as well. */
    const waiting = (reset: boolean) => {
      const records = [at(0, 1001)];
      for (let port = 2000; port < 42_000; port++) {
        records.push(at(1, port));
        if (reset) records.push(at(1, port, 'R'));
      }
      return trackOctets(pcap([...records, at(2, 1001)])).tracker;
    };

    test('one is not given up because many others came and went', () => {
      expect(waiting(true)).toMatchObject({ evicted: 0, connections: 40_001 });
    });

    test('the oldest are given up when too many wait at a time', () => {
      const { evicted, connections, table } = waiting(false);
      expect(evicted).toBe(8192);
      // The first came back as a connection of its own.
      expect(connections).toBe(40_002);
      expect(table.size).toBe(40_002 - 8192);
    });
  });

  test('a closed connection is given up once it has settled, and not before', () => {
    const closed = [at(0, 1001), at(1, 1001, 'R')];
    expect(gone([...closed, at(10.9, 1002)], { sweep: true })[0]).toBe('gone 1001-80 #1 end');
    expect(gone([...closed, at(11, 1002)], { sweep: true })[0]).toBe('gone 1001-80 #1 closed');
  });

  test('the clock of settling runs back with the capture when that is set back, not where packets overtake each other', () => {
    expect(trackOctets(pcap([at(20, 1001), at(5, 1002)])).tracker.now).toBe(0);
    expect(trackOctets(pcap([at(0, 1001), at(20, 1002), at(5, 1003)])).tracker.now).toBe(20e9);
    expect(trackOctets(pcap([at(0, 1001), at(65, 1002), at(5, 1003)])).tracker.now).toBe(65e9);
    expect(trackOctets(pcap([at(0, 1001), at(65.1, 1002), at(5, 1003)])).tracker.now).toBe(5e9);
    expect(trackOctets(pcap([at(3600, 1001), at(5, 1002), at(6, 1003)])).tracker.now).toBe(-3594e9);
  });

  test('what was closed before the clock was set back has settled, and what is closed then settles by the new one', () => {
    const closed = [at(3600, 1001), at(3601, 1001, 'R'), at(3602, 1002)];
    const then = [at(0, 1003), at(1, 1003, 'R')];
    expect(gone([...closed, ...then, at(10.9, 1004)], { sweep: true })).toEqual([
      'gone 1001-80 #1 closed',
      'gone 1002-80 #1 end',
      'gone 1003-80 #1 end',
      'gone 1004-80 #1 end',
    ]);
    expect(gone([...closed, ...then, at(11, 1004)], { sweep: true })[1]).toBe('gone 1003-80 #1 closed');
  });
});

test('a SYN-ACK begins the numbers of an end that had answered the SYN for an older connection', async () => {
  const verdicts = await verdictsOf(`
    0.000 C > S: [S] seq 0 win 64240 <mss 1460>
    0.019 S > C: [.] seq 9000000 ack 700000 win 500
    0.020 C > S: [R] seq 700000 win 0
    3.000 C > S: [S] seq 0 win 64240 <mss 1460>
    3.020 S > C: [S.] seq 0 ack 1 win 500 <mss 1460>
    3.021 C > S: [.] seq 1 ack 1 win 502
    3.030 C > S: [P.] seq 1:101 ack 1 win 502
    3.050 S > C: [P.] seq 1:301 ack 101 win 500
    3.060 C > S: [.] seq 101 ack 301 win 502
    3.500 S > C: [R.] seq 301 ack 101 win 500`);
  const { sender, receiver } = verdicts[verdicts.length - 1].reset;
  expect([sender.role, sender.bytes, sender.retransmissions, sender.bytesUnacked]).toEqual(['server', 300, 0, 0]);
  expect([receiver.bytes, receiver.bytesUnacked]).toEqual([100, 0]);
});
