import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { render } from '../../../src/report/render.js';
import { MARKDOWN_LIMIT } from '../../../src/report/text/markdown.js';
import { escapeMarkdown, markdownCode } from '../../../src/report/words/escape.js';
import { atNight, closedPort, incident, keepAliveRace, noResets, together } from '../../support/diagnosis.js';
import { hostileDiagnosis } from '../../support/hostile.js';

const toHtml = (markdown: string) => marked.parse(markdown, { async: false, gfm: true });

describe('markdown', () => {
  it('tells a finding as the text report does', () => {
    const text = render(keepAliveRace(), 'markdown');
    expect(text).toContain('### 1. A request was sent on an idle connection the server had just closed');
    expect(text).toContain('- **why**: After 200 ms of silence the server closed its side with FIN (frame 8).');
    expect(text).toContain('`frame.number in {8,9,10,11}`');
    expect(text).toContain('| 11 | 08:01:04.879 | 10.0.1.2:46840 → 10.0.2.2:5007 | server kernel |');
  });

  it('what is to be typed and what it would show stand on lines of their own', () => {
    expect(render(closedPort(), 'markdown')).toContain(
      "- **look**: on 10.0.2.2: `ss -ltn 'sport = :4444'`<br>empty: start the service\n",
    );
  });

  it('says so where nothing was reset', () => {
    expect(render(noResets(), 'markdown')).toContain('No TCP connection was reset in this capture.');
  });

  it('opens with the sentence and the first finding; all else is folded', () => {
    const text = render(atNight(), 'markdown');
    expect(text).toMatch(/^## .*\n\n\*\*63 connections lost work: /);
    const [open = ''] = text.split('<details>');
    expect(open).toContain('### 1. A request arrived');
    expect(open).toContain('- **fix**: ');
    expect(open.split('\n').length).toBeLessThan(30);
    expect(text.match(/^### /gm)).toHaveLength(1);
    expect(text.match(/<details><summary>\d+\. /g)?.length).toBeGreaterThan(2);
  });

  it('stays below what GitHub takes, and says what it left out', () => {
    const text = render(atNight(20_000), 'markdown', { all: true });
    expect(Buffer.byteLength(text)).toBeLessThan(MARKDOWN_LIMIT + 500);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/\*\*Cut here\*\*: [\d,]+ more parts of this report/);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    expect(text.trimEnd()).toMatch(/`whyrst -f html -o report.html`$/);
  });

  it('a heading behind what is folded is a heading', () => {
    const [one, none] = [keepAliveRace(), noResets()];
    const text = render({ ...one, captures: [...one.captures, ...none.captures] }, 'markdown');
    expect(text).toMatch(/^\*\*2 captures\. A request was sent on .*\*\*\n\n## /);
    expect(toHtml(text).match(/<h2>/g)).toHaveLength(2);
    expect(toHtml(text)).not.toContain('## ');
  });

  it('tells many captures as one, what stands beside the first finding folded', () => {
    const unread = [{ file: 'x|y.pcap', problem: 'an empty file' }];
    const text = render({ ...together(incident()), unread }, 'markdown');
    expect(text).toMatch(/^\*\*12 captures\. 7 connections lost work|^\*\*12 captures\. 7 times/);
    expect(text).toContain('- **Not read:** 1 more capture: x\\|y.pcap (an empty file)\n');
    expect(text).toContain('| 1 | 7 | 7 | `keepalive-race-after-fin` | likely |');
    expect(text).toMatch(/- \*\*in\*\*: 7 of 12 captures, once each: host-1\.pcap, .* and 2 more\n/);
    expect(text).toContain('`whyrst show /inc/host-1.pcap 11`');
    expect(text).not.toContain('## /inc');
    expect(toHtml(text).match(/<h3>/g)).toHaveLength(1);
  });

  it('renders hostile text as text', () => {
    const html = toHtml(render(hostileDiagnosis(), 'markdown'));
    const tags = new Set([...html.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag));
    const ours = 'h2 h3 p ul li table thead tbody tr th td details summary code strong blockquote br'.split(' ');
    expect([...tags].filter((tag) => !ours.includes(tag as string))).toEqual([]);
    const outsideCode = html.replace(/<code>.*?<\/code>/gs, '');
    expect(outsideCode).not.toMatch(/(?<![\w;&])[@#]\w/);
    expect(outsideCode).not.toMatch(/https?:|www\./);
    expect(html.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2066\ufeff\p{Cs}]/u);
    const cells = [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].map(([, row]) => (row as string).match(/<t[dh]/g)?.length);
    expect(new Set(cells)).toEqual(new Set([6]));
  });

  it.each([
    ['1. one', '1\\. one'],
    ['- item', '\\- item'],
    ['===', '\\==='],
    ['10.0.0.1:80', '10.0.0.1:80'],
    ['snake_case _em_', 'snake_case \\_em\\_'],
    ['a|b', 'a\\|b'],
  ])('escapes %j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  it('fences code with more backticks than it holds', () => {
    expect(markdownCode('a``b')).toBe('```a``b```');
    expect(toHtml(markdownCode('`x`'))).toBe('<p><code>`x`</code></p>\n');
  });
});
