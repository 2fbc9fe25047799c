/** A SYN-ACK that nobody asked for was turned away. */
import { describe, expect, test } from 'vitest';
import { SYN } from '../../src/tcp/control.js';
import { expectCause, SYN as OFFER, opened, SYN_ACK } from '../support/listing.js';
import type { Given } from '../support/signatures.js';
import { ACK, ago, answerOf, MS, tellsOf, trigger } from '../support/signatures.js';

describe('unsolicited-syn-ack', () => {
  const CAME: Given = {
    mechanism: 'kernel-reply likely',
    sender: { role: 'client', segments: 0, syn: null },
    receiver: { role: 'server' },
    reset: { trigger: trigger({ control: SYN | ACK }) },
  };
  test.each<[string, Given, string]>([
    ['for a connection nobody asked for', CAME, 'likely unknown'],
    [
      '… at the beginning of the capture',
      { ...CAME, reset: { trigger: trigger({ control: SYN | ACK, time: 1999 * MS }) } },
      'possible unknown',
    ],
    ['an acknowledgment', { ...CAME, reset: { trigger: trigger() } }, 'not asked'],
    [
      'for a connection that was asked for',
      { ...CAME, sender: { role: 'client', segments: 1, syn: ago(5, 98) } },
      'no: a SYN had been sent (98)',
    ],
    [
      '… in a connection of which something was heard',
      { ...CAME, sender: { role: 'client', segments: 1, syn: null, lastSegment: ago(5, 97) } },
      'no: a SYN had been sent (97)',
    ],
    [
      '… delivered to another machine',
      { ...CAME, sender: { role: 'client', segments: 1, syn: ago(5, 98) }, provenance: { macDiffers: true } },
      'likely configuration warning',
    ],
    [
      '… after a connect timeout',
      { ...CAME, sender: { role: 'client', segments: 1, syn: ago(900, 98) }, provenance: { macDiffers: true } },
      'no: a SYN had been sent (98)',
    ],
    [
      'for a connect that goes on: the same SYN comes again',
      {
        ...CAME,
        sender: { role: 'client', segments: 1, syn: ago(5, 98), iss: 5000 },
        aftermath: { synAgain: { ...ago(-1000, 101), by: 'sender', accepted: null } },
      },
      'likely configuration error',
    ],
    [
      '… because it acknowledged another number',
      {
        ...CAME,
        sender: { role: 'client', segments: 1, syn: ago(5, 98), iss: 4000 },
        aftermath: { synAgain: { ...ago(-1000, 101), by: 'sender', accepted: null } },
      },
      'no: a SYN had been sent (98)',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('unsolicited-syn-ack', given)).toBe(answer);
  });

  describe('of a server that was asked under another address', () => {
    const asked = `0.000 10.244.1.192.38530 > 10.103.175.29.7800: [S] seq 1000 win 64860 ${OFFER} ttl 64 id 7 DF`;
    const back = (from: string) =>
      `0.0004 ${from}.7800 > 10.244.1.192.38530: [S.] seq 5000 ack 1001 win 64308 ${SYN_ACK} ttl 63 id 0 DF`;
    const away = '0.0005 10.244.1.192.38530 > 10.244.1.189.7800: [R] seq 1001 win 0 ttl 64 id 0 DF';

    test('the address of its answer was not translated back', async () => {
      const { evidence, severity } = await expectCause([asked, back('10.244.1.189'), away].join('\n'), {
        gives: 'unsolicited-syn-ack likely',
        not: 'client-abandoned-connect',
      });
      expect(severity).toBe('error');
      expect(evidence[0]?.text).toBe('10.244.1.192 asked 10.103.175.29:7800 for a connection (SYN)');
    });

    test('… seen where the address of the SYN is translated too', async () => {
      const on = asked.replace('0.000', '0.0002').replace('10.103.175.29', '10.244.1.189');
      const { evidence } = await expectCause([asked, on, back('10.244.1.189'), away].join('\n'), {
        gives: 'unsolicited-syn-ack likely',
        not: 'client-abandoned-connect?',
      });
      expect(evidence[1]?.text).toBe('the same SYN, by its port and number, went on to 10.244.1.189:7800');
    });

    test('it is not, where that was translated back: then it was the client that gave up', async () => {
      const on = asked.replace('0.000', '0.0002').replace('10.103.175.29', '10.244.1.189');
      await expectCause([asked, on, back('10.244.1.189'), back('10.103.175.29'), away].join('\n'), {
        gives: 'client-abandoned-connect',
        not: 'unsolicited-syn-ack',
      });
    });

    test('it is not, where a scanner asks two hosts with one number', async () => {
      const probe = (at: string, to: string) =>
        `${at} 10.244.1.192.38530 > ${to}.7800: [S] seq 1000 win 1024 <mss 1460> ttl 44 id 7`;
      await expectCause(
        [probe('0.000', '10.103.175.29'), probe('0.0002', '10.244.1.189'), back('10.244.1.189'), away].join('\n'),
        { gives: 'port-scan', not: 'unsolicited-syn-ack' },
      );
    });

    test('it is not, where the number is another: two attempts', async () => {
      await expectCause(
        [asked, back('10.244.1.189').replace('1001', '9001'), away.replace('1001', '9001')].join('\n'),
        {
          gives: 'unexplained-reply possible',
          not: 'unsolicited-syn-ack?',
        },
      );
    });
  });

  test('unsolicited-syn-ack says what it saw', () => {
    expect(tellsOf('unsolicited-syn-ack', CAME)).toEqual([
      '99 a SYN-ACK of 10.0.1.2 arrived for a connection nobody had asked for',
      '100 the client turned it away {"seq":5001}',
      'A SYN that left by another path than the one captured looks the same.',
    ]);
    expect(
      tellsOf('unsolicited-syn-ack', { ...CAME, reset: { trigger: trigger({ control: SYN | ACK, time: 1999 * MS }) } }),
    ).toEqual([
      '99 a SYN-ACK of 10.0.1.2 arrived for a connection nobody had asked for',
      '100 the client turned it away {"seq":5001}',
      'The capture had just begun: the SYN may have been sent before.',
    ]);
    expect(
      tellsOf('unsolicited-syn-ack', {
        ...CAME,
        sender: { role: 'client', segments: 1, syn: ago(5, 98) },
        provenance: { macDiffers: true },
      }),
    ).toEqual([
      '98 10.0.2.2 asked for a connection (SYN)',
      '99 the SYN-ACK came back',
      '100 5 ms after the SYN it was turned away from another MAC address: by a machine that had not asked {"seq":5001}',
      'A client behind two routers of the same network, which cancels at once, looks the same.',
    ]);
  });
});

