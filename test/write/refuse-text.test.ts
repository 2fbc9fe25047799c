/** Packets that were read as text are no capture. */
import { expect, test } from 'vitest';
import { CaptureError, type CaptureInfo } from '../../src/capture/types.js';
import { refuseText } from '../../src/write/refuse-text.js';

const refusal = (lacks: readonly string[] | undefined) => {
  try {
    refuseText({ lacks } as Partial<CaptureInfo> as CaptureInfo);
    return null;
  } catch (error) {
    return error instanceof CaptureError ? `${error.code}: ${error.message}` : error;
  }
};

test('what they do not tell would be made up', () => {
  expect(refusal(undefined)).toBeNull();
  expect(refusal(['TTL', 'IP ID'])).toBe(
    'unsupported-format: packets as text cannot be written as a capture: what they do not tell (TTL, IP ID) would be made up',
  );
  expect(refusal([])).toBe(
    'unsupported-format: packets as text cannot be written as a capture: what they do not tell would be made up',
  );
});
