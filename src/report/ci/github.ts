/**
 * What a GitHub Actions job shows of a run: annotations (workflow commands on stdout). The job summary is the Markdown
 * report.
 */

import type { Diagnosis, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Severity } from '../../reset/vocabulary/verdict.js';
import { perCapture } from '../captures.js';
import { share } from '../text/finding.js';
import { frameText } from '../words/frame.js';
import { byHarm } from '../words/harm.js';
import { printable } from '../words/printable.js';
import { quoted } from '../words/shell.js';
import { count, filled, story } from '../words/wording.js';

/** GitHub shows this many of each level per step and drops the rest without a word. */
const SHOWN = 10;

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly file: string;
  /** Of the file, where it has lines: an expectation. */
  readonly line?: number;
  readonly title: string;
  readonly message: string;
}

const LEVELS: Readonly<Record<Severity, Annotation['level']>> = { error: 'error', warning: 'warning', note: 'notice' };

export function findingAnnotations(diagnosis: Diagnosis): Annotation[] {
  return perCapture(diagnosis).flatMap((run) => {
    const file = run.captures[0]?.file ?? '';
    return byHarm(run.findings).map((finding) => annotation(finding, file));
  });
}

function annotation(finding: Finding, file: string): Annotation {
  const { example, cause } = finding;
  return {
    level: example.role === 'ignored' ? 'notice' : LEVELS[finding.severity],
    file,
    title: `${cause.id} (${finding.confidence})`,
    message: [
      `${filled(cause.title, example.reset)}: ${share(finding)}.`,
      story(example.evidence, example.reset),
      `whyrst show ${quoted(file)} ${frameText(example.reset, example.reset.rst.frame)}`,
    ].join('\n'),
  };
}

/** Workflow commands, the worst first; the last of a full level counts those that GitHub would drop. */
export function annotationLines(annotations: readonly Annotation[]): string[] {
  const lines: string[] = [];
  for (const level of ['error', 'warning', 'notice'] as const) {
    const own = annotations.filter((one) => one.level === level);
    const shown = own.length > SHOWN ? own.slice(0, SHOWN - 1) : own;
    for (const one of shown) lines.push(command(one));
    const hidden = own.length - shown.length;
    if (hidden > 0) lines.push(`::${level} title=whyrst::${data(`${count(hidden)} more: see the job summary`)}`);
  }
  return lines;
}

function command({ level, file, line, title, message }: Annotation): string {
  const properties = [`file=${property(file)}`];
  if (line !== undefined) properties.push(`line=${line}`);
  properties.push(`title=${property(title)}`);
  return `::${level} ${properties.join(',')}::${data(message)}`;
}

/** As @actions/core writes it: a line break would end the command and begin whatever the text says. */
function data(text: string): string {
  const safe = text.split('\n').map(printable).join('\n');
  return safe.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
