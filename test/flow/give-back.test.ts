import { afterEach, expect, test, vi } from 'vitest';
import { giveBack } from '../../src/flow/give-back.js';

afterEach(() => vi.unstubAllGlobals());

test('what is given back is there no more', () => {
  const words = Int32Array.of(1, 2, 3);
  giveBack(words);
  expect([words.length, words.buffer.byteLength]).toEqual([0, 0]);
});

test('where nothing can be handed over it stays as it is', () => {
  vi.stubGlobal('structuredClone', undefined);
  const words = Int32Array.of(1, 2, 3);
  giveBack(words);
  expect([...words]).toEqual([1, 2, 3]);
});
