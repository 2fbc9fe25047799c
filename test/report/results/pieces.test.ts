import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Piece, Pieces, ResultProblem } from '../../../src/report/results/pieces.js';

interface Told {
  /** Objects at the top, put together again. */
  readonly objects: Record<string, unknown>[];
  readonly places: string[];
}

function read(text: string | Uint8Array, chunk = Number.POSITIVE_INFINITY): Told {
  const octets = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const told: Told = { objects: [], places: [] };
  let object: Record<string, unknown> = {};
  const pieces = new Pieces(
    {
      list: (key) => {
        object[key] = [];
      },
      piece: ({ key, index, value }: Piece, { line, octet }) => {
        told.places.push(`${line}:${octet}`);
        if (index === null) object[key] = value;
        else expect((object[key] as unknown[]).push(value)).toBe(index + 1);
      },
      closed: () => {
        told.objects.push(object);
        object = {};
      },
    },
    new Set(['resets', 'captures']),
  );
  // The buffer is used again, as that of a file is.
  const buffer = new Uint8Array(Math.min(chunk, Math.max(1, octets.length)));
  for (let at = 0; at < octets.length; at += buffer.length) {
    const part = octets.subarray(at, at + buffer.length);
    buffer.set(part);
    pieces.push(buffer.subarray(0, part.length));
  }
  pieces.end();
  return told;
}

const document = fc.dictionary(
  fc.oneof(fc.constantFrom('resets', 'captures', 'schema', '__proto'), fc.string()),
  fc.oneof(fc.array(fc.jsonValue()), fc.jsonValue()),
  { maxKeys: 6 },
);

test('what JSON.parse makes of each line, whatever the chunks and the white space', () => {
  fc.assert(
    fc.property(
      fc.array(document, { maxLength: 4 }),
      fc.constantFrom(0, 1, '\t'),
      fc.integer({ min: 1, max: 40 }),
      (documents, space, chunk) => {
        const text = documents.map((one) => JSON.stringify(one, null, space)).join('\n');
        expect(read(text, chunk).objects).toEqual(documents.map((one) => JSON.parse(JSON.stringify(one))));
      },
    ),
  );
});

test('cut at any octet it is a report that is cut off, or what came before is whole', () => {
  const text = '{"schema": 1, "resets": [{"a": "}\\""}, {"b": [1, {"c": "µ"}]}], "omitted": 0}\n{"resets": []}\n';
  const octets = new TextEncoder().encode(text);
  const whole = read(text).objects;
  for (let end = 0; end < octets.length; end++) {
    let told: Told | null = null;
    try {
      told = read(octets.subarray(0, end));
    } catch (error) {
      expect(error).toBeInstanceOf(ResultProblem);
      expect((error as Error).message).toContain(`it ends at octet ${end}`);
    }
    if (told !== null) expect(told.objects).toEqual(whole.slice(0, told.objects.length));
  }
});

test('places are those of the text', () => {
  expect(read('\ufeff\n{\n "a": 1,\n "resets": [\n  2, 3\n ]}').places).toEqual(['3:7', '5:30', '5:33']);
});

describe('what is no JSON', () => {
  test.each([
    ['text', 'no report', 'octet 0: no JSON object but "n"'],
    ['a list', '[]', 'octet 0: no JSON object but "["'],
    ['zeros', '\0\0', 'octet 0: no JSON object but the octet 0'],
    ['a bracket of another kind', '{"a": 1]', '"]" where "}" is due'],
    ['a bracket of another kind in a list', '{"resets": [1}', '"}" where "]" is due'],
    ['a comma too many', '{"resets": [1,]}', 'line 1, octet 14: no JSON'],
    ['a comma too many among members', '{"a": 1,}', 'no JSON'],
    ['something behind a list', '{"resets": [] 5}', 'something behind a list'],
    ['a bare word', '{"a": nul}', 'line 1, octet 1: no JSON'],
    ['an open string', '{"a": "x', 'it ends at octet 8'],
  ])('%s', (_, text, message) => {
    expect(() => read(text)).toThrow(ResultProblem);
    expect(() => read(text)).toThrow(message);
  });
});
