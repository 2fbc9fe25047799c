import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columns, labelled, wrap } from '../../../src/report/text/wrap.js';
import { printable } from '../../../src/report/words/printable.js';

const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6().map((text) => `[${text}]`),
);
const endpoint = fc.tuple(address, fc.integer({ min: 0, max: 65535 })).map(([host, port]) => `${host}:${port}`);
const word = fc.stringMatching(/^[a-z,.]{1,12}$/);

describe('wrap', () => {
  test('breaks at spaces only: an endpoint is on one line, whole', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(endpoint, word), { minLength: 1 }),
        fc.integer({ min: 1, max: 100 }),
        (words, width) => {
          const lines = wrap(words.join(' '), width);
          expect(lines.join(' ').split(' ')).toEqual(words);
        },
      ),
    );
  });

  test('fills lines, never past the width but for a word that is wider alone', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.integer({ min: 12, max: 100 }), (words, width) => {
        for (const line of wrap(words.join(' '), width)) expect(columns(line)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('a command, a frame and a number with its unit stay whole', () => {
    const text = 'on the host run `nstat -az TcpExtTCPAbortOnClose` and see frame 8 of 14 packets';
    for (let width = 1; width < 60; width += 1) {
      const lines = wrap(text, width);
      for (const whole of ['nstat -az TcpExtTCPAbortOnClose', 'frame 8', '14 packets']) {
        expect(lines.some((line) => line.includes(whole))).toBe(true);
      }
    }
    expect(wrap(text, 100)).toEqual(['on the host run nstat -az TcpExtTCPAbortOnClose and see frame 8 of 14 packets']);
  });

  test('a label stands beside the first line', () => {
    expect(labelled('why', 'one two three', 18)).toEqual(['   why     one two', '           three']);
  });
});

describe('printable', () => {
  test('no string gives a control, a bidirectional mark or a line break', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }),
    );
  });

  test('plain text passes unchanged', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~äöüéñ→·µ日本]*$/), (text) => {
        expect(printable(text)).toBe(text);
      }),
    );
  });

  test('what was hidden is shown', () => {
    expect(printable('a\u001b[31mb\n\u202ec')).toBe('a\\x1b[31mb\\n\\u{202e}c');
  });
});
