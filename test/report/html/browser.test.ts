import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { render } from '../../../src/report/render.js';
import { atNight } from '../../support/diagnosis.js';
import { whyNot } from '../../support/printed.js';

const missing = whyNot('chromium');
if (missing !== null) console.log(`pages are not tried in a browser: ${missing}`);
const folder = mkdtempSync(join(tmpdir(), 'whyrst-browser-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs Chromium on the page; returns what it prints. */
function browse(page: string, ...options: string[]): string {
  const file = join(folder, 'page.html');
  writeFileSync(file, page);
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  return execFileSync(
    'chromium',
    ['--headless', '--no-sandbox', ...quiet, `--user-data-dir=${join(folder, 'profile')}`, ...options, file],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
}

/** What `script`, run in the page, says at its end. The page's policy allows no script of a test: it is taken out. */
function saidBy(page: string, script: string): unknown {
  const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  expect(open).not.toBe(page);
  const driver = `<script>document.title = JSON.stringify((() => { ${script} })())</script>`;
  const dom = browse(
    open.replace('</body>', () => `${driver}</body>`),
    '--dump-dom',
  );
  const title = /<title>(.*?)<\/title>/s.exec(dom)?.[1] as string;
  return JSON.parse(title.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}

const FOCUSED = `
  const key = (name) => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
  const focused = () => document.activeElement.closest('tr.row')?.dataset.index ?? document.activeElement.id;`;

const night = atNight();
const shown = night.verdicts.filter(({ role }) => role !== 'aftershock').length;

describe.skipIf(missing !== null)('in Chromium', () => {
  test('arrow keys lead from the table to its rows and from row to row', () => {
    const said = saidBy(
      render(night, 'html'),
      `${FOCUSED}
      document.getElementById('scroll').focus();
      const seen = [focused()];
      for (const name of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'End', 'Home']) { key(name); seen.push(focused()); }
      return seen;`,
    );
    expect(said).toEqual(['scroll', '0', '1', '2', '1', String(shown - 1), '0']);
  });

  test('a row opens its packets, the next and the previous one', () => {
    const said = saidBy(
      render(night, 'html'),
      `${FOCUSED}
      document.getElementById('scroll').focus();
      key('ArrowDown');
      document.activeElement.click();
      const dialog = document.getElementById('detail');
      const seen = [dialog.open, location.hash];
      dialog.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight' }));
      seen.push(document.getElementById('place').textContent);
      dialog.close();
      return [...seen, dialog.open];`,
    );
    expect(said).toEqual([true, expect.stringMatching(/^#reset-/), `2 of ${shown}`, false]);
  });

  test('a hundred resets print on at most six pages', () => {
    const hundred = atNight(60 + 100 - shown);
    expect(hundred.verdicts.filter(({ role }) => role !== 'aftershock')).toHaveLength(100);
    const pdf = join(folder, 'page.pdf');
    browse(render(hundred, 'html'), `--print-to-pdf=${pdf}`, '--no-pdf-header-footer');
    const pages = readFileSync(pdf, 'latin1').match(/\/Type\s*\/Page\b(?!s)/g) ?? [];
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.length).toBeLessThanOrEqual(6);
  });
});
