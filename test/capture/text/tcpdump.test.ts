/** Packets as tcpdump prints them, in all its forms: what is in the line is in the segment, what is not is absent. */
import { describe, expect, test } from 'vitest';
import { openReader } from '../../../src/capture/open.js';
import { CaptureRecord } from '../../../src/capture/types.js';
import { diagnose } from '../../../src/diagnose.js';
import { addressText } from '../../../src/packet/address.js';
import { Decoder } from '../../../src/packet/decode.js';
import { DECODED_TCP } from '../../../src/packet/segment.js';
import { controlNames } from '../../../src/tcp/control.js';

interface Seen {
  readonly frame: number;
  readonly ms: number;
  readonly from: string;
  readonly to: string;
  readonly flags: string;
  readonly seq: number;
  readonly ack: number;
  readonly window: number;
  readonly length: number;
  readonly ttl: number;
  readonly ipId: number;
  readonly df: number;
  readonly tsVal: number | null;
  readonly payload: string;
  readonly direction: number;
}

function read(text: string): { segments: Seen[]; others: number; warnings: readonly string[]; format: string } {
  const reader = openReader();
  const record = new CaptureRecord();
  const decoder = new Decoder();
  const segments: Seen[] = [];
  let others = 0;
  const drain = () => {
    while (reader.next(record)) {
      if (decoder.decode(record) !== DECODED_TCP) {
        others++;
        continue;
      }
      const s = decoder.segment;
      segments.push({
        frame: record.frame,
        ms: record.time / 1e6,
        from: `${addressText(s.source0, s.source1, s.source2, s.source3)} ${s.sourcePort}`,
        to: `${addressText(s.destination0, s.destination1, s.destination2, s.destination3)} ${s.destinationPort}`,
        flags: controlNames(s.control),
        seq: s.seq >>> 0,
        ack: s.ack >>> 0,
        window: s.window,
        length: s.length,
        ttl: s.ttl,
        ipId: s.ipId,
        df: s.df,
        tsVal: s.hasTimestamps ? s.tsVal : null,
        payload: String.fromCharCode(...s.data.subarray(s.payloadStart, s.payloadEnd)),
        direction: s.direction,
      });
    }
  };
  reader.push(new TextEncoder().encode(text));
  drain();
  reader.end();
  drain();
  return { segments, others, warnings: reader.info.warnings.map(({ text }) => text), format: reader.info.format };
}

const one = (text: string): Seen => {
  const { segments, warnings } = read(text);
  expect(warnings).toEqual([]);
  expect(segments).toHaveLength(1);
  return segments[0]!;
};

const BARE =
  '10.0.0.2.80 > 10.0.0.1.40000: Flags [P.], seq 4000000001:4000000033, ack 3000000001, win 501, options [nop,nop,TS val 9 ecr 8], length 32';
const PARENS = '(tos 0x0, ttl 63, id 4711, offset 0, flags [DF], proto TCP (6), length 84)';

