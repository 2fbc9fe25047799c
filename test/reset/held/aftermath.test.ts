/** What came later on the four-tuple of an RST: who went on, who challenged, what was in flight, and the next SYN. */
import { describe, expect, test } from 'vitest';
import { verdictsOf } from '../../support/listing.js';

const O = '<mss 1460,nop,wscale 7>';
/** A handshake of 20 ms, a request and its answer; frames 1 to 5. */
const EXCHANGE = `
  0.000 C > S: [S] seq 0 win 64240 ${O} ttl 64 id 1
  0.010 S > C: [S.] seq 0 ack 1 win 65160 ${O} ttl 60 id 900
  0.020 C > S: [.] ack 1 win 502 ttl 64 id 2
  0.100 C > S: [P.] seq 1:31 ack 1 win 502 ttl 64 id 3
  0.110 S > C: [P.] seq 1:61 ack 31 win 509 ttl 60 id 901`;
/** The server resets; frame 6. */
const RST = '0.500 S > C: [R.] seq 61 ack 31 win 509 ttl 60 id 902';

async function aftermath(later: string, rst = RST, before = EXCHANGE) {
  const verdicts = await verdictsOf(`${before}\n ${rst}\n ${later}`);
  const { senderWentOn, receiverWentOn, challengeAck, crossed, synAck, nextSyn, resets } = verdicts[0]!.reset.aftermath;
  const frame = (one: { readonly frame: number } | null) => one?.frame ?? null;
  return {
    ...(senderWentOn && { sender: [senderWentOn.frame, senderWentOn.length] }),
    ...(receiverWentOn && { receiver: [receiverWentOn.frame, receiverWentOn.length] }),
    ...(challengeAck && { challenge: frame(challengeAck) }),
    ...(crossed && { crossed }),
    ...(synAck && { synAck: frame(synAck) }),
    ...(nextSyn && { next: [nextSyn.frame, nextSyn.answer] }),
    ...(resets.length > 0 && { resets }),
  };
}

describe('the sender', () => {
  test.each<[string, string, object]>([
    ['sends new data', '0.501 S > C: [P.] seq 61:71 ack 31 win 509', { sender: [7, 10] }],
    [
      '… after data before the number of the RST',
      '0.501 S > C: [P.] seq 51:61 ack 31 win 509\n 0.502 S > C: [P.] seq 61:71 ack 31 win 509',
      { sender: [8, 10] },
    ],
    ['sends old data, which was in flight', '0.501 S > C: [P.] seq 1:61 ack 31 win 509', {}],
    ['… too late for that', '0.531 S > C: [P.] seq 1:61 ack 31 win 509', { sender: [7, 60] }],
    ['… just not', '0.530 S > C: [P.] seq 1:61 ack 31 win 509', {}],
    ['acknowledges nothing new', '0.600 S > C: [.] ack 31 win 509', {}],
    [
      'is told by the first',
      '0.501 S > C: [P.] seq 61:71 ack 31 win 509\n 0.502 S > C: [P.] seq 71:91 ack 31 win 509',
      { sender: [7, 10] },
    ],
  ])('%s', async (_, later, expected) => {
    expect(await aftermath(later)).toEqual(expected);
  });
  test('acknowledges what came, later than a round trip', async () => {
    const more = '0.501 C > S: [P.] seq 31:41 ack 61 win 502\n';
    expect(await aftermath(`${more} 0.520 S > C: [.] seq 61 ack 41 win 509`)).toEqual({ crossed: 7 });
    expect(await aftermath(`${more} 0.540 S > C: [.] seq 61 ack 41 win 509`)).toEqual({ crossed: 7, sender: [8, 0] });
  });
});

describe('the receiver', () => {
  test.each<[string, string, object]>([
    ['had new data in flight', '0.510 C > S: [P.] seq 31:41 ack 61 win 502', { crossed: 7 }],
    [
      '… which is told by the first',
      '0.510 C > S: [P.] seq 31:41 ack 61 win 502\n 0.511 C > S: [P.] seq 41:51 ack 61 win 502',
      { crossed: 7 },
    ],
    [
      '… which the capture has behind later data',
      '0.510 C > S: [F.] seq 41 ack 61 win 502\n 0.511 C > S: [P.] seq 31:41 ack 61 win 502',
      { crossed: 8 },
    ],
    ['had old data in flight', '0.510 C > S: [P.] seq 1:31 ack 61 win 502', {}],
    ['goes on with new data', '0.531 C > S: [P.] seq 31:41 ack 61 win 502', { receiver: [7, 10] }],
    ['… just not', '0.530 C > S: [P.] seq 31:41 ack 61 win 502', { crossed: 7 }],
    ['goes on with old data', '0.600 C > S: [P.] seq 1:31 ack 1 win 502', { receiver: [7, 0] }],
    ['… and some that was not acknowledged', '0.600 C > S: [P.] seq 1:41 ack 1 win 502', { receiver: [7, 10] }],
    ['goes on with an acknowledgment that moved', '0.600 C > S: [.] seq 31 ack 61 win 502', { receiver: [7, 0] }],
    ['repeats an acknowledgment: a challenge', '0.501 C > S: [.] seq 31 ack 1 win 502', { challenge: 7 }],
    ['… at another number', '0.501 C > S: [.] seq 30 ack 1 win 502', {}],
    ['… not as the first answer', '0.501 S > C: [.] seq 61 ack 31 win 509\n 0.502 C > S: [.] seq 31 ack 1 win 502', {}],
    ['… with data', '0.501 C > S: [P.] seq 31:32 ack 1 win 502', { crossed: 7 }],
    [
      'is told by the first',
      '0.600 C > S: [P.] seq 31:41 ack 61 win 502\n 0.700 C > S: [P.] seq 41:61 ack 61 win 502',
      { receiver: [7, 10] },
    ],
  ])('%s', async (_, later, expected) => {
    expect(await aftermath(later)).toEqual(expected);
  });
});

