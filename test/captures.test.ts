/**
 * Captures are the truth. The name of a capture asserts its first reset's cause, the golden beside it holds
 * all verdicts as they were read against the packets, and the truth file says what the kernel and the programs said.
 *
 * `npm run golden` writes the goldens anew; read the difference against the packets before it is committed. The name
 * and the truth file hold whatever the golden says.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { causes } from '../src/causes/index.js';
import { diagnose } from '../src/diagnose.js';
import type { Diagnosis } from '../src/reset/verdicts/diagnosis.js';
import type { Verdict } from '../src/reset/vocabulary/verdict.js';
import {
  type ApplicationScore,
  applicationScores,
  connectionOf,
  isAbout,
  type ReasonScore,
  readTruths,
  reasonScores,
  scoreOf,
  type Truth,
} from './accuracy/truth.mjs';
import { CAPTURES, captureFiles } from './support/files.js';
import { golden } from './support/golden.js';

const WRITE = process.env['WHYRST_GOLDEN'] === 'write';
const stemOf = (path: string) => basename(path).replace(/\.(pcapng|pcap)$/, '');
const claimOf = (stem: string) => stem.split('.')[0] ?? '';
const files = captureFiles(CAPTURES).map((path) => [stemOf(path), path] as const);
const read = (path: string): Promise<Diagnosis> => diagnose(readFileSync(path), { file: basename(path) });

/** The first reset of a death; where nothing died, the first that took no effect. */
function firstOf({ verdicts }: Diagnosis): Verdict | undefined {
  return verdicts.find(({ role }) => role === 'first') ?? verdicts.find(({ role }) => role === 'ignored');
}

describe('the name asserts the cause', () => {
  const ids = new Set(causes.map(({ id }) => id));

  test.each(files)('%s', async (stem, path) => {
    const diagnosis = await read(path);
    const claim = claimOf(stem);
    if (claim === 'no-reset') {
      expect(diagnosis.captures[0]?.resets).toBe(0);
      expect(diagnosis.verdicts).toEqual([]);
      return;
    }
    expect(ids, 'a capture is named after a cause, or no-reset').toContain(claim);
    expect(firstOf(diagnosis)?.cause.id).toBe(claim);
    if (claim === 'rst-ignored') expect(diagnosis.verdicts[0]?.role).toBe('ignored');
  });
});

describe('the golden holds all verdicts', () => {
  test.each(files)('%s', async (stem, path) => {
    const text = golden(await read(path));
    const file = join(CAPTURES, `${stem}.json`);
    if (WRITE) writeFileSync(file, text);
    expect(existsSync(file), `no golden ${stem}.json: npm run golden, then read it against the packets`).toBe(true);
    expect(text).toBe(readFileSync(file, 'utf8'));
  });

  test('and none is left over', () => {
    const stems = new Set(files.map(([stem]) => stem));
    const goldens = readdirSync(CAPTURES).filter((file) => file.endsWith('.json') && !file.endsWith('.truth.json'));
    const over = goldens.filter((file) => !stems.has(file.slice(0, -'.json'.length)));
    if (WRITE) for (const file of over) rmSync(join(CAPTURES, file));
    expect(over.filter((file) => existsSync(join(CAPTURES, file)))).toEqual([]);
  });
});

const truths = readTruths(CAPTURES);
const vantages = truths.flatMap((truth) =>
  Object.entries(truth.vantages).map(([vantage, file]) => [truth.name, vantage, truth, file] as const),
);

test('every capture has a truth file, every truth file its captures', () => {
  expect(files.map(([stem]) => stem).sort()).toEqual(truths.map(({ name }) => name).sort());
  expect(vantages.filter(([, , , file]) => !existsSync(join(CAPTURES, file))).map(([, , , file]) => file)).toEqual([]);
});

/** `ss -K` sets an error on the socket that it kills; in the packets it is an abort like any other. */
const KILLED_FROM_OUTSIDE = new Set(['abortive-close.ss-kill', 'unexplained-abort']);

describe.each(vantages)('the truth of %s at the %s', (name, vantage, truth, file) => {
  test('nothing is wrong, nothing is missed', async () => {
    const diagnosis = await read(join(CAPTURES, file));
    expect(wrongVerdicts(truth, vantage, diagnosis)).toEqual([]);
    expect(missedConnections(truth, vantage, diagnosis)).toEqual([]);
  });

  test('no verdict contradicts the kernel', async () => {
    const { verdicts, captures } = await read(join(CAPTURES, file));
    const scores = reasonScores(truth, vantage, verdicts, captures[0]?.first ?? 0n);
    expect(scores.filter(({ score }) => score === 'wrong').map(reasonText)).toEqual([]);
  });

  test('the programs saw what was predicted', async () => {
    const { verdicts } = await read(join(CAPTURES, file));
    const scores = applicationScores(truth, vantage, verdicts).filter(
      ({ observed }) => observed || !KILLED_FROM_OUTSIDE.has(name),
    );
    expect(scores.filter(({ score }) => score === 'wrong').map(applicationText)).toEqual([]);
  });
});

function wrongVerdicts(truth: Truth, vantage: string, { verdicts }: Diagnosis): string[] {
  return verdicts.flatMap(({ id, role, reset, cause, confidence, mechanism }) => {
    if (role === 'aftershock') return [];
    const connection = connectionOf(truth, reset)?.connection ?? null;
    if (connection?.notAt?.includes(vantage)) return [];
    const is = `#${id} is ${connection?.cause ?? 'of no connection that was reset'}`;
    if (scoreOf(connection, cause) === 'wrong') return [`${is}, not ${cause.id} (${confidence})`];
    if (mechanism.kind !== 'undecided' && connection?.mechanism !== mechanism.kind) {
      return [`${is} by ${connection?.mechanism}, not ${mechanism.kind} (${mechanism.confidence})`];
    }
    return [];
  });
}

function missedConnections(truth: Truth, vantage: string, { verdicts }: Diagnosis): string[] {
  return truth.connections
    .filter(({ cause, notAt }) => cause !== null && !notAt?.includes(vantage))
    .filter((one) => !verdicts.some(({ role, reset }) => role !== 'aftershock' && isAbout(one, reset)))
    .map(({ client, server, cause }) => `no verdict for ${client} → ${server} (${cause})`);
}

function reasonText({ id, role, cause, kernel, predicted }: ReasonScore): string {
  return `#${id} (${cause}, ${role}): the kernel says ${kernel}, predicted was ${predicted.join(' or ')}`;
}

function applicationText({ id, side, seen, predicted }: ApplicationScore): string {
  return `#${id}: the ${side} saw ${seen}, predicted was ${predicted?.eofFirst ? 'EOF, ' : ''}${predicted?.error}`;
}
