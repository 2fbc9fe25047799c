/**
 * The catalogue held to its own rules: whatever a cause forgot is said in words, one line per omission. What the
 * sentences read like is tested beside the renderers (test/report/catalogue.test.ts).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { causes } from '../src/causes/index.js';
import { diagnose } from '../src/diagnose.js';
import { explainCause } from '../src/report/text/explain.js';
import { SHAPES } from '../src/reset/types.js';
import type { Cause } from '../src/reset/vocabulary/verdict.js';
import { CAPTURES, captureFiles } from './support/files.js';

const FOLDER = fileURLToPath(new URL('../src/causes/', import.meta.url));
const TESTS = fileURLToPath(new URL('./causes/', import.meta.url));

/** Causes that no recording is named after, and why. */
const WITHOUT_RECORDING: Readonly<Record<string, string>> = {
  'not-from-a-stack':
    'no stack makes it: what programs write is built packet by packet in test/causes/not-from-a-stack.test.ts',
  'wrong-protocol': 'told by the first octets alone: test/causes/wrong-protocol.test.ts has each pair of protocols',
  'stated-reason':
    'every recorded reset that states a reason has a cause of its own; it is met where the rest was not captured',
};

/** Numbers that no option should change. Everything else belongs into limits.ts. */
const FIXED_NUMBERS: Readonly<Record<string, { readonly numbers: readonly number[]; readonly why: string }>> = {
  'blocked-by-policy': { numbers: [3], why: 'how many facts of the mechanism are told' },
  'dpi-injection': {
    numbers: [1460, 4380],
    why: 'the steps of one known filter, published as they are (docs/causes.md, "Other stacks")',
  },
  'mptcp-close': { numbers: [7, 8], why: 'MPTCP subtypes (RFC 8684 §8)' },
  'ssh-refused-before-banner': { numbers: [22], why: "ssh's port (IANA)" },
  'tls-alert': { numbers: [3], why: 'flights of a TLS handshake' },
};

/** Lines, as the formatter lays a file out and its words aside: one that passes this has found a missing fact. */
const LONGEST_FILE = 160;
/** A function that passes this holds several outcomes: each is a function of its own that returns a Match. */
const LONGEST_FUNCTION = 70;

const fileOf = ({ id }: Cause) => join(FOLDER, `${id}.ts`);
const camel = (id: string) => id.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

describe('the list', () => {
  test('holds every cause file, and every cause has a file named by its id', () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && file !== 'index.ts');
    const ids = causes.map(({ id }) => `${id}.ts`);
    expect(files.filter((file) => !ids.includes(file)).map((file) => `${file} is not in index.ts`)).toEqual([]);
    expect(ids.filter((file) => !files.includes(file)).map((file) => `there is no ${file}`)).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('ids that were given up are not given again', () => {
    const taken = causes.flatMap(({ id, formerly }) => [id, ...(formerly ?? [])]);
    expect(taken.filter((id, i) => taken.indexOf(id) !== i)).toEqual([]);
  });

  test('ends with the honest answers, and one of them looks at every shape', () => {
    const first = causes.findIndex(({ fallback }) => fallback);
    expect(causes.slice(first).every(({ fallback }) => fallback)).toBe(true);
    const covered = new Set(causes.slice(first).flatMap(({ shapes }) => shapes));
    expect(SHAPES.filter((shape) => !covered.has(shape))).toEqual([]);
  });

  test('of exceptions in this file names nothing that is gone', () => {
    const ids = new Set(causes.map(({ id }) => id));
    const named = [...Object.keys(WITHOUT_RECORDING), ...Object.keys(FIXED_NUMBERS)];
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
  });
});