describe('forms of one packet', () => {
  const known = {
    from: '10.0.0.2 80',
    to: '10.0.0.1 40000',
    flags: 'PSH ACK',
    seq: 4000000001,
    ack: 3000000001,
    window: 501,
    length: 32,
    tsVal: 9,
  };
  const withHeader = { ttl: 63, ipId: 4711, df: 1 };
  const without = { ttl: -1, ipId: -1, df: -1 };
  const checked = BARE.replace('[P.],', '[P.], cksum 0x1234 (incorrect -> 0x4321),');

  test.each([
    ['-n', `08:42:03.998913 IP ${BARE}`, without],
    ['-nt', `IP ${BARE}`, without],
    ['-ntt', `1598258523.998913 IP ${BARE}`, without],
    ['-nttt', ` 00:00:00.000000 IP ${BARE}`, without],
    ['-ntttt', `2020-08-24 08:42:03.998913 IP ${BARE}`, without],
    ['nanoseconds', `08:42:03.998913123 IP ${BARE}`, without],
    [
      '-ne',
      `08:42:03.998913 02:00:00:00:00:0c > 02:00:00:00:00:05, ethertype IPv4 (0x0800), length 98: ${BARE}`,
      without,
    ],
    [
      '-e with the makers of cards',
      `08:42:03.9 02:00:00:00:00:0c (oui Unknown) > 02:00:00:00:00:05 (oui Unknown), ethertype IPv4 (0x0800), length 98: ${BARE}`,
      without,
    ],
    [
      '-ne on a VLAN',
      `08:42:03.9 02:00:00:00:00:0c > 02:00:00:00:00:05, ethertype 802.1Q (0x8100), length 102: vlan 5, p 0, ethertype IPv4 (0x0800), ${BARE}`,
      without,
    ],
    ['-nv', `08:42:03.998913 IP ${PARENS}\n    ${checked}`, withHeader],
    [
      '-nve',
      `08:42:03.998913 02:00:00:00:00:0c > 02:00:00:00:00:05, ethertype IPv4 (0x0800), length 98: ${PARENS}\n    ${checked}`,
      withHeader,
    ],
    ['-nv without times', `IP ${PARENS}\n    ${checked}`, withHeader],
    ['-i any', `08:42:03.998913 eth0  Out IP ${BARE}`, { ...without, direction: 2 }],
    [
      '-i any of older releases, -e',
      `08:42:03.998913  In 02:00:00:00:00:0c ethertype IPv4 (0x0800), length 98: ${BARE}`,
      {
        ...without,
        direction: 1,
      },
    ],
    ['the protocol behind it', `08:42:03.998913 IP ${BARE}: HTTP`, without],
    ['quoted twice', `> > 08:42:03.998913 IP ${BARE}`, without],
    ['in a list', `  3. 08:42:03.998913 IP ${BARE}`, without],
    ['from a page', `08:42:03.998913 IP ${BARE.replace(' > ', ' &gt; ')}`, without],
    ['wrapped between words', `08:42:03.998913 IP ${BARE.replace(', win', ',\n win')}`, without],
    ['wrapped twice', `08:42:03.998913 IP ${BARE.replace(', win', ',\nwin').replace(' ecr', '\necr')}`, without],
    ['wrapped inside a word', `08:42:03.998913 IP ${BARE.replace('options', 'opt\nions')}`, without],
    [
      '-v wrapped',
      `08:42:03.998913 IP ${PARENS.replace('offset', '\noffset')}\n    ${checked.replace(', win', '\n, win')}`,
      withHeader,
    ],
    [
      'tcpdump 3',
      '08:42:03.998913 IP 10.0.0.2.80 > 10.0.0.1.40000: P 4000000001:4000000033(32) ack 3000000001 win 501 <nop,nop,timestamp 9 8>',
      without,
    ],
    [
      'tcpdump 2',
      '08:42:03.998913 10.0.0.2.80 > 10.0.0.1.40000: P 4000000001:4000000033(32) ack 3000000001 win 501 <nop,nop,timestamp 9 8> (DF)',
      { ...without, df: 1 },
    ],
    ['CR LF', `08:42:03.998913 IP ${BARE}\r\n`, without],
  ] as const)('%s', (_, text, more) => {
    expect(one(text)).toMatchObject({ ...known, ...more });
  });

  test('IPv6, -n and -nv', () => {
    const bare = 'fd00:2::2.5001 > fd00:1::2.40000: Flags [R.], seq 41, ack 33, win 0, length 0';
    const seen = { from: 'fd00:2::2 5001', to: 'fd00:1::2 40000', flags: 'RST ACK', seq: 41, ack: 33 };
    expect(one(`12:00:00.1 IP6 ${bare}`)).toMatchObject({ ...seen, ttl: -1 });
    expect(
      one(`12:00:00.1 IP6 (flowlabel 0x15116, hlim 63, next-header TCP (6) payload length: 20) ${bare}`),
    ).toMatchObject({ ...seen, ttl: 63 });
  });

  test('names of services are ports, names of hosts have a stand-in each', () => {
    const { segments } = read(
      '12:00:00.1 IP web.example.http > client.example.40000: Flags [R.], seq 1, ack 1, win 0, length 0\n' +
        '12:00:00.2 IP client.example.40000 > web.example.https-alt: Flags [S], seq 1, win 9, length 0\n' +
        '12:00:00.3 IP client.example.no-such-name > web.example.http: Flags [S], seq 1, win 9, length 0\n',
    );
    expect(segments.map(({ from, to }) => [from, to])).toEqual([
      ['240.0.0.1 80', '240.0.0.2 40000'],
      ['240.0.0.2 40000', '240.0.0.1 8443'],
      ['240.0.0.2 32767', '240.0.0.1 80'],
    ]);
  });

  test('a hex dump is the packet itself', () => {
    const dump = `12:00:00.1 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 1:3, ack 1, win 100, length 2: HTTP
\t0x0000:  4500 002a 1234 4000 4006 0000 0a00 0001  E..*.4@.@.......
\t0x0010:  0a00 0002 9c40 0050 0000 0001 0000 0001  .....@.P........
\t0x0020:  5018 0064 0000 0000 6869                 P..d....hi`;
    expect(one(dump)).toMatchObject({ ttl: 64, ipId: 0x1234, df: 1, payload: 'hi', seq: 1 });
    // What does not belong to the line is not believed.
    expect(one(dump.replaceAll('0a00', '0b00'))).toMatchObject({ ttl: -1, payload: '' });
  });

  test('the fixed words of the short form', () => {
    const text =
      '0.010 10.0.0.2.80 > 10.0.0.1.40000: [P.] seq 1 ack 19 win 501 <nop,nop,TS val 2 ecr 1> ttl 57 id 0x2a DF tos 0x10 mac 02:00:00:00:00:01>02:00:00:00:00:02 if eth0 in "a\\r\\n\\x16\\"b"';
    expect(one(text)).toMatchObject({
      ttl: 57,
      ipId: 42,
      df: 1,
      direction: 1,
      length: 6,
      payload: 'a\r\n\x16"b',
      tsVal: 2,
    });
    expect(one(text.replace(' DF', ' -DF'))).toMatchObject({ df: 0 });
  });
});

