/** One finding told in full, or in two lines: the heart of the text report. */

import { placeOfFrame } from '../../capture/borders.js';
import type { CaptureSummary, Diagnosis, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import type { TextContext } from '../options.js';
import { errorsRow } from '../words/errors.js';
import { frameText } from '../words/frame.js';
import { harmOf, isRefusal, lostIn } from '../words/harm.js';
import { printable } from '../words/printable.js';
import { quoted } from '../words/shell.js';
import { count, filled, inferred, listed, parties, sentence, slotted, socket, story } from '../words/wording.js';
import { glyphs, paint } from './style.js';
import { glued, labelled, wrap } from './wrap.js';

export interface FindingContext extends TextContext {
  readonly file: string;
  /** Those of a run of several. */
  readonly files: CaptureSummary['files'] | undefined;
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

/** Verdicts by id, once per report. */
export function byId(diagnosis: Diagnosis): ReadonlyMap<string, Verdict> {
  return new Map(diagnosis.verdicts.map((verdict) => [verdict.id, verdict]));
}

/** Title, how sure, what was lost; then why, doubt, errors, fix, look. */
export function findingBlock(finding: Finding, number: number, context: FindingContext): string[] {
  const { example } = finding;
  const lines = headline(finding, number, context);
  const row = (label: string, text: string) => {
    if (text !== '') lines.push(...rows(label, text, context));
  };
  const proof = example.confidence === 'certain' || example.mechanism.kind === 'third-party';
  row('why', why(finding, proof));
  if (proof) row('proof', mechanism(example));
  row('doubt', proof ? doubt(example) : [seen(example), doubt(example)].filter(Boolean).join(' '));
  row('maybe', maybe(example));
  row('errors', errorsRow(example));
  row('fix', commandWhole(filled(example.cause.fix, example.reset)));
  row('look', look(example, context));
  return lines;
}

/** A note among worse things: the sentence, how sure, and the story in one paragraph. */
export function briefBlock(finding: Finding, number: number, context: FindingContext): string[] {
  const title = `${filled(finding.cause.title, finding.example.reset)}: ${framesOf(finding, context)}`;
  const [head, ...more] = headline(finding, number, context, title);
  const text = `${summary(finding, context)} · ${story(finding.example.evidence, finding.example.reset)}`;
  const titleLines = [head as string, ...more.slice(0, more.length - summaryLines(finding, context).length)];
  return [
    ...titleLines,
    ...wrap(glyphs(context.style, printable(text)), context.style.width - 3).map((line) => `   ${line}`),
  ];
}

/** The sentence, and under it how sure, which cause, what was lost, how many of how many. */
export function headline(finding: Finding, number: number, context: FindingContext, title?: string): string[] {
  const { style } = context;
  const label = `${number}. `;
  const text = title ?? filled(finding.cause.title, finding.example.reset);
  const lines = labelled(label, glyphs(style, printable(text)), style.width, 0, Math.max(3, label.length));
  return [...lines.map((line) => paint(style, 'strong', line)), ...summaryLines(finding, context)];
}

function summaryLines(finding: Finding, context: FindingContext): string[] {
  const { style } = context;
  return wrap(glyphs(style, printable(summary(finding, context))), style.width - 3).map(
    (line) => `   ${paint(style, finding.severity, line)}`,
  );
}

/** `likely · keepalive-race-after-fin · error: 5 bytes lost · 1 of 1 connections to 10.0.2.2:5007` */
function summary(finding: Finding, { verdicts }: FindingContext): string {
  const lost = lostIn(finding, verdicts);
  const harm = lost === null ? finding.severity : `${finding.severity}: ${lost}`;
  return [finding.confidence, finding.cause.id, harm, share(finding)].join(' · ');
}

/** `241 of 78,112 connections to 10.9.8.7:8080` */
export function share(finding: Finding): string {
  const { count: number, connections, where } = finding;
  const noun = harmOf(finding) === 'refused' ? 'attempts' : 'connections';
  // A scan has a source instead of a place.
  if (where.startsWith('from ')) return `${count(number)} ${where}`;
  if (finding.example.role === 'ignored') return `at ${where}`;
  if (connections === null || connections < number) return `${count(number)} at ${where}`;
  return `${count(number)} of ${count(connections)} ${noun} to ${where}`;
}

/** `frames 8, 12`, or the first of very many. */
function framesOf(finding: Finding, { verdicts }: FindingContext): string {
  const frames = finding.resets.flatMap((id) => {
    const reset = verdicts.get(id)?.reset;
    return reset === undefined ? [] : [frameText(reset, reset.rst.frame)];
  });
  const shown = frames.slice(0, 6).join(', ');
  if (finding.count === 1) return `frame ${shown}`;
  const rest = finding.count - Math.min(frames.length, 6);
  return rest === 0 ? `frames ${shown}` : `frames ${shown} and ${count(rest)} more`;
}

function rows(label: string, text: string, { style }: TextContext): string[] {
  const lines = labelled(label, glyphs(style, printableLines(text)), style.width);
  const first = lines[0] ?? '';
  return [`   ${paint(style, 'faint', first.slice(3, 11))}${first.slice(11)}`, ...lines.slice(1)];
}

/** Line breaks of a cause's own prose stay; all other control characters are shown. */
function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** The story by the example; facts that the proof row holds are not told twice. */
function why(finding: Finding, proof: boolean): string {
  const { example } = finding;
  const proven = new Set(proof ? example.mechanism.facts.map(({ text }) => text) : []);
  const told = example.evidence.filter(({ text }) => !proven.has(text));
  if (finding.count === 1) return story(told, example.reset);
  const { client, server } = parties(example.reset);
  return `Told by frame ${frameText(example.reset, example.reset.rst.frame)}, one of ${count(finding.count)} (${socket(client)} → ${socket(server)}). ${story(told, example.reset, true)}`;
}

/** Who wrote the packet, with the facts that say so: the part that is seen, not inferred. */
function mechanism(verdict: Verdict, most = Number.POSITIVE_INFINITY): string {
  const { kind, facts } = verdict.mechanism;
  if (facts.length === 0) return '';
  const { rst, sender } = verdict.reset;
  const who = {
    'live-socket': `the ${sender.role}'s own live socket sent it`,
    'kernel-reply': `the ${sender.role}'s kernel wrote it, without a live socket`,
    'third-party': `RST ${frameText(verdict.reset, rst.frame)}`,
    undecided: 'who sent it is not decided',
  }[kind];
  const clauses = facts
    .slice(0, most)
    .map(({ frame, text }) =>
      frame === null || frame === rst.frame ? text : `${text} (${frameText(verdict.reset, frame)})`,
    );
  return sentence(`${who}: ${clauses.join('; ')}`);
}

/** Beside a doubt the strongest facts are enough; a proof has all of them. */
const SEEN_FACTS = 3;

/** Left out where nothing is in question: a refusal is written by a kernel or by a firewall, and the doubt says so. */
function seen(verdict: Verdict): string {
  const said = verdict.doubt[0]?.startsWith('Seen') ?? false;
  const open = verdict.mechanism.kind === 'undecided';
  const text = said || open || isRefusal(verdict) ? '' : mechanism(verdict, SEEN_FACTS);
  return text === '' ? '' : `Seen: ${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function doubt(verdict: Verdict): string {
  return verdict.doubt.map((clause) => sentence(filled(clause, verdict.reset))).join(' ');
}

/** What else it may be, where the packets do not decide: never an id without its sentence. */
function maybe(verdict: Verdict): string {
  if (verdict.confidence !== 'possible') return '';
  return verdict.alternatives
    .slice(0, 4)
    .map(
      ({ cause, reason }) =>
        `${cause.id}: ${sentence(filled(cause.title, verdict.reset))} ${sentence(inferred(reason))}`,
    )
    .join('\n');
}

function look(verdict: Verdict, { file, files }: FindingContext): string {
  const lines = slotted(verdict.cause.confirm, verdict.reset).split('\n').map(commandWhole);
  const { reset } = verdict;
  const name = frameText(reset, reset.rst.frame);
  if (file !== '-') lines.push(`here: \`whyrst show ${quoted(file)} ${name}\``);
  if (files !== undefined) {
    const place = placeOfFrame(reset.borders, reset.rst.frame);
    lines.push(`${name} is frame ${count(place.frame)} of ${files[place.file - 1]?.file}`);
  }
  return lines.filter((line) => line !== '').join('\n');
}

/** What is to be typed stays on one line, from the name of the tool to the semicolon. */
function commandWhole(line: string): string {
  return line.replace(
    /((?:^|: |, |; )(?:sudo )?)((?:nstat|ss|dmesg|journalctl|conntrack|sysctl|nft|iptables|iptables-save|tcpdump|ip|ethtool|perf|bpftrace|grep|netstat|cat|curl) [^;,\n]+?)(?= or | \(| counts?\b|[;,\n]|$)/g,
    (_, before: string, command: string) => before + glued(command),
  );
}

/** `40,101 port-scan (10.9.8.1:22), 612 unread-close-notify (4 places) · --all shows them` */
export function noiseLine(findings: readonly Finding[], context: TextContext): string[] {
  const kinds = new Map<string, Finding[]>();
  for (const finding of findings) {
    const id = finding.cause.id;
    kinds.set(id, [...(kinds.get(id) ?? []), finding]);
  }
  const parts = [...kinds].map(([id, group]) => {
    const number = group.reduce((sum, finding) => sum + finding.count, 0);
    const where = group.length === 1 ? (group[0] as Finding).where : `${count(group.length)} places`;
    return `${count(number)} ${id} (${where})`;
  });
  const { style } = context;
  const text = `${listed(parts)} · --all shows them`;
  return labelled('noise', glyphs(style, printable(text)), style.width, 0, 7);
}
