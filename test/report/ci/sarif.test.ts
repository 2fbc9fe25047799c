import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { render } from '../../../src/report/render.js';
import type { Diagnosis } from '../../../src/reset/verdicts/diagnosis.js';
import type { Verdict } from '../../../src/reset/vocabulary/verdict.js';
import {
  atNight,
  closedPort,
  forged,
  keepAliveRace,
  makeDiagnosis,
  makeReset,
  makeVerdict,
  noResets,
} from '../../support/diagnosis.js';
import { hostileDiagnosis } from '../../support/hostile.js';

/** The schema of SARIF 2.1.0, as Microsoft's package ships it. Draft 4: Ajv 8 knows no `id`, and nothing in it needs one. */
function makeValidator() {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const schema = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  delete schema['$schema'];
  delete schema['id'];
  return new Ajv({
    strict: false,
    // Its pattern for languages has a stray bracket that only the older syntax takes.
    unicodeRegExp: false,
    allErrors: true,
    formats: { uri: /^[a-z][a-z0-9+.-]*:[^\s"<>\\^`{|}]*$/i, 'uri-reference': /^[^\s"<>\\^`{|}]*$/, 'date-time': true },
  }).compile(schema);
}

const validate = makeValidator();

interface Sarif {
  runs: {
    tool: { driver: { rules: { id: string; help: { markdown: string } }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations: { physicalLocation: { artifactLocation: { uri: string } } }[];
      partialFingerprints: Record<string, string>;
      occurrenceCount: number;
    }[];
  }[];
}

function sarif(diagnosis: Diagnosis): Sarif['runs'][0] {
  return (JSON.parse(render(diagnosis, 'sarif')) as Sarif).runs[0]!;
}

describe('sarif', () => {
  it.each([
    ['a race', keepAliveRace()],
    ['a refusal', closedPort()],
    ['forged ones', forged()],
    ['many', atNight()],
    ['none', noResets()],
    ['hostile ones', hostileDiagnosis()],
  ])('is valid by the schema: %s', (_, diagnosis) => {
    validate(JSON.parse(render(diagnosis, 'sarif')));
    expect(validate.errors ?? []).toEqual([]);
  });

  it('gives one result per finding, located at the capture, with its rule', () => {
    const { tool, results } = sarif(atNight());
    expect(results.map(({ ruleId, level, occurrenceCount }) => [ruleId, level, occurrenceCount])).toEqual([
      ['keepalive-race-unread', 'error', 60],
      ['process-exit', 'error', 3],
      ['port-scan', 'note', 20],
      ['unread-close-notify', 'note', 5],
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
    expect(results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe('prod.pcap');
  });

  it('knows the same trouble again in another recording', () => {
    const print = (diagnosis: Diagnosis) => sarif(diagnosis).results[0]!.partialFingerprints['primaryLocationLineHash'];
    const again = (frame: number, client: Partial<Verdict['reset']['receiver']>, server = {}) => {
      const { cause } = keepAliveRace().verdicts[0]!;
      return makeDiagnosis([
        makeVerdict(makeReset({ frame, time: frame, receiver: client, sender: server }), cause, {}),
      ]);
    };
    const first = print(again(11, { port: 46840 }));
    expect(print(again(99, { port: 51000, address: '10.0.1.77' }))).toBe(first);
    expect(print(again(11, { port: 46840 }, { port: 5008 }))).not.toBe(first);
  });

  it('takes a Windows path, blanks and an absolute path as URIs', () => {
    const uri = (file: string) =>
      sarif({ ...closedPort(), captures: [{ ...closedPort().captures[0]!, file }] }).results[0]!.locations[0]!
        .physicalLocation.artifactLocation.uri;
    expect(uri('./a b\\c#.pcap')).toBe('a%20b/c%23.pcap');
    expect(uri('/tmp/x.pcap')).toBe('file:///tmp/x.pcap');
    expect(uri('-')).toBe('stdin.pcap');
  });

  it('explains in lines, not in one with signs for them', () => {
    for (const { help } of sarif(atNight()).tool.driver.rules) {
      expect(help.markdown).not.toContain('\\n');
      expect(help.markdown.split('\n').length).toBeGreaterThan(3);
    }
  });

  it('holds hostile text as text', () => {
    const { results, tool } = sarif(hostileDiagnosis());
    expect(results[0]!.message.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    expect(results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).not.toMatch(/[\s<>"]/);
    expect(tool.driver.rules[0]!.help.markdown).not.toContain('<script');
  });
});