describe('nothing is forgotten in', () => {
  const recorded = new Set(captureFiles(CAPTURES).map((path) => basename(path).split('.')[0]));

  test.each(causes.map((cause) => [cause.id, cause] as const))('%s', (id, cause) => {
    const forgotten: string[] = [];
    const insist = (fine: boolean, text: string) => {
      if (!fine) forgotten.push(`${id}: ${text}`);
    };

    insist(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id), 'the id is not kebab-case');
    insist(cause.title.length <= 80, `the title has ${cause.title.length} characters, 80 are allowed`);
    insist(/^[A-Z]/.test(cause.title), 'the title does not begin like a sentence');
    insist(!/[.!?]$/.test(cause.title), 'the title ends with a full stop');
    insist(PAST.test(cause.title), `no past tense in the title "${cause.title}"`);
    const slots = [...cause.title.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name);
    const strange = slots.filter((name) => !['sender', 'receiver', 'client', 'server'].includes(name));
    insist(strange.length === 0, `the title has the slots ${strange.join(', ')}`);
    const counted = cause.counted ?? '';
    insist(/^\{[^{}|]+\|[^{}|]+\} \S/.test(counted), 'counted does not begin with {one|many} of what is counted');
    insist(counted.length <= 120, `counted has ${counted.length} characters, 120 are allowed`);
    const unknown = [...counted.matchAll(/\{([^}|]*)\}/g)].map(([, name = '']) => name);
    insist(
      unknown.every((name) => ['sender', 'receiver', 'client', 'server'].includes(name)),
      `counted has the slots ${unknown.join(', ')}`,
    );
    insist(cause.explanation.trim() !== '', 'the explanation is missing');
    insist(cause.explanation.split('\n').length <= 12, 'the explanation has more than 12 lines');
    insist(cause.fix.trim() !== '', 'the fix is missing');
    insist(cause.confirm.trim() !== '', 'what confirms it on the host is missing');
    insist(cause.references.length > 0, 'references are missing');
    const unnamed = cause.references.filter((one) => !/^\S.*\S$/.test(one));
    insist(unnamed.length === 0, 'a reference names nothing');
    insist(/^\d+\.\d+\.\d+$/.test(cause.since), `since is "${cause.since}", no version`);
    insist(['note', 'warning', 'error'].includes(cause.severity), `the severity is "${cause.severity}"`);
    insist(cause.shapes.length > 0, 'it looks at no shape');
    insist(
      cause.shapes.every((shape) => SHAPES.includes(shape)),
      'it looks at a shape that does not exist',
    );
    insist(new Set(cause.shapes).size === cause.shapes.length, 'a shape is named twice');
    insist(new Set(cause.needs).size === cause.needs.length, 'a need is named twice');
    insist(!cause.fallback || cause.needs.length === 0, 'an honest answer must not need anything');
    insist(Object.isFrozen(cause), 'it was not made by defineCause');
    const explained = explainCause(cause);
    insist(explained.startsWith(`${id}\n`) && explained.includes('fix'), 'explain does not tell it');
    insist(
      recorded.has(id) || id in WITHOUT_RECORDING || existsSync(join(TESTS, `${id}.test.ts`)),
      `there is neither test/causes/${id}.test.ts nor captures/${id}.pcap, and no reason for that in test/catalogue.test.ts`,
    );
    insist(
      !(recorded.has(id) && id in WITHOUT_RECORDING),
      'it is recorded now: take the excuse out of test/catalogue.test.ts',
    );

    insist(existsSync(fileOf(cause)), 'it has no file of its own');
    if (existsSync(fileOf(cause))) for (const text of inSource(cause)) forgotten.push(`${id}: ${text}`);
    expect(forgotten).toEqual([]);
  });
});

describe('every cause has a listing that gives it', () => {
  /** The verdicts that rule tests ask for, as `gives: 'closed-port likely'` of test/support/listing.ts. */
  const given = new Set(
    readdirSync(TESTS)
      .filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => [...readFileSync(join(TESTS, file), 'utf8').matchAll(/\bgives: '([a-z0-9-]+)[ ']/g)])
      .map(([, id]) => id),
  );

  test.each(causes.map(({ id }) => id))('%s', (id) => {
    expect(given.has(id), `no test in test/causes has gives: '${id} …' (CONTRIBUTING.md, "Add a cause")`).toBe(true);
  });
});