describe('unsolicited-syn-ack in packets', () => {
  const asked = (at: string, id: number) => `
    ${at} C > S: [S] seq 5000 win 64240 ${OFFER} ttl 64 id ${id} DF`;
  const came = (at: number) => `
    ${at.toFixed(4)} S > C: [S.] seq 700 ack 5001 win 65160 ${SYN_ACK} ttl 57 id 0 DF
    ${(at + 0.0002).toFixed(4)} C > S: [R] seq 5001 win 0 ttl 64 id 0 DF`;

  test('an answer to what nobody had asked', async () => {
    await expectCause(opened('C2', 'S', 0, 3000) + came(5), {
      gives: 'unsolicited-syn-ack likely',
      not: 'client-abandoned-connect',
    });
  });

  test('at the beginning of the capture its SYN may have gone before', async () => {
    await expectCause(came(0.5), { gives: 'unexplained-reply', not: 'unsolicited-syn-ack?' });
  });

  test('turned away though the same SYN is sent again: it never got to whoever asked', async () => {
    await expectCause(asked('4.000', 1) + came(4.1) + asked('5.000', 2), {
      gives: 'unsolicited-syn-ack likely',
      not: 'client-abandoned-connect',
    });
  });

  test('turned away by a client that asks no more', async () => {
    await expectCause(asked('4.000', 1) + came(4.1), {
      gives: 'client-abandoned-connect likely',
      not: 'unsolicited-syn-ack',
    });
  });
});
