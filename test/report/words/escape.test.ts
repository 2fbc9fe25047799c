/** Text of a capture in formats that give characters a meaning. */
import { describe, expect, test } from 'vitest';
import {
  csvCell,
  escapeHtml,
  escapeMarkdown,
  escapeXml,
  markdownCode,
  markdownProse,
  plainJson,
  scriptJson,
} from '../../../src/report/words/escape.js';
import { printable } from '../../../src/report/words/printable.js';

test.each([
  ['plain ünïcode 語', 'plain ünïcode 語'],
  ['a\nb\rc\td', 'a\\nb\\rc\\td'],
  ['\u0000\u001b[31m\u007f\u009f', '\\x00\\x1b[31m\\x7f\\x9f'],
  ['\u00ad\u202e\ufeff\u2028\u2029', '\\xad\\u{202e}\\u{feff}\\u{2028}\\u{2029}'],
  ['\ud800x', '\\u{d800}x'],
])('printable %j', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('HTML and XML', () => {
  expect(escapeHtml(`<a href="x">'&'</a>`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;');
  expect(escapeHtml('one\ntwo\u0007')).toBe('one\ntwo\\x07');
  expect(escapeXml('<\ufffe\uffff>')).toBe('&lt;\\u{fffe}\\u{ffff}&gt;');
});

describe('Markdown', () => {
  test.each([
    ['\\ ` * { } [ ] | ~ $', '\\\\ \\` \\* \\{ \\} \\[ \\] \\| \\~ \\$'],
    ['_a_ snake_case _', '\\_a\\_ snake_case \\_'],
    ['a & <b>', 'a &amp; &lt;b&gt;'],
    ['@me a@b #12 x#1 (@you', '@&#8203;me a@b #&#8203;12 x#1 (@&#8203;you'],
    ['&#12', '&amp;#&#8203;12'],
    ['see http://x HTTPS://y ftp://z mailto:a', 'see http&#58;//x HTTPS&#58;//y ftp&#58;//z mailto&#58;a'],
    ['www.x WWW.y awww.z', 'www&#46;x WWW&#46;y awww.z'],
    ['- item', '\\- item'],
    ['  + item', '  \\+ item'],
    ['-item', '-item'],
    ['a - b', 'a - b'],
    ['-', '\\-'],
    ['---', '\\---'],
    ['===', '\\==='],
    ['== x', '== x'],
    ['1. first', '1\\. first'],
    ['12) twelfth', '12\\) twelfth'],
    ['1.5 ms', '1.5 ms'],
    ['7.', '7\\.'],
    ['line\nbreak', 'line\\\\nbreak'],
  ])('%j', (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });
  test('prose keeps its commands as code', () => {
    expect(markdownProse('run `ss -K *` and *see*')).toBe('run `ss -K *` and \\*see\\*');
    expect(markdownProse('a `b')).toBe('a \\`b');
    expect(markdownProse('``')).toBe('\\`\\`');
  });
  test.each([
    ['ss -K', '`ss -K`'],
    ['a`b', '``a`b``'],
    ['`a``b', '``` `a``b ```'],
    ['a`', '`` a` ``'],
    ['', '`  `'],
    ['a\nb', '`a\\nb`'],
  ])('code %j', (text, expected) => {
    expect(markdownCode(text)).toBe(expected);
  });
});

test.each<[string | number | boolean | null, string]>([
  [null, ''],
  [7, '7'],
  [-7, '-7'],
  [true, 'true'],
  ['plain text', 'plain text'],
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  [' x', '" x"'],
  ['x ', '"x "'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@x', "'@x"],
  ['＝1', "'＝1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠x', "'＠x"],
  ['  =1', "'  =1"],
  ['a=1', 'a=1'],
  ['a\nb', 'a\\nb'],
])('CSV %j', (value, expected) => {
  expect(csvCell(value)).toBe(expected);
});

test('JSON in ASCII where a terminal would obey, and nothing that ends a script', () => {
  const text = '\u007f\u0085\u00ad\u200b\u202e\u2066\ufeffé<&>';
  expect(plainJson(text)).toBe('"\\u007f\\u0085\\u00ad\\u200b\\u202e\\u2066\\ufeffé<&>"');
  expect(scriptJson('</script>&')).toBe('"\\u003c/script\\u003e\\u0026"');
  expect(JSON.parse(scriptJson(text))).toBe(text);
  expect(plainJson({ a: 1 }, 2)).toBe('{\n  "a": 1\n}');
});
