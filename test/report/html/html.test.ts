import { createHash } from 'node:crypto';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { PageData } from '../../../src/report/html/data.js';
import { htmlChunks } from '../../../src/report/html/html.js';
import { SCRIPT } from '../../../src/report/html/script.js';
import { STYLE } from '../../../src/report/html/style.js';
import { render } from '../../../src/report/render.js';
import {
  atNight,
  forged,
  incident,
  keepAliveRace,
  makeCause,
  makeDiagnosis,
  makeReset,
  makeVerdict,
  noResets,
  together,
} from '../../support/diagnosis.js';
import { HOSTILE, hostileDiagnosis } from '../../support/hostile.js';

function dataOf(page: string): PageData {
  const text = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1];
  return JSON.parse(text as string) as PageData;
}

/** Elements as a browser's tokenizer finds them; quotes in attributes are all escaped, so this is enough. */
function elements(page: string): { name: string; attributes: string }[] {
  const outside = page.replace(/(<script[^>]*>).*?<\/script>/gs, '$1').replace(/(<style>).*?<\/style>/gs, '$1');
  return [...outside.matchAll(/<([a-z][a-z0-9]*)((?:\s+[a-z-]+(?:="[^"]*")?)*)\s*\/?>/gi)].map(
    ([, name, attributes]) => ({ name: name as string, attributes: attributes as string }),
  );
}

describe('html', () => {
  it('writes a reset at a time: no piece of a page of many grows with their number', () => {
    const [verdict] = keepAliveRace().verdicts;
    const many = (count: number) =>
      makeDiagnosis(Array.from({ length: count }, (_, i) => ({ ...verdict!, id: String(i) })));
    const longest = (count: number) => Math.max(...[...htmlChunks(many(count))].map(({ length }) => length));
    expect(longest(2_000)).toBeLessThan(1.1 * longest(20));
    expect(dataOf([...htmlChunks(many(2_000))].join('')).rows).toHaveLength(2_000);
  });

  it('allows its own style and script by their hash, and nothing else', () => {
    const page = render(keepAliveRace(), 'html');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll('&#39;', "'");
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] as string;
    const script = /<script>(.*?)<\/script>/s.exec(page)?.[1] as string;
    expect(policy).toBe(
      `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`,
    );
  });

  it.each([
    ['a race', keepAliveRace()],
    ['many', atNight()],
    ['none', noResets()],
    ['hostile ones', hostileDiagnosis()],
  ])('refers to nothing outside itself and has no inline handler or style: %s', (_, diagnosis) => {
    for (const { name, attributes } of elements(render(diagnosis, 'html'))) {
      expect(['img', 'link', 'iframe', 'object', 'embed', 'base', 'form', 'audio', 'video']).not.toContain(name);
      expect(attributes).not.toMatch(/\s(on\w+|style|src|srcset|srcdoc|action|formaction|xlink:href)=/);
      const href = /\shref="([^"]*)"/.exec(attributes)?.[1];
      if (href !== undefined) expect(href).toMatch(/^#/);
    }
  });

  it('keeps hostile text as text, in the page and in its data', () => {
    const page = render(hostileDiagnosis(), 'html');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page.match(/<\/script/g)).toHaveLength(2);
    expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e\u2066\ufeff\p{Cs}]/u);
    expect(dataOf(page).strings.some((text) => text.includes('</script><script>alert("canary")'))).toBe(true);
    expect(HOSTILE).toContain('</script>');
  });

  it('says which frame stands for how many resets, and not that it is one of so many frames', () => {
    const page = render(atNight(), 'html');
    expect(page).toMatch(/Told by frame \d+, one of 60 /);
    expect(page).not.toMatch(/[Ff]rame \d+ of /);
  });

  it('says first what happened, then the findings ranked, each a link to its card', () => {
    const page = render(atNight(), 'html');
    expect(page).toMatch(/<h1>63 connections lost work: <span class="rest">60 times a request arrived/);
    const at = (text: string) => page.indexOf(text);
    expect(at('<ol class="ranking">')).toBeGreaterThan(at('<h1>'));
    expect(at('<svg class="chart"')).toBeGreaterThan(at('<ol class="ranking">'));
    expect(at('<details class="card')).toBeGreaterThan(at('<svg class="chart"'));
    for (const [, number] of page.matchAll(/href="#finding-(\d+)"/g)) expect(page).toContain(`id="finding-${number}"`);
    expect(page).not.toContain('<details class="card is-error" id="finding-1" open>');
  });

  it('one reset stands unfolded, its packets drawn in its card', () => {
    const page = render(keepAliveRace(), 'html');
    expect(page).toContain('<details class="card is-error" id="finding-1" open>');
    expect(page).toContain('data-reset="11"');
    expect(page).not.toContain('<ol class="ranking">');
  });

  it('names the capture without the folder it lies in', () => {
    const whole = keepAliveRace();
    const captures = whole.captures.map((capture) => ({ ...capture, file: '/home/alice/secret/prod.pcap' }));
    const page = render({ ...whole, captures }, 'html');
    expect(/<title>(.*?)<\/title>/.exec(page)?.[1]).toBe('whyrst: prod.pcap');
    expect(/<header>.*?<\/header>/s.exec(page)?.[0]).not.toContain('alice');
  });

  it('tells many captures as one: a card for each cause, the captures named without their folder', () => {
    const unread = [{ file: '/inc/x.pcap', problem: 'an empty file' }];
    const page = render({ ...together([...incident(), forged()]), unread }, 'html');
    expect(page).toMatch(/<h1>13 captures: |<h1>8 connections lost work: /);
    expect(page.match(/<details class="card /g)).toHaveLength(4);
    expect(page).toMatch(/<dt>in<\/dt><dd>7 of 13 captures, once each: host-1\.pcap, .* and 2 more<\/dd>/);
    expect(page).toContain('Told by frame 11 of host-1.pcap, one of 7');
    expect(page).toContain('<p class="remark">Not read: 1 more capture: x.pcap (an empty file)</p>');
    expect(page).toContain('<summary>13 captures one by one, the worst first</summary>');
  });

  it('the bars are as long as their share of those that are shown', () => {
    const many = Array.from({ length: 14 }, (_, index) =>
      makeVerdict(
        makeReset({ frame: 10 + index, time: index }),
        makeCause(`kind-${index}`, index < 13 ? {} : { severity: 'note' }),
        index < 13 ? {} : { severity: 'note' },
      ),
    );
    const [noise] = makeDiagnosis(many.slice(13)).findings;
    const whole = makeDiagnosis(many);
    const findings = whole.findings.map((one) => (one.cause.id === 'kind-13' ? { ...one, count: 5_000 } : one));
    expect(noise?.severity).toBe('note');
    const page = render({ ...whole, findings }, 'html');
    expect(page.match(/<rect width="(\d+)" height="8"/)?.[1]).toBe('100');
  });

  it('stamps under the chart differ also where all took a millisecond', () => {
    const verdicts = [0, 400, 900].map((time, index) =>
      makeVerdict(makeReset({ frame: 5 + index, time: time / 1000 }), makeCause('quick')),
    );
    const first = 1_700_000_000_000_000_000n;
    const page = render(makeDiagnosis(verdicts, { first, last: first + 1_000_000n }), 'html');
    const stamps = [...page.matchAll(/<text x="\d+" y="\d+">(?:[\d-]+ )?(\d\d:\d\d:\d\d\.\d+)<\/text>/g)].map(
      ([, stamp]) => stamp,
    );
    expect(stamps.length).toBeGreaterThan(1);
    expect(new Set(stamps).size).toBe(stamps.length);
  });

  it('captures of different years are in no common chart', () => {
    const [one, two] = [atNight(), atNight()];
    const year = 365n * 86_400_000_000_000n;
    const moved = two.captures.map((capture) => ({
      ...capture,
      file: 'old.pcap',
      first: (capture.first ?? 0n) - year,
      last: (capture.last ?? 0n) - year,
    }));
    expect(render(together([one, two]), 'html')).toContain('<svg class="chart"');
    expect(render(together([one, { ...two, captures: moved }]), 'html')).not.toContain('<svg class="chart"');
  });

  it('what weighs is set larger than what does not: the rule of a tile is stronger than that of all', () => {
    const sizes = [...STYLE.matchAll(/([^{};\n]*)\{ font-size: (\d+)px/g)].filter(([, selector]) =>
      /tile/.test(selector as string),
    );
    for (const [, selector] of sizes)
      for (const one of (selector as string).split(','))
        expect(one.trim()).toMatch(/^dl\.tiles (\.tile-\w+ )?(dd|dt)$|^details|^ul|^dl\.rows|^ol|^p|^\.soft/);
    expect(sizes.length).toBeGreaterThan(4);
  });

  it('the keyboard goes in the order of the page, sees where it is and needs no script to open a card', () => {
    const page = render(atNight(), 'html');
    expect(page).not.toMatch(/tabindex="[1-9]/);
    expect(STYLE).not.toMatch(/outline: (?:none|0)\b/);
    expect(STYLE).toContain(':focus-visible { outline: 2px solid');
    const cards = page.match(/<details class="card /g)?.length ?? 0;
    expect(page.match(/<details class="card [^>]*><summary><h3>/g)).toHaveLength(cards);
    expect(page).toMatch(/<body>\n<a class="skip" href="#findings">/);
    // What can be clicked is a link, a button or a field: all of them are reached by Tab and opened by Enter.
    for (const { name, attributes } of elements(page))
      if (/data-cause=|class="theme"|id="(?:before|after|close|f-clear)"/.test(attributes)) expect(name).toBe('button');
  });

  it('what overflows can be reached and scrolled by the keyboard', () => {
    for (const { attributes } of elements(render(atNight(), 'html'))) {
      if (/class="(wide|scroll)/.test(attributes)) expect(attributes).toMatch(/tabindex="0".*aria-label="/);
    }
  });

  it('holds every RST with its ladder and the evidence marked', () => {
    const data = dataOf(render(keepAliveRace(), 'html'));
    const [row] = data.rows;
    expect(row?.frame).toBe(11);
    expect(row?.ladder?.rungs.map(({ frame, marks }) => [frame, marks]).slice(6)).toEqual([
      [7, null],
      [8, 'evidence'],
      [9, 'evidence'],
      [10, 'evidence'],
      [11, 'both'],
    ]);
    expect(data.strings[row!.ladder!.rungs[10]!.text]).toBe('RST seq 6 win 0');
    expect(dataOf(render(forged(), 'html')).rows.map(({ of }) => of)).toEqual([null, null, null, '15']);
  });

  it('draws resets over time, a bar per cause, and counts them', () => {
    const page = render(atNight(), 'html');
    expect(page).toContain('<svg class="chart"');
    expect(page).toContain('data-cause="keepalive-race-unread">keepalive-race-unread</button> 60');
    expect(render(keepAliveRace(), 'html')).not.toContain('<svg class="chart"');
  });

  it('explains the causes that occur', () => {
    const page = render(keepAliveRace(), 'html');
    expect(page).toContain('<details class="term" id="cause-keepalive-race-after-fin">');
    expect(page).toContain('(only as an alternative)');
  });

  it('stays small for 10,000 resets', () => {
    expect(render(atNight(10_000), 'html').length).toBeLessThan(20_000_000);
  });

  it('has a script that type-checks against the DOM', () => {
    const name = '/page.js';
    const options: ts.CompilerOptions = {
      allowJs: true,
      checkJs: true,
      noEmit: true,
      strict: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: [],
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists } = host;
    host.getSourceFile = (file, ...rest) =>
      file === name ? ts.createSourceFile(file, SCRIPT, ts.ScriptTarget.ES2022) : getSourceFile(file, ...rest);
    host.fileExists = (file) => file === name || fileExists(file);
    const program = ts.createProgram([name], options, host);
    const problems = ts.getPreEmitDiagnostics(program).map(({ messageText, start, file }) => {
      const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
      return `${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    });
    expect(problems).toEqual([]);
  });
});