/** Verbs in the past tense that do not end in -ed. */
const PAST =
  /\b(\w{2,}ed|was|were|had|did|came|went|sent|gave|took|cut|left|met|ran|knew|began|lost|made|kept|shut|broke|found|told|became|stood|spoke|forgot)\b|\bbelongs\b.*\bdoes not know\b|^A port scan: .*\btried\b|^A device rewrites|^The RST itself says/;

/** What the source of a cause says that the value does not show. */
function inSource(cause: Cause): string[] {
  const text = readFileSync(fileOf(cause), 'utf8');
  const source = ts.createSourceFile(fileOf(cause), text, ts.ScriptTarget.ES2022, true);
  const found: string[] = [];
  const words = [...cause.explanation.split('\n'), cause.counted];
  const lines = text.trimEnd().split('\n').length - words.length;
  if (lines > LONGEST_FILE) found.push(`its file has ${lines} lines: a fact is missing in Reset or context`);
  if (!new RegExp(`\\*/\\nexport const ${camel(cause.id)} = defineCause\\(`).test(text)) {
    found.push(`no doc comment directly before "export const ${camel(cause.id)} = defineCause("`);
  }
  const allowed = FIXED_NUMBERS[cause.id]?.numbers ?? [];
  const used = new Set<number>();
  const walk = (node: ts.Node): void => {
    // A table by number is a protocol's.
    const isName =
      ts.isPropertyAssignment(node.parent ?? source) && (node.parent as ts.PropertyAssignment).name === node;
    if (ts.isNumericLiteral(node) && !isName && Number(node.text) > 2) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      used.add(Number(node.text));
      if (!allowed.includes(Number(node.text)))
        found.push(`line ${line + 1} holds the bare number ${node.text}: name it in limits.ts`);
    }
    if (ts.isFunctionLike(node)) {
      const [first, last] = [node.getStart(), node.getEnd()].map((at) => source.getLineAndCharacterOfPosition(at).line);
      const length = (last ?? 0) - (first ?? 0) + 1;
      if (length > LONGEST_FUNCTION)
        found.push(`the function in line ${(first ?? 0) + 1} has ${length} lines: give each of its outcomes a name`);
    }
    ts.forEachChild(node, walk);
  };
  ts.forEachChild(source, walk);
  const stale = allowed.filter((number) => !used.has(number));
  if (stale.length > 0) found.push(`it does not hold ${stale.join(', ')} any more: take that off the list`);
  return found;
}

test('whoever is not certain says what is doubtful, and whoever is shows proof', { timeout: 0 }, async () => {
  const lacking = new Set<string>();
  for (const path of captureFiles(CAPTURES)) {
    const { verdicts } = await diagnose(readFileSync(path), { file: basename(path) });
    for (const { id, cause, confidence, doubt, evidence } of verdicts) {
      const where = `${basename(path)} #${id}: ${cause.id}, ${confidence},`;
      if (confidence !== 'certain' && doubt.length === 0) lacking.add(`${where} has no doubt`);
      if (evidence.length === 0) lacking.add(`${where} has no evidence`);
      if (!evidence.some(({ frame }) => frame !== null)) lacking.add(`${where} names no frame`);
      for (const { text } of evidence) {
        if (/[.!]$|undefined|NaN|\bnull\b|\[object/.test(text)) lacking.add(`${where} says "${text}"`);
      }
      for (const text of doubt) {
        if (!/[.?!)]$/.test(text) || /undefined|NaN|\bnull\b|\[object/.test(text))
          lacking.add(`${where} doubts "${text}"`);
      }
    }
  }
  expect([...lacking]).toEqual([]);
});
