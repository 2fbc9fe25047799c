/** Which stack a SYN-ACK tells of, as ours recorded it: the stack's answer to the options of a Linux client. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diagnose } from '../../src/diagnose.js';
import { CAPTURES } from '../support/files.js';
import { diagnosisOf } from '../support/listing.js';

test('libslirp, in a recording through slirp4netns', async () => {
  const { verdicts } = await diagnose(readFileSync(join(CAPTURES, 'closed-port.slirp4netns.pcap')));
  const served = verdicts.filter(({ reset }) => reset.sender.segments > 0);
  expect(served.map(({ reset, mechanism }) => [reset.sender.stack?.family, mechanism.kind])).toEqual(
    Array(3).fill(['user space', 'live-socket']),
  );
});

test.each([
  ['another window is another small stack', 4096, 64, 'embedded'],
  ['another initial TTL too', 65_535, 255, 'embedded'],
  ['both are libslirp’s', 65_535, 64, 'user space'],
])('%s', async (_, window, ttl, family) => {
  const { verdicts } = await diagnosisOf(`
    0.000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> ttl 64
    0.001 S > C: [S.] seq 0 ack 1 win ${window} <mss 1460> ttl ${ttl}
    0.002 C > S: [.] ack 1 win 64240 ttl 64
    0.003 S > C: [R.] seq 1 ack 1 win ${window} ttl ${ttl}`);
  expect(verdicts.map(({ reset }) => reset.sender.stack?.family)).toEqual([family]);
});

test.each([
  [
    'closed-port.gvisor.pcap',
    "gVisor's netstack (sandboxed containers, Tailscale)",
    ['abortive-close', 'close-with-unread-data', 'data-after-close'],
  ],
  [
    'abortive-close.pasta.pcap',
    'a user-space network (passt) or lwIP',
    ['abortive-close', 'close-with-unread-data', 'half-close-with-unread-data'],
  ],
  [
    'closed-port.lwip.pcap',
    'a user-space network (passt) or lwIP',
    ['unexplained-abort', 'close-with-unread-data', 'data-after-close'],
  ],
])('%s is told from its SYN-ACK, and its aborts are a live socket’s', async (file, name, causes) => {
  const { verdicts } = await diagnose(readFileSync(join(CAPTURES, file)));
  const served = verdicts.filter(({ reset, role }) => reset.sender.segments > 0 && role === 'first');
  expect(served.map(({ cause }) => cause.id)).toEqual(causes);
  for (const { reset, mechanism } of served)
    expect([reset.sender.stack?.name, mechanism.kind]).toEqual([name, 'live-socket']);
});

test('the same without the ACK bit of a stack that is not known to abort so', async () => {
  const { verdicts } = await diagnosisOf(`
    0.000 C > S: [S] seq 0 win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7> ttl 64
    0.001 S > C: [S.] seq 0 ack 1 win 8192 <mss 1460,nop,wscale 8> ttl 255 id 7
    0.002 C > S: [.] ack 1 win 502 ttl 64
    0.003 C > S: [P.] seq 1:33 ack 1 win 502 ttl 64
    0.004 S > C: [P.] seq 1:41 ack 33 win 256 ttl 255 id 0
    0.005 C > S: [.] ack 41 win 502 ttl 64
    0.105 S > C: [R] seq 41 win 256 ttl 255 id 0`);
  expect(verdicts.map(({ mechanism, cause }) => [mechanism.kind, cause.id])).not.toContainEqual([
    'live-socket',
    'abortive-close',
  ]);
});
