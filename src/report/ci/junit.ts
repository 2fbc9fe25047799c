/**
 * JUnit XML, as Jenkins, GitLab and GitHub actions read it: a suite per capture, a case per kind of reset. What is a
 * warning or worse fails; notes and ignored RSTs pass and say what they are.
 */

import type { Diagnosis, Finding } from '../../reset/verdicts/diagnosis.js';
import { perCapture } from '../captures.js';
import type { RenderOptions } from '../options.js';
import { share } from '../text/finding.js';
import { errorsRow } from '../words/errors.js';
import { escapeXml } from '../words/escape.js';
import { frameText } from '../words/frame.js';
import { byHarm, harmOf } from '../words/harm.js';
import { fixOf, lookOf } from '../words/host-terms.js';
import { quoted } from '../words/shell.js';
import { absolute, rfc3339 } from '../words/time.js';
import { filled, sentence, story } from '../words/wording.js';

export interface TestSuite {
  readonly name: string;
  /** Nanoseconds since 1970 of what was tested. */
  readonly time: bigint | null;
  readonly cases: readonly TestCase[];
}

export interface TestCase {
  readonly name: string;
  readonly group: string;
  /** `failed`: not as it should be; `broken`: could not be looked at. */
  readonly outcome: 'passed' | 'failed' | 'broken';
  /** One line. */
  readonly message: string;
  /** For `type`: the cause, or what kind of failure it is. */
  readonly kind: string;
  /** Everything else there is to say, in lines. */
  readonly text: string;
}

export function* junitChunks(diagnosis: Diagnosis, _options: RenderOptions = {}): Generator<string> {
  yield* junitXml(
    perCapture(diagnosis).map((run): TestSuite => {
      const capture = run.captures[0];
      const name = capture?.file ?? '';
      const cases = byHarm(run.findings).map((finding) => findingCase(finding, run, name));
      return { name, time: capture?.first ?? null, cases: cases.length > 0 ? cases : [nothing(name, run)] };
    }),
  );
}

/** A suite without a case would count as "no tests were run". */
function nothing(file: string, { captures: [capture] }: Diagnosis): TestCase {
  const name =
    capture === undefined || capture.segments > 0
      ? 'no connection was reset'
      : capture.records > 0
        ? 'no TCP that can be read'
        : 'no packets';
  return { name, group: file, outcome: 'passed', message: '', kind: '', text: '' };
}

function findingCase(finding: Finding, run: Diagnosis, file: string): TestCase {
  const { example, cause } = finding;
  const moment = absolute(run.captures[0]?.first ?? null, example.reset.rst.time);
  const lines = [
    `${finding.confidence} · ${cause.id} · ${finding.severity}${example.lost === null ? '' : `: ${example.lost}`}`,
    `when: ${moment === null ? 'unknown' : rfc3339(moment)}, frame ${frameText(example.reset, example.reset.rst.frame)}`,
    `why: ${story(example.evidence, example.reset)}`,
    `doubt: ${example.doubt.map((clause) => sentence(filled(clause, example.reset))).join(' ')}`,
    `errors: ${errorsRow(example)}`,
    `fix: ${fixOf(example)}`,
    `look: ${lookOf(cause, example.reset)}`,
    `here: whyrst show ${quoted(file)} ${frameText(example.reset, example.reset.rst.frame)}`,
  ];
  return {
    name: `${cause.id}: ${share(finding)}`,
    group: file,
    outcome: harmOf(finding) === 'noise' ? 'passed' : 'failed',
    message: filled(cause.title, example.reset),
    kind: cause.id,
    text: lines.filter((line) => !/^\w+: $/.test(line)).join('\n'),
  };
}

/** Also what `whyrst check` writes. */
export function* junitXml(suites: readonly TestSuite[]): Generator<string> {
  const all = suites.flatMap(({ cases }) => cases);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="whyrst"${counts(all)}>\n`;
  for (const suite of suites) {
    const stamp = suite.time === null ? '' : ` timestamp="${rfc3339(suite.time).slice(0, 19)}"`;
    yield `  <testsuite name="${escapeXml(suite.name)}"${counts(suite.cases)}${stamp}>\n`;
    for (const one of suite.cases) yield* caseXml(one);
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

function counts(cases: readonly TestCase[]): string {
  const number = (outcome: TestCase['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  return ` tests="${cases.length}" failures="${number('failed')}" errors="${number('broken')}" skipped="0" time="0"`;
}

function* caseXml({ name, group, outcome, message, kind, text }: TestCase): Generator<string> {
  const head = `    <testcase name="${escapeXml(name)}" classname="${escapeXml(group)}" time="0"`;
  const said = [outcome === 'passed' ? message : '', text].filter((part) => part !== '').join('\n');
  if (outcome !== 'passed') {
    const element = outcome === 'failed' ? 'failure' : 'error';
    yield `${head}>\n      <${element} message="${escapeXml(message)}" type="${escapeXml(kind)}">${escapeXml(said)}</${element}>\n    </testcase>\n`;
  } else if (said !== '') {
    yield `${head}>\n      <system-out>${escapeXml(said)}</system-out>\n    </testcase>\n`;
  } else {
    yield `${head}/>\n`;
  }
}
