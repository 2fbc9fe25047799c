// How a team tests its cause: node --test docs/examples/own-cause.test.mjs
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { runCause } from 'whyrst/testing';
import causes from './own-cause.mjs';

const capture = (name) => readFileSync(new URL(`../../captures/${name}.pcap`, import.meta.url));

test('names the abort of our service', async () => {
  const [run] = await runCause(causes[0], capture('close-with-unread-data'));
  assert.equal(run.chosen, true);
  assert.equal(run.result.confidence, 'likely');
});

test('leaves a refusal alone: it is not asked about that shape', async () => {
  const [run] = await runCause(causes[0], capture('closed-port'));
  assert.deepEqual([run.asked, run.chosen], [false, false]);
});
