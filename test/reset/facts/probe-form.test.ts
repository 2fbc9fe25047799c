/** Packets of scanners by their form, and what a TCP sends. */
import { expect, test } from 'vitest';
import { probeForm } from '../../../src/reset/facts/probe-form.js';
import { ACK, FIN, PSH, SYN, URG } from '../../../src/tcp/control.js';
import { makeSegment } from '../../support/diagnosis.js';
import { type Given, resetOf } from '../../support/signatures.js';

/** A probe of the client, answered by the server. */
const form = (control: number, given: Given = {}) =>
  probeForm(
    resetOf({
      ...given,
      receiver: { segments: 1, ...given.receiver },
      reset: { tail: [makeSegment(99, 9_999, 'receiver', control)], ...given.reset },
    }),
  );
const tool = { stack: { family: 'raw-socket tool', name: 'nmap' } as never };
const ACK_SCAN = 'an acknowledgment outside any connection, where its SYNs have the form of nmap';
const ackOf = (window: number, receiver: Given['receiver'], tsVal: number | null = null, phase = 'orphan') =>
  form(ACK, {
    receiver,
    reset: { phase: phase as never, tail: [{ ...makeSegment(99, 9_999, 'receiver', ACK), window, tsVal }] },
  });

test.each<[string, string | null, string | null]>([
  ['no control bit', form(0), 'a segment without any control bit (a NULL scan)'],
  ['FIN', form(FIN), 'a FIN without ACK outside any connection (a FIN scan)'],
  ['FIN, PSH and URG', form(FIN | PSH | URG), 'FIN, PSH, URG without SYN or ACK (an Xmas scan)'],
  ['PSH', form(PSH), 'PSH without SYN or ACK (an Xmas scan)'],
  ['ACK', form(ACK), null],
  ['… from a host that writes its own SYNs', ackOf(2048, tool), ACK_SCAN],
  ['… with the window of a socket', ackOf(502, tool), null],
  ['… with timestamps', ackOf(2048, tool, 7), null],
  ['… of another host', ackOf(2048, {}), null],
  ['… in a handshake', ackOf(2048, tool, null, 'handshake'), null],
  ['ACK and FIN', form(ACK | FIN), null],
  ['SYN', form(SYN), null],
  ['SYN and FIN', form(SYN | FIN), 'FIN, SYN in one segment (a test of the operating system)'],
  ['SYN and URG', form(SYN | URG), 'SYN, URG in one segment (a test of the operating system)'],
  ['SYN and PSH', form(SYN | PSH), null],
  [
    'SYN, FIN in a conversation',
    form(SYN | FIN, { receiver: { segments: 2 } }),
    'FIN, SYN in one segment (a test of the operating system)',
  ],
  ['no control bit in a conversation', form(0, { receiver: { segments: 2 } }), null],
  ['of one that sent data', form(0, { receiver: { bytes: 1 } }), null],
  ['nothing captured', form(0, { reset: { tail: [] } }), null],
  ['of the other end', form(0, { reset: { tail: [makeSegment(99, 1, 'sender', 0)] } }), null],
  [
    'the newest',
    form(0, { reset: { tail: [makeSegment(98, 1, 'receiver', 0), makeSegment(99, 1, 'receiver', ACK)] } }),
    null,
  ],
])('%s', (_, found, expected) => {
  expect(found).toBe(expected);
});

test.each<[string, Given, string | null]>([
  ['a tool’s SYN that was answered', {}, 'a SYN in the form of nmap'],
  ['… beyond the handshake', { reset: { phase: 'established' } }, null],
  ['… another stack’s', { sender: { stack: { family: 'linux', name: 'Linux' } as never } }, null],
  ['… nobody knows whose', { sender: { stack: null } }, null],
  ['… refused', { sender: { ...tool, role: 'server' }, receiver: { ...tool, role: 'client' } }, null],
])('%s', (_, given, expected) => {
  const reset = resetOf({
    ...given,
    sender: { role: 'client', ...tool, ...given.sender },
    receiver: { role: 'server', ...given.receiver },
    reset: {
      phase: 'handshake',
      tail: [makeSegment(98, 1, given.sender?.role === 'server' ? 'receiver' : 'sender', SYN)],
      ...given.reset,
    },
  });
  expect(probeForm(reset)).toBe(expected);
});
