import { expect, test } from 'vitest';
import { exitStatus } from '../../src/cli/exit.js';

test.each([
  [false, false, 0],
  [false, true, 1],
  [true, false, 2],
  [true, true, 2],
])('failed %s, matched %s: %d', (failed, matched, status) => {
  expect(exitStatus({ failed, matched })).toBe(status);
});
