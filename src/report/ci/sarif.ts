/**
 * SARIF 2.1.0 for code scanning (OASIS, sarif-v2.1.0-os): one result per finding, located at its capture file.
 *
 * One per finding and not per RST, since that is what one would open a ticket for; a scan of ten thousand ports would
 * otherwise push everything else out of what GitHub keeps. Its limits (docs.github.com, "SARIF support for code
 * scanning"): 25,000 results and 25,000 rules per run, 10 tags per rule, 100 locations per result.
 */

import type { Diagnosis, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Cause, Severity } from '../../reset/vocabulary/verdict.js';
import { fileOf, perCapture } from '../captures.js';
import type { RenderOptions } from '../options.js';
import { byId, share } from '../text/finding.js';
import { markdownProse } from '../words/escape.js';
import { frameText } from '../words/frame.js';
import { byHarm, lostIn } from '../words/harm.js';
import { printable } from '../words/printable.js';
import {
  displayFilter,
  evidenceFrames,
  evidenceNames,
  filled,
  parties,
  sentence,
  socket,
  story,
  unfilled,
} from '../words/wording.js';
import { fingerprint, serverOf } from './fingerprint.js';

const RESULTS = 25_000;
/** Frames listed per result: each stands for a location that a viewer might show. */
const FRAMES = 100;

export function* sarifChunks(diagnosis: Diagnosis, _options: RenderOptions = {}): Generator<string> {
  const causes = ruleCauses(diagnosis);
  const index = new Map(causes.map((cause, at) => [cause.id, at]));
  const results = perCapture(diagnosis).flatMap((run) => {
    // Two findings of one cause at one server (for two clients, say) must not be taken for one alert.
    const seen = new Map<string, number>();
    return byHarm(run.findings).map((finding) => result(finding, run, index.get(finding.cause.id) as number, seen));
  });
  const log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'whyrst',
            semanticVersion: diagnosis.version,
            rules: causes.map(rule),
          },
        },
        columnKind: 'utf16CodeUnits',
        artifacts: diagnosis.captures.map(({ file }) => ({ location: { uri: uri(file) } })),
        results: results.slice(0, RESULTS),
        properties: {
          resets: diagnosis.captures.reduce((sum, capture) => sum + capture.resets, 0),
          resultsLeftOut: Math.max(0, results.length - RESULTS),
        },
      },
    ],
  };
  yield `${JSON.stringify(log, null, 2)}\n`;
}

function ruleCauses(diagnosis: Diagnosis): readonly Cause[] {
  const causes = new Map(diagnosis.findings.map(({ cause }) => [cause.id, cause]));
  return [...causes.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function rule(cause: Cause): unknown {
  const text = [
    unfilled(cause.explanation),
    `Fix: ${unfilled(cause.fix)}`,
    `Confirm: ${unfilled(cause.confirm)}`,
    cause.references.length > 0 ? `References: ${cause.references.join('; ')}` : '',
  ].filter((part) => part !== '');
  return {
    id: cause.id,
    name: cause.id.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: oneLine(unfilled(cause.title)) },
    fullDescription: { text: plain(unfilled(cause.explanation)).slice(0, 1000) },
    help: { text: plain(text.join('\n\n')), markdown: text.map(markdownLines).join('\n\n') },
    defaultConfiguration: { level: cause.severity },
    properties: {
      tags: ['tcp', 'connection-reset'],
      'problem.severity': PROBLEM[cause.severity],
    },
  };
}

/** GitHub's words beside SARIF's own. */
const PROBLEM: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'recommendation' };

function result(finding: Finding, run: Diagnosis, ruleIndex: number, seen: Map<string, number>): unknown {
  const { example, cause } = finding;
  const file = fileOf(example, run);
  const print = fingerprint(cause.id, serverOf(example), example.role);
  const nth = (seen.get(print) ?? 0) + 1;
  seen.set(print, nth);
  const verdicts = byId(run);
  const frames = finding.resets.flatMap((id) => {
    const reset = verdicts.get(id)?.reset;
    return reset === undefined
      ? []
      : [reset.borders === undefined ? reset.rst.frame : frameText(reset, reset.rst.frame)];
  });
  const { client, server } = parties(example.reset);
  const lost = lostIn(finding, verdicts);
  const message = [
    sentence(filled(cause.title, example.reset)),
    `${finding.confidence}, ${share(finding)}${lost === null ? '' : `, ${lost}`}.`,
    `Frame ${frameText(example.reset, example.reset.rst.frame)}, ${socket(client)} → ${socket(server)}:`,
    story(example.evidence, example.reset, true),
    ...example.doubt.map((clause) => sentence(filled(clause, example.reset))),
  ].filter((part) => part !== '');
  return {
    ruleId: cause.id,
    ruleIndex,
    level: example.role === 'ignored' ? 'note' : finding.severity,
    message: { text: oneLine(message.join(' ')) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uri(file) }, region: { startLine: 1 } },
        message: { text: `frame ${frameText(example.reset, example.reset.rst.frame)}` },
      },
    ],
    partialFingerprints: {
      // The name under which GitHub looks for it, and ours with its version.
      primaryLocationLineHash: `${print}:${nth}`,
      [`whyrst/v1`]: `${print}:${nth}`,
    },
    occurrenceCount: finding.count,
    properties: {
      confidence: finding.confidence,
      where: printable(finding.where),
      frames: frames.slice(0, FRAMES),
      evidence: (example.reset.borders === undefined ? evidenceFrames(example) : evidenceNames(example)).slice(
        0,
        FRAMES,
      ),
      filter: displayFilter(example),
    },
  };
}

/** A relative reference as it stands in the repository (RFC 3986); `-` was standard input. */
function uri(file: string): string {
  if (file === '-' || file === '') return 'stdin.pcap';
  const path = file.replaceAll('\\', '/').replace(/^\.\//, '');
  const encoded = path
    .split('/')
    .map((part) => encodeURIComponent(printable(part)))
    .join('/');
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}

/** Paragraphs of ours have lines. */
function markdownLines(text: string): string {
  return text.split('\n').map(markdownProse).join('\n');
}

function plain(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function oneLine(text: string): string {
  return printable(text.replace(/\s*\n\s*/g, ' '));
}
