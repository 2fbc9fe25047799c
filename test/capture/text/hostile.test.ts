/** Text made to break the reader: bounded memory, linear time, every failure in one line. */
import { describe, expect, test } from 'vitest';
import { CaptureError } from '../../../src/capture/types.js';
import { diagnose } from '../../../src/diagnose.js';
import { render } from '../../../src/report/render.js';

const PACKET = '08:00:00.0 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 5, win 9, length 0\n';
const octets = (text: string) => new TextEncoder().encode(text);

/** `count` times the same octets, without ever having them all. */
function* repeated(chunk: Uint8Array, count: number): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) yield chunk;
}

describe('a line without an end', () => {
  test.each([
    ['of spaces', ' '],
    ['of quote marks', '> '],
    ['of arrows', 'a > b: '],
    ['of digits', '1234567890'],
    ['of times', '08:00:00.0 '],
    ['of brackets', '08:00:00.0 IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], options [nop,'],
    ['of quotes', '"","'],
  ])('%s', async (_, unit) => {
    const before = process.memoryUsage().arrayBuffers;
    const chunk = octets(unit.repeat(Math.ceil(1e6 / unit.length)));
    const input = function* () {
      yield* repeated(chunk, 64);
      yield octets(`\n${PACKET}`);
    };
    const { captures } = await diagnose(input());
    expect(captures[0]?.segments).toBe(1);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48e6); // of 64; tables of a run are not collected at once
  });
});

test('lines that go on for ever are no packet', async () => {
  const endless = `08:00:00.0 IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 5\n${'x\n'.repeat(100_000)}`;
  const { captures } = await diagnose(octets(endless + PACKET));
  expect(captures[0]?.warnings.map(({ code, count }) => [code, count])).toEqual([['text-line', 1]]);
});

test('many connections do not fill the memory', async () => {
  const input = function* () {
    for (let i = 0; i < 100; i++) {
      let text = '';
      for (let n = 0; n < 1000; n++) {
        const port = (i * 1000 + n) % 60_000;
        text += `08:00:00.0 IP 10.${i % 250}.${n % 250}.1.${port + 1} > 10.0.0.2.80: Flags [.], ack 4000000000, win 9, length 0\n`;
      }
      yield octets(text);
    }
  };
  const { captures } = await diagnose(input());
  expect(captures[0]?.segments).toBe(100_000);
});

test('NULs and escape sequences of a terminal reach no report', async () => {
  const evil = `what I typed here\n\x1b]0;owned\x07\0\0\n08:00:00.0 IP a\x1b[31mb.80 > c.40000: Flags [R.], seq 1, ack 1, win 0, length 0\n`;
  const { captures } = await diagnose(octets(evil + PACKET));
  expect(captures[0]?.warnings.map(({ code }) => code)).toEqual(['text-line']);
  const text = render(await diagnose(octets(evil + PACKET)), 'text');
  expect(text).not.toMatch(/[\x00\x1b\x07]/);
});

test('the refusal is one printable line', async () => {
  const error = await diagnose(octets('\x1b[2J hello\nworld\n')).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CaptureError);
  expect((error as CaptureError).message).toMatch(/^not a packet capture: it starts with the text "\\u001b\[2J hello"/);
});

test('UTF-16, as PowerShell writes it', async () => {
  const row = '1 0.000000 10.0.0.1 → 10.0.0.2 TCP 54 80 → 40000 [RST, ACK] Seq=1 Ack=1 Win=0 Len=0\r\n';
  const wide = Uint8Array.from([0xff, 0xfe, ...[...row].flatMap((c) => [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8])]);
  for (const size of [1, 7, wide.length]) {
    const chunks = function* () {
      for (let at = 0; at < wide.length; at += size) yield wide.slice(at, at + size);
    };
    const { captures } = await diagnose(chunks());
    expect([captures[0]?.format, captures[0]?.resets]).toEqual(['tshark-text', 1]);
  }
});

test('any chunking reads the same', async () => {
  const text = octets(
    `prose\n${PACKET}08:00:00.1 IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [R.], seq 0, ack 6, win 0, length 0`,
  );
  const whole = render(await diagnose(text), 'json');
  for (const size of [1, 3, 17]) {
    const chunks = function* () {
      for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
    };
    expect(render(await diagnose(chunks()), 'json')).toBe(whole);
  }
});
