/** A refusal raced the real SYN-ACK. */
import { describe, expect, test } from 'vitest';
import { mark } from '../support/diagnosis.js';
import { expectCause, SYN, SYN_ACK, said, verdictsOf } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ago, answerOf, otherReset, REFUSED, RST_TIME, saidOf, tellsOf } from '../support/signatures.js';

const sibling = otherReset(98, RST_TIME - 500, { fromSender: false, seq: 1001 });

describe('forged-refusal', () => {
  const ACCEPTED: Given = { ...REFUSED, aftermath: { synAck: mark(105, 10_020) } };
  test.each<[string, Given, string]>([
    ['the named host accepted after it', ACCEPTED, 'certain third-party'],
    ['… it had a window', { ...ACCEPTED, rst: { ...REFUSED.rst, window: 9 } }, 'likely third-party'],
    [
      '… of which it bears the next number',
      { ...ACCEPTED, aftermath: { ...ACCEPTED.aftermath, knewSynAck: true } },
      'no: it bears the number behind the SYN-ACK (105): that was sent before it',
    ],
    ['no SYN-ACK followed', REFUSED, 'no: no SYN-ACK came after it'],
    ['its sender had been heard of', { ...ACCEPTED, sender: { segments: 1 } }, 'not asked'],
    [
      'of a client',
      { ...ACCEPTED, sender: { segments: 0, role: 'client' }, reset: { ...REFUSED.reset, shape: 'reply' } },
      'not asked',
    ],
    [
      'of nobody known, as an answer to a SYN',
      { ...ACCEPTED, sender: { segments: 0, role: 'originator' } },
      'certain third-party',
    ],
    [
      'the client was not captured, and the connection went on',
      {
        ...ACCEPTED,
        receiver: { segments: 0 },
        aftermath: { synAck: mark(105, 10_020), senderWentOn: { ...mark(107, 10_050), length: 5 } },
      },
      'no: the connection went on (107): the client had not obeyed it',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('forged-refusal', given)).toBe(answer);
  });

  test('forged-refusal says what it saw', () => {
    expect(tellsOf('forged-refusal', ACCEPTED)).toEqual([
      '1 the client asked for a connection (SYN)',
      '100 10 s later an RST came in the name of the server {"seq":0,"ack":1001,"ttl":63,"window":0}',
      '105 the server itself accepted the connection 20 ms after that: its port was open',
    ]);
    expect(tellsOf('forged-refusal', { ...ACCEPTED, rst: { ...REFUSED.rst, window: 9 } })).toEqual([
      '1 the client asked for a connection (SYN)',
      '100 10 s later an RST came in the name of the server {"seq":0,"ack":1001,"ttl":63,"window":9}',
      '105 the server itself accepted the connection 20 ms after that: its port was open',
      'Who forged it: a window in a refusal is a mark of volleys, of which others may be missing here.',
    ]);
  });

  test('counts the volley before the SYN-ACK', () => {
    const forged = { ...sibling, fromSender: true };
    const siblings = [
      forged,
      { ...forged, frame: 101 },
      { ...forged, frame: 102 },
      { ...forged, frame: 106 },
      { ...forged, frame: 103, fromSender: false },
    ];
    expect(
      saidOf('forged-refusal', {
        ...ACCEPTED,
        reset: { ...REFUSED.reset, siblings, handshake: { syn: ago(30, 98), synAck: null, ack: null } },
      }),
    ).toEqual([
      '98 the client asked for a connection (SYN)',
      '100 30 ms later 3 RSTs came in the name of the server',
      '105 the server itself accepted the connection 20 ms after that: its port was open',
    ]);
  });
});

