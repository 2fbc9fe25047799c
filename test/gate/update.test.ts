import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpectFile } from '../../src/gate/expect-file.js';
import { type UpdateOptions, updated } from '../../src/gate/update.js';
import { VOCABULARY, verdict } from '../support/gate.js';

const today = '2026-11-21';
const old = (text: string) => ({ text, file: parseExpectFile(text, 'x.expect', VOCABULARY) });
const updatedText = (list: Parameters<typeof updated>[0], before: Parameters<typeof updated>[1], how: UpdateOptions) =>
  updated(list, before, how).text;
const verdicts = [
  verdict(3, 'closed-port', '10.0.1.2:40000', '10.0.2.2:80'),
  verdict(5, 'closed-port', '10.0.1.2:40001', '10.0.2.2:80'),
  verdict(9, 'forged-reset', '10.0.1.2:40002', '10.0.2.2:443', { confidence: 'certain' }),
];

describe('--update', () => {
  it('writes counts and servers, and what it writes is met', () => {
    const text = updatedText(verdicts, null, { exact: false, today });
    expect(text.split('\n').slice(1)).toEqual([
      '2        closed-port               likely    * -> 10.0.2.2:80',
      '1        forged-reset              certain   * -> 10.0.2.2:443',
      '',
    ]);
    expect(old(text).file.expectations.map(({ least }) => least)).toEqual([2, 1]);
  });

  it('writes ports and frames when told to be exact', () => {
    expect(updatedText(verdicts.slice(0, 1), null, { exact: true, today })).toContain(
      '1        closed-port               likely    10.0.1.2:40000 -> 10.0.2.2:80  frame 3\n',
    );
  });

  it('writes none where there is none', () => {
    expect(updatedText([], null, { exact: false, today })).toBe('none\n');
    expect(updatedText([], old('# a remark\n1 closed-port'), { exact: false, today })).toBe('# a remark\nnone\n');
  });

  it('keeps what people wrote and still holds', () => {
    const before =
      '# ours\n1+   closed-port    * -> *:80   # known\n5    forged-reset   # NET-1\nany  port-scan until 2027-01-01  # scanner\n';
    expect(updatedText(verdicts, old(before), { exact: false, today })).toBe(
      '# ours\n1+   closed-port    * -> *:80   # known\n1    forged-reset   # NET-1\nany  port-scan until 2027-01-01  # scanner\n',
    );
  });

  it('drops what no longer is, and lines that ended; adds what is new', () => {
    const before = '1 keepalive-race-unread # gone\nany forged-reset until 2026-01-01 # ended\n2 closed-port\n';
    expect(updatedText(verdicts, old(before), { exact: false, today })).toBe(
      '2 closed-port\n1        forged-reset              certain   * -> 10.0.2.2:443\n',
    );
  });

  it('replaces none', () => {
    expect(updatedText(verdicts.slice(2), old('none\n'), { exact: false, today })).toBe(
      '1        forged-reset              certain   * -> 10.0.2.2:443\n',
    );
  });

  it('when exact keeps remarks alone', () => {
    expect(
      updatedText(verdicts.slice(0, 1), old('# ours\n  # too\n1 port-scan # scan\n'), { exact: true, today }),
    ).toBe('# ours\n  # too\n1        closed-port               likely    10.0.1.2:40000 -> 10.0.2.2:80  frame 3\n');
    expect(updatedText([], old('# ours\r\n1 port-scan'), { exact: true, today })).toBe('# ours\nnone\n');
  });

  it('writes what its columns are, where there was no file', () => {
    expect(updatedText(verdicts.slice(2), null, { exact: false, today })).toBe(
      '# count  cause                     at least  client -> server  # why\n1        forged-reset              certain   * -> 10.0.2.2:443\n',
    );
  });

  it.each([
    ['3 closed-port', '2 closed-port'],
    ['1 closed-port', '2 closed-port'],
    ['2 closed-port', '2 closed-port'],
    ['3+ closed-port', '2+ closed-port'],
    ['2+ closed-port', '2+ closed-port'],
    ['1-2 closed-port', '1-2 closed-port'],
    ['3-5 closed-port', '2   closed-port'],
    ['0-1 closed-port', '2   closed-port'],
    ['any closed-port', 'any closed-port'],
  ])('%s becomes %s', (before, after) => {
    expect(updatedText(verdicts.slice(0, 2), old(`${before}\n\n\n`), { exact: false, today })).toBe(`${after}\n`);
  });

  it('writes a scan as one line of its source, also over the lines for each port that earlier versions wrote', () => {
    const scan = [443, 22, 80].map((port, index) =>
      verdict(20 + index, 'port-scan', `10.0.9.9:${50_000 + index}`, `10.0.2.2:${port}`, { confidence: 'certain' }),
    );
    const line = '3        port-scan                 certain   10.0.9.9 -> *';
    const text = updatedText([...scan, ...verdicts], null, { exact: false, today });
    expect(text.split('\n')).toContain(line);
    const ports = [443, 22, 80].map((port) => `1        port-scan                 certain   * -> 10.0.2.2:${port}`);
    const before = `# ours\n${ports.join('\n')}\n`;
    expect(updatedText(scan, old(before), { exact: false, today })).toBe(`# ours\n${line}\n`);
    const meant = `# ours\n3 port-scan * -> 10.0.2.2:* # scanner\n`.replace(':*', '');
    expect(updatedText(scan, old(meant), { exact: false, today })).toBe(meant);
  });

  it('sorts what it adds, by cause, how sure and server', () => {
    const some = [
      verdict(9, 'forged-reset', '10.0.1.2:1', '10.0.2.2:443', { confidence: 'certain' }),
      verdict(3, 'closed-port', '10.0.1.2:2', '10.0.2.10:443'),
      verdict(4, 'closed-port', '10.0.1.2:3', '10.0.2.2:443'),
      verdict(5, 'closed-port', '10.0.1.2:4', '10.0.2.2:80'),
    ];
    const text = updatedText(some, null, { exact: false, today });
    expect(
      text
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(' -> ')[1]),
    ).toEqual(['10.0.2.2:80', '10.0.2.2:443', '10.0.2.10:443', '10.0.2.2:443']);
    expect(updatedText([...some].reverse(), null, { exact: false, today })).toBe(text);
  });

  it('changes nothing the second time', () => {
    const kind = fc.record({
      cause: fc.constantFrom('closed-port', 'port-scan', 'forged-reset'),
      client: fc.constantFrom('10.0.1.2:1', '10.0.1.3:2', '2001:db8::1:3'),
      server: fc.constantFrom('10.0.2.2:80', '10.0.2.2:443', '2001:db8::2:80'),
      confidence: fc.constantFrom('certain', 'likely', 'possible'),
    });
    fc.assert(
      fc.property(fc.array(kind, { maxLength: 12 }), fc.boolean(), (kinds, exact) => {
        const some = kinds.map(({ cause, client, server, confidence }, index) =>
          verdict(index + 1, cause, client, server, { confidence } as Parameters<typeof verdict>[4]),
        );
        const once = updatedText(some, null, { exact, today });
        expect(updatedText(some, old(once), { exact, today })).toBe(once);
      }),
    );
  });

  it('keeps the reasons behind lines, and tells those whose line is gone', () => {
    const before = old('1 closed-port * -> 10.0.2.2:80 # NET-1\n1 port-scan # NET-2\n');
    const exact = updated(verdicts.slice(0, 1), before, { exact: true, today });
    expect(exact.text).toBe(
      '1        closed-port               likely    10.0.1.2:40000 -> 10.0.2.2:80  frame 3  # NET-1\n',
    );
    expect(exact.lost).toEqual(['2: NET-2']);
    expect(updated(verdicts.slice(0, 1), before, { exact: false, today })).toEqual({
      text: '1 closed-port * -> 10.0.2.2:80 # NET-1\n',
      lost: ['2: NET-2'],
    });
  });
});