describe('what stands between', () => {
  const first = '08:00:00.000000 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 5, win 9, length 0';
  const last = '08:00:00.250000 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [R.], seq 0, ack 6, win 0, length 0';

  test('prose, fences and blank lines are passed over', () => {
    const { segments, warnings } = read(
      `Hello,\nthis is what I see at 08:00:00 on 10.0.0.1 > 10.0.0.2:\n\n\`\`\`\n${first}\n${last}\n\`\`\`\nAny idea? Flags [R.] is odd.\n`,
    );
    expect(segments.map(({ frame, ms }) => [frame, ms])).toEqual([
      [1, 0],
      [2, 250],
    ]);
    expect(warnings).toEqual([]);
  });

  test('other protocols are frames, and no more', () => {
    const { segments, others, warnings } = read(
      `${first}\n08:00:00.1 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28\n08:00:00.2 IP 10.0.0.1.53 > 10.0.0.2.999: 7 A? a.example. (27)\n08:00:00.2 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 1, seq 1, length 64\n${last}`,
    );
    expect([segments.map(({ frame }) => frame), others, warnings]).toEqual([[1, 5], 3, []]);
  });

  test('the packet that an ICMP error quotes is none', () => {
    const { segments, others } = read(
      `08:00:00.1 IP ${PARENS}\n    ${BARE}\n08:00:00.2 IP ${PARENS.replace('TCP (6)', 'ICMP (1)')}\n    10.0.0.9 > 10.0.0.2: ICMP host 10.0.0.1 unreachable, length 68\n\tIP ${PARENS}\n    ${BARE}\n08:00:00.3 IP ${PARENS}\n    ${BARE}`,
    );
    expect([segments.map(({ frame }) => frame), others]).toEqual([[1, 3], 1]);
  });

  test.each([
    ['-q', '08:00:00.0 IP 10.0.0.1.40000 > 10.0.0.2.80: tcp 0', 'printed with -q it has no flags'],
    ['a port too high', first.replace('40000', '70000'), 'its addresses cannot be read'],
    ['no second line', `08:00:00.0 IP ${PARENS}`, 'its second line is missing'],
    ['cut off', first.slice(0, 56), 'it has no flags'],
  ])('%s is counted with its line', (_, broken, why) => {
    const { segments, warnings } = read(`\n${broken}\n\n${last}`);
    expect(segments.map(({ frame }) => frame)).toEqual([2]);
    expect(warnings).toEqual([`lines that look like packets cannot be understood, first line 2: ${why}`]);
  });

  test('no packet at all is refused in one line', async () => {
    await expect(diagnose(new TextEncoder().encode('<html>\n<p>tcpdump says Flags [R.]</p>'))).rejects.toThrow(
      /^not a packet capture: it starts with the text "<html>", and no line of it is a packet/,
    );
  });
});