describe('forged-refusal in packets', () => {
  const asked = (options = SYN, ttl = 64) => `
    0.000 C > S: [S] seq 0 win 64240 ${options} ttl ${ttl} id 1 DF`;
  const refusal = (more: string) => `
    0.004 S > C: [R.] seq 0 ack 1 ${more}`;
  const accepted = (at: string) => `
    ${at} S > C: [S.] seq 7000 ack 1 win 65160 ${SYN_ACK} ttl 57 id 0 DF`;

  test('the refusal came first, then the SYN-ACK of the server itself', async () => {
    await expectCause(
      `${asked()}${refusal('win 0 ttl 60 id 0 DF')}${accepted('0.010')}
    0.011 C > S: [R] seq 1 win 0 ttl 64 id 0 DF`,
      {
        gives: 'forged-refusal certain',
        not: ['closed-port', 'firewall-reject-syn', 'listener-restarting'],
      },
    );
  });

  test("the number behind that of the SYN-ACK is nobody's guess: the capture has the two out of order", async () => {
    const text = `${asked()}
    0.004 S > C: [R.] seq 7001 ack 1 win 0 ttl 60 id 0 DF${accepted('0.005')}
    0.006 C > S: [.] seq 1 ack 7001 win 502 ttl 64 id 2 DF`;
    const [verdict] = await verdictsOf(text);
    expect(verdict!.cause.id).not.toBe('forged-refusal');
    expect(verdict!.confidence).toBe('possible');
    await expectCause(text.replace('7001 ack 1', '7002 ack 1'), {
      gives: 'forged-refusal certain',
      not: 'closed-port',
    });
  });

  test('with a window it is one of a volley, and who made it is open', async () => {
    await expectCause(asked() + refusal('win 1024 ttl 60 id 4000') + accepted('0.010'), {
      gives: 'forged-refusal likely',
      not: 'closed-port',
    });
  });

  test('refused, and the port tried again with another SYN: the service had come up', async () => {
    await expectCause(
      `${asked()}${refusal('win 0 ttl 57 id 0 DF')}
    1.000 C > S: [S] seq 5000 win 64240 ${SYN} ttl 64 id 2 DF
    1.010 S > C: [S.] seq 7000 ack 5001 win 65160 ${SYN_ACK} ttl 57 id 0 DF
    1.011 C > S: [.] ack 1 win 502 ttl 64 id 3 DF`,
      { gives: 'closed-port likely', not: 'forged-refusal' },
    );
  });

  /** Windows sends a SYN again that was refused, half a second later. */
  const WINDOWS = '<mss 1460,nop,wscale 8,nop,nop,sackOK>';
  const again = (at: string) => `
    ${at} C > S: [S] seq 0 win 64240 ${WINDOWS} ttl 128 id 2 DF`;
  const conversation = `
    0.511 C > S: [.] seq 1 ack 1 win 1026 ttl 128 id 3 DF
    0.512 C > S: [P.] seq 1 ack 1 win 1026 ttl 128 id 4 DF "ask"
    0.520 S > C: [P.] seq 1 ack 4 win 509 ttl 57 id 70 DF "reply"
    0.521 C > S: [.] seq 4 ack 6 win 1026 ttl 128 id 5 DF`;

  test('… with the same SYN, as Windows does it, proves as little', async () => {
    const text = `${asked(WINDOWS, 128)}${refusal('win 0 ttl 57 id 0 DF')}${again('0.504')}${accepted('0.510')}${conversation}`;
    const [verdict] = await verdictsOf(text);
    expect(said(verdict!)).toBe('closed-port likely ignored');
    expect(verdict!.alternatives).toEqual([]);
    expect(verdict!.severity).toBe('note');
    expect(verdict!.evidence.map(({ text }) => text)).toContain(
      'the same SYN, sent again, was accepted: connect() succeeded all the same',
    );
    expect(verdict!.against.map(({ cause, reason }) => [cause.id, String(reason)])).toContainEqual([
      'forged-refusal',
      expect.stringContaining('answers a SYN sent again'),
    ]);
  });

  test('… which is no next connection: one that comes later on the port changes nothing', async () => {
    const [verdict] =
      await verdictsOf(`${asked(WINDOWS, 128)}${refusal('win 0 ttl 57 id 0 DF')}${again('0.504')}${accepted('0.510')}${conversation}
    0.600 C > S: [F.] seq 4 ack 6 win 1026 ttl 128 id 6 DF
    0.610 S > C: [F.] seq 6 ack 5 win 509 ttl 57 id 71 DF
    0.611 C > S: [.] seq 5 ack 7 win 1026 ttl 128 id 7 DF
    5.000 C > S: [S] seq 900000 win 64240 ${WINDOWS} ttl 128 id 8 DF
    5.010 S > C: [S.] seq 700000 ack 900001 win 65160 ${SYN_ACK} ttl 57 id 0 DF`);
    expect(said(verdict!)).toBe('closed-port likely ignored');
  });

  test.each([
    ['once', again('0.504'), 'the client asked for a connection (SYN)'],
    [
      'twice',
      `${again('0.303')}
    0.304 S > C: [R.] seq 0 ack 1 win 0 ttl 57 id 0 DF${again('0.504')}`,
      'the client tried the same SYN 2 times in vain',
    ],
  ])('refused %s: an abort of the connection that came of it is not counted', async (_, syns, told) => {
    const verdicts =
      await verdictsOf(`${asked(WINDOWS, 128)}${refusal('win 0 ttl 57 id 0 DF')}${syns}${accepted('0.510')}${conversation}
    9.000 C > S: [R.] seq 4 ack 6 win 0 ttl 128 id 6 DF`);
    expect(verdicts.map(said).at(-1)).toBe('routine-close-by-reset likely');
    const texts = verdicts[0]!.evidence.map(({ text }) => text);
    expect(texts).toContain(told);
    expect(texts.filter((text) => text.includes('in vain'))).toHaveLength(told.includes('in vain') ? 1 : 0);
  });

  test('a SYN-ACK to the first SYN is proof, though the client asks again behind it', async () => {
    await expectCause(asked(WINDOWS, 128) + refusal('win 0 ttl 57 id 0 DF') + accepted('0.010') + again('0.504'), {
      gives: 'forged-refusal certain',
      not: 'closed-port',
    });
  });
});
