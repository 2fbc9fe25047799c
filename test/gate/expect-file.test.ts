import { describe, expect, it } from 'vitest';
import { ExpectError, parseExpectFile } from '../../src/gate/expect-file.js';
import { expectationText, fitOf } from '../../src/gate/expectation.js';
import { VOCABULARY, verdict } from '../support/gate.js';

const parse = (text: string) => parseExpectFile(text, 'x.expect', VOCABULARY);

function errors(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ExpectError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('.expect files', () => {
  it('read as the example in the documentation', () => {
    const { expectations, none } = parse(`# count  cause                  at least  client -> server      why
1        keepalive-race-unread  likely    * -> 10.0.2.2:5001    # NET-412
any      port-scan              until 2027-03-01                # nightly scanner
`);
    expect(none).toBe(null);
    expect(expectations.map(expectationText)).toEqual([
      '1 keepalive-race-unread, at least likely, * -> 10.0.2.2:5001',
      'any port-scan, until 2027-03-01',
    ]);
    expect(expectations.map(({ line, why }) => [line, why])).toEqual([
      [2, 'NET-412'],
      [3, 'nightly scanner'],
    ]);
  });

  it.each([
    ['2 closed-port', 2, 2],
    ['2+ closed-port', 2, Number.POSITIVE_INFINITY],
    ['2-4 closed-port', 2, 4],
    ['any closed-port', 0, Number.POSITIVE_INFINITY],
    ['0 closed-port', 0, 0],
  ])('counts: %s', (text, least, most) => {
    expect(parse(text).expectations[0]).toMatchObject({ least, most });
  });

  it.each([
    ['*', '10.0.2.2:80', true],
    ['10.0.2.2:80', '10.0.2.2:80', true],
    ['10.0.2.2', '10.0.2.2:80', true],
    ['10.0.2.2:81', '10.0.2.2:80', false],
    ['*:80', '10.0.2.2:80', true],
    ['10.0.2.*', '10.0.2.2:80', true],
    ['10.0.*.*:80', '10.0.2.2:80', true],
    ['10.0.0.0/16', '10.0.2.2:80', true],
    ['10.1.0.0/16:80', '10.0.2.2:80', false],
    ['[2001:db8::]:443', '2001:db8::1:443', false],
    ['2001:db8::/32', '2001:db8::1:443', true],
  ])('server %s and %s: %s', (pattern, server, fits) => {
    const [line] = parse(`1 closed-port * -> ${pattern}`).expectations;
    expect(fitOf(line!, verdict(3, 'closed-port', '10.0.1.2:1', server)).ends).toBe(fits);
  });

  it('take the details in any order, with an arrow or without blanks, and the words "at least"', () => {
    const texts = [
      '1 closed-port at least likely frame 3 10.0.1.2 -> *:80 until 2027-01-31',
      '1 closed-port until 2027-01-31 10.0.1.2->*:80 likely frame 3',
      '1\tclosed-port  frame 3  10.0.1.2 → *:80  until 2027-01-31 likely   # why not',
    ];
    for (const text of texts) {
      expect(expectationText(parse(text).expectations[0]!)).toBe(
        '1 closed-port, at least likely, 10.0.1.2 -> *:80, in frame 3, until 2027-01-31',
      );
    }
  });

  it('know a cause by its former id and by a pattern', () => {
    const [former, pattern] = parse('1 keep-alive-race\n1 keepalive-*').expectations;
    const race = verdict(3, 'keepalive-race-unread');
    expect(fitOf(former!, race).cause).toBe(true);
    expect(fitOf(pattern!, race).cause).toBe(true);
    expect(fitOf(former!, verdict(4, 'closed-port')).cause).toBe(false);
  });

  it('say none', () => {
    expect(parse('# nothing\nnone  # for now\n')).toMatchObject({ none: 2, expectations: [] });
  });

  it.each([
    ['x closed-port', 'x.expect:1: "x" is no count: write 2, 2+, 2-4, any, or none alone on a line'],
    ['1', 'x.expect:1: the cause is missing after the count'],
    ['\n1 closed-prt', 'x.expect:2: no cause is called "closed-prt"; did you mean closed-port?'],
    ['1 clo*d', 'x.expect:1: no cause is called "clo*d"'],
    ['4-2 closed-port', 'x.expect:1: "4-2": the second number is less than the first'],
    ['1 closed-port until 2027-02-30', 'x.expect:1: "2027-02-30" is no date: write it like 2027-03-01'],
    ['1 closed-port until', 'x.expect:1: "" is no date: write it like 2027-03-01'],
    ['1 closed-port frame x', 'x.expect:1: after "frame" its number is missing'],
    ['1 closed-port likely certain', 'x.expect:1: the confidence is given twice'],
    ['none\n1 closed-port', 'x.expect:1: "none" allows no reset, yet other lines expect some'],
    ['# only a comment', 'x.expect:1: no expectation: write "none" where no reset is allowed'],
  ])('say what is wrong and where: %j', (text, message) => {
    expect(errors(text)).toEqual([message]);
  });

  it('tell every wrong line, and what may stand there', () => {
    const [address, word] = errors('1 closed-port * -> nowhere\n2 closed-port likly');
    expect(address).toMatch(/^x\.expect:1: "nowhere" is no address: write \*, 10\.0\.2\.2/);
    expect(word).toMatch(/^x\.expect:2: "likly" is not understood; did you mean likely\?; after the cause/);
  });
});