describe('times', () => {
  const line = (time: string, n: number) => `${time} IP 10.0.0.1.${n} > 10.0.0.2.80: Flags [S], seq 5, win 9, length 0`;
  const times = (...list: string[]) =>
    read(list.map((time, i) => line(time, 1000 + i)).join('\n')).segments.map(({ ms }) => ms);

  test('a day ends', () => expect(times('23:59:59.900000', '00:00:00.100000')).toEqual([0, 200]));
  test('-ttttt counts from the first', () =>
    expect(times(' 00:00:00.000000', ' 00:00:00.100000', ' 00:00:00.300000')).toEqual([0, 100, 300]));
  test('-ttt counts from the one before: times run back', () =>
    expect(times(' 00:00:00.000000', ' 00:00:00.100000', ' 00:00:00.050000', ' 00:00:00.300000')).toEqual([
      0, 100, 150, 450,
    ]));
  test('seconds since 1970', () => expect(times('1598258523.9', '1598258524.1')).toEqual([0, 200]));
  test('none', () =>
    expect(read('IP 10.0.0.1.1 > 10.0.0.2.80: Flags [S], seq 5, win 9, length 0').segments[0]?.ms).toBe(0));
});

describe('what a text does not tell is no ground for a verdict', () => {
  const verdict = async (text: string) => (await diagnose(new TextEncoder().encode(text))).verdicts[0];
  const syn = 'IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 5, win 9, length 0';
  const refusal = 'IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [R.], seq 0, ack 6, win 0, length 0';

  test('no times: nothing is likely, and the report says why', async () => {
    expect(await verdict(`0.0 ${syn}\n0.1 ${refusal}`)).toMatchObject({
      confidence: 'likely',
      cause: { id: 'closed-port' },
    });
    const untimed = await verdict(`${syn}\n${refusal}`);
    expect(untimed).toMatchObject({ confidence: 'possible', cause: { fallback: true } });
    expect(untimed?.doubt).toContain('Nothing is likely here because the text tells no times.');
    expect(untimed?.alternatives.map(({ cause }) => cause.id)).toContain('closed-port');
  });

  test('a bare RST among relative numbers whose start is missing compares with none', async () => {
    const rootless = await verdict(
      `0.0 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [P.], seq 1:11, ack 1, win 9, length 10
0.1 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [R], seq 3000000001, win 0, length 0`,
    );
    expect(rootless).toMatchObject({ confidence: 'possible', reset: { shape: 'orphan' } });
  });

  test('without a TTL nothing is certain', async () => {
    const header = '(tos 0x0, ttl 64, id 1, offset 0, flags [DF], proto TCP (6), length 40)';
    const told = await diagnose(
      new TextEncoder().encode(`0.0 IP ${header} ${syn.slice(3)}\n0.1 IP ${header} ${refusal.slice(3)}`),
    );
    expect(told.captures[0]?.quality[0]).toBe('it was read from text, which does not tell MAC addresses nor payload');
  });
});
