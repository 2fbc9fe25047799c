/** From the octets to every format: a capture in which everything that can hold text holds the worst of it. */

import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnose.js';
import { frameComments } from '../../src/report/comments.js';
import { formatNames } from '../../src/report/formats.js';
import { render } from '../../src/report/render.js';
import { annotated } from '../../src/write/annotate.js';
import { chunked, concat, pcapng, pcapngBlock, readAll } from '../support/captures.js';
import { HOSTILE } from '../support/hostile.js';
import { octets, tcpPacket } from '../support/packets.js';

const little = (value: number, width: number) =>
  Uint8Array.from({ length: width }, (_, index) => (value >>> (8 * index)) & 255);
const text = (words: string) => new TextEncoder().encode(words);
const padded = (data: Uint8Array) => concat([data, new Uint8Array((4 - (data.length % 4)) % 4)]);
const option = (code: number, words: string) =>
  concat([little(code, 2), little(text(words).length, 2), padded(text(words))]);
const options = (...list: readonly Uint8Array[]) => concat([...list, little(0, 4)]);

/** Comments on the section, names and filters of interfaces, names of hosts, a request and an RST that speaks. */
function hostileCapture(): Uint8Array {
  const client = { source: '10.0.0.1', destination: '10.0.0.2', sourcePort: 40_000, destinationPort: 80 };
  const server = { source: '10.0.0.2', destination: '10.0.0.1', sourcePort: 80, destinationPort: 40_000 };
  const request = `GET /${HOSTILE} HTTP/1.1\r\nHost: ${HOSTILE}\r\n\r\n`.replaceAll('\ud800', '');
  const packets = [
    tcpPacket({ ...client, seq: 1000, flags: 'S' }),
    tcpPacket({ ...server, seq: 5000, ack: 1001, flags: 'SA' }),
    tcpPacket({ ...client, seq: 1001, ack: 5001, flags: 'A' }),
    tcpPacket({ ...client, seq: 1001, ack: 5001, flags: 'PA', payload: request }),
    tcpPacket({ ...server, ttl: 33, seq: 5001, ack: 1001 + text(request).length, flags: 'RA', payload: HOSTILE }),
  ];
  const file = pcapng(packets);
  const sectionLength = new DataView(file.buffer).getUint32(4, true);
  const section = pcapngBlock(
    0x0a0d0d0a,
    concat([file.subarray(8, sectionLength - 4), options(option(1, HOSTILE), option(4, HOSTILE))]),
  );
  const names = pcapngBlock(
    4,
    concat([
      little(1, 2),
      little(4 + text(HOSTILE).length + 1, 2),
      padded(octets(10, 0, 0, 2, HOSTILE, 0)),
      little(0, 4),
    ]),
  );
  const second = pcapngBlock(
    1,
    concat([little(1, 2), little(0, 2), little(0, 4), options(option(2, HOSTILE), option(3, HOSTILE))]),
  );
  return concat([section, names, second, file.subarray(sectionLength)]);
}

describe('a capture full of escapes, markup and formulas', () => {
  it('is read and judged', async () => {
    const { verdicts, captures } = await diagnose(hostileCapture());
    expect(captures[0]!.warnings).toEqual([]);
    expect(verdicts).toHaveLength(1);
  });

  it.each(formatNames)('comes out clean: %s', async (format) => {
    const diagnosis = await diagnose(hostileCapture(), { file: `${HOSTILE}.pcapng` });
    const output = render(diagnosis, format, { all: true, verbose: true });
    expect(output.replaceAll('\r\n', '').replaceAll('\n', '')).not.toMatch(
      /[\u0000-\u001f\u007f-\u009f\u202e\u2066\ufeff]|\p{Cs}/u,
    );
    if (format === 'html') expect(output.match(/<script/g)).toHaveLength(2);
  });

  it('is annotated with comments that show it, not act on it', async () => {
    const file = hostileCapture();
    const comments = frameComments(await diagnose(file));
    for (const list of comments.values()) for (const comment of list) expect(comment).not.toMatch(/\p{Cc}/u);
    const parts: Uint8Array[] = [];
    for await (const part of annotated(chunked(file, 50), comments, 'test')) parts.push(part);
    expect(readAll(concat(parts)).records).toEqual(readAll(file).records);
  });
});
