/** WCAG 2.2 §1.4.3 and §1.4.11 for every pair of colours that the page sets, in both themes. */

import { describe, expect, test } from 'vitest';
import { STYLE } from '../../../src/report/html/style.js';

type Theme = 'light' | 'dark';

const colours = new Map(
  [...STYLE.matchAll(/--([\w]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name as string,
    { light: light as string, dark: dark as string },
  ]),
);

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string, theme: Theme): number {
  const [a, b] = [one, other].map((name) => luminance((colours.get(name) as Record<Theme, string>)[theme])) as [
    number,
    number,
  ];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const TEXT = ['ink', 'soft', 'link', 'error', 'warning', 'note'];
const GROUNDS = ['paper', 'panel'];
const THEMES: readonly Theme[] = ['light', 'dark'];

describe.each(THEMES)('%s', (theme) => {
  test.each(TEXT.flatMap((text) => GROUNDS.map((ground) => [text, ground] as const)))(
    'text in %s on %s has 4.5 to 1',
    (text, ground) => {
      expect(contrast(text, ground, theme)).toBeGreaterThanOrEqual(4.5);
    },
  );

  test.each(['ink', 'soft', 'error'])('text in %s on the marked rung has 4.5 to 1', (text) => {
    expect(contrast(text, 'mark', theme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['edge', 'link', 'c0', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'error', 'warning', 'note'])(
    'a control, a bar or an outline in %s has 3 to 1',
    (name) => {
      for (const ground of GROUNDS) expect(contrast(name, ground, theme)).toBeGreaterThanOrEqual(3);
    },
  );
});

test('every colour of the page is one of these', () => {
  expect([...colours.keys()].sort()).toEqual(
    [
      ...new Set([
        ...TEXT,
        ...GROUNDS,
        'mark',
        'rule',
        'edge',
        ...Array.from({ length: 8 }, (_, index) => `c${index}`),
      ]),
    ].sort(),
  );
  const rules = STYLE.slice(STYLE.indexOf('* { box-sizing'));
  // The backdrop of the dialog dims what is not read.
  expect(rules.replace('background: #0008', '').match(/#[0-9a-f]{3,8}\b|\brgba?\(|\bhsl/gi)).toBe(null);
  for (const [, name] of rules.matchAll(/var\(--([\w]+)\)/g)) expect(colours.has(name as string), name).toBe(true);
});