describe('a refusal', () => {
  const SYN = `0.000 C > S: [S] seq 0 win 64240 ${O} ttl 64 id 1`;
  const REFUSED = '0.001 S > C: [R.] seq 0 ack 1 win 0 ttl 60 id 0';
  test('and a SYN-ACK behind it', async () => {
    const synAck = `0.010 S > C: [S.] seq 0 ack 1 win 65160 ${O} ttl 60 id 900`;
    expect(await aftermath(`${synAck}\n 1.010 S > C: [S.] seq 0 ack 1 win 65160 ${O}`, REFUSED, SYN)).toEqual({
      synAck: 3,
    });
    expect(await aftermath(`0.010 S > C: [.] seq 1 ack 1 win 65160`, REFUSED, SYN)).not.toHaveProperty('synAck');
  });
});

describe('the next SYN', () => {
  const syn = (seq: number, at = 2) => `${at.toFixed(3)} C > S: [S] seq ${seq} win 64240 ${O}`;
  test.each<[string, string, object]>([
    ['unanswered', syn(90_000), { next: [7, null] }],
    ['accepted', `${syn(90_000)}\n 2.001 S > C: [S.] seq 70000 ack 90001 win 65160 ${O}`, { next: [7, 'accepted'] }],
    ['refused', `${syn(90_000)}\n 2.001 S > C: [R.] seq 0 ack 90001 win 0`, { next: [7, 'refused'] }],
    ['is the first', `${syn(90_000)}\n ${syn(90_000, 3)}`, { next: [7, null] }],
  ])('%s', async (_, later, expected) => {
    expect(await aftermath(later)).toEqual(expected);
  });
});

test('later RSTs are told of each, of either side', async () => {
  expect(
    await aftermath('0.501 S > C: [R.] seq 61 ack 31 win 509 id 903\n 0.502 C > S: [R] seq 31 win 0 id 0'),
  ).toEqual({
    resets: [7, 8],
  });
});

test('a copy of an RST is no other one', async () => {
  const both = async (later: string) => {
    const verdicts = await verdictsOf(`${EXCHANGE}\n ${RST} if eth0 in\n ${later}`);
    return verdicts.map(({ reset }) => [reset.rst.frame, reset.copies]);
  };
  expect(await both('0.5001 S > C: [R.] seq 61 ack 31 win 509 ttl 60 id 902 if eth1 in')).toEqual([[6, [7]]]);
  expect(await both('0.5001 S > C: [R.] seq 61 ack 31 win 509 ttl 60 id 903 if eth1 in')).toHaveLength(2);
});

describe('in a file put together of captures from two points', () => {
  /** The same packets again, as they were captured 200 ms of its clock later at the other end. */
  const again = (listing: string) =>
    listing.replaceAll(
      /^ *([\d.]+)(.*)ttl (64|60)(.*)$/gm,
      (_, at: string, rest: string, ttl: string, id: string) =>
        `${(Number(at) + 0.2).toFixed(3)}${rest}ttl ${ttl === '64' ? 61 : 63}${id}`,
    );
  const sorted = (listing: string) =>
    listing
      .split('\n')
      .filter((line) => line.trim() !== '')
      .sort((a, b) => Number.parseFloat(a) - Number.parseFloat(b))
      .join('\n');
  const told = async (later: string) => {
    const whole = `${EXCHANGE}\n${RST}`;
    const verdicts = await verdictsOf(sorted(`${whole}\n${again(whole)}\n${later}`));
    const { senderWentOn, receiverWentOn } = verdicts[0]!.reset.aftermath;
    return [senderWentOn?.length ?? null, receiverWentOn?.length ?? null];
  };
  test('what follows as closely as copies do may have come before the RST', async () => {
    const more = (at: number) => `${at} S > C: [P.] seq 61:71 ack 31 win 509 ttl 60 id 903`;
    expect(await told(more(0.69))).toEqual([null, null]);
    expect(await told(more(0.71))).toEqual([10, null]);
  });
});
