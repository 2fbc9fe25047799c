import { describe, expect, it } from 'vitest';
import { parseExpectFile } from '../../src/gate/expect-file.js';
import { updatedText } from '../../src/gate/update.js';
import { VOCABULARY, verdict } from '../support/gate.js';

const today = '2026-11-21';
const old = (text: string) => ({ text, file: parseExpectFile(text, 'x.expect', VOCABULARY) });
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
});
