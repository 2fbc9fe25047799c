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
