/** One finding told in full, or in two lines: the heart of the text report. */

import { placeOfFrame } from '../../capture/borders.js';
import type { EndpointFacts } from '../../reset/types.js';
import type { CaptureSummary, Diagnosis, Finding } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import type { TextContext } from '../options.js';
import { errorsRow } from '../words/errors.js';
import { frameText } from '../words/frame.js';
import { harmOf, isRefusal, lostBy } from '../words/harm.js';
import { fixOf, lookOf } from '../words/host-terms.js';
import { printable } from '../words/printable.js';
import { quoted } from '../words/shell.js';
import { framed, type Place, type Story } from '../words/stories.js';
import { absolute, clockMilliseconds, span } from '../words/time.js';
import {
  count,
  counted,
  filled,
  inferred,
  listed,
  parties,
  sentence,
  socket,
  someOf,
  story,
} from '../words/wording.js';
import { glyphs, paint } from './style.js';
import { glued, labelled, wrap } from './wrap.js';

export interface FindingContext extends TextContext {
  readonly file: string;
  readonly capture: CaptureSummary;
}

/** Verdicts by id, once per report. */
export function byId(diagnosis: Diagnosis): ReadonlyMap<string, Verdict> {
  return new Map(diagnosis.verdicts.map((verdict) => [verdict.id, verdict]));
}

/** Title, how sure, what was lost; then where, when, why, doubt, errors, fix, look. */
export function findingBlock(finding: Story, number: number, context: FindingContext): string[] {
  const { example } = finding;
  const lines = headline(finding, number, context);
  const row = (label: string, text: string) => {
    if (text !== '') lines.push(...rows(label, text, context));
  };
  const proof = proves(example);
  row('in', capturesOf(finding));
  row('where', whereOf(finding.places));
  row('when', whenOf(finding, context));
  row('why', why(finding, proof));
  if (proof) row('proof', mechanism(example));
  row('doubt', [...(proof ? [] : [seen(example)]), doubt(example), others(finding)].filter(Boolean).join(' '));
  row('maybe', maybe(example));
  row('errors', errorsRow(example));
  row('fix', commandWhole(fixOf(example)));
  row('look', look(example, context));
  return lines;
}

/** A note among worse things: the sentence, how sure, and the story in one paragraph. */
export function briefBlock(finding: Story, number: number, context: FindingContext): string[] {
  const title = `${finding.title}: ${framesOf(finding)}`;
  const [head, ...more] = headline(finding, number, context, title);
  const text = `${summary(finding)} · ${story(finding.example.evidence, finding.example.reset)}`;
  const titleLines = [head as string, ...more.slice(0, more.length - summaryLines(finding, context).length)];
  return [
    ...titleLines,
    ...wrap(glyphs(context.style, printable(text)), context.style.width - 3).map((line) => `   ${line}`),
  ];
}

/** The sentence, and under it how sure, which cause, what was lost, how many of how many. */
export function headline(finding: Story, number: number, context: TextContext, title?: string): string[] {
  const { style } = context;
  const label = `${number}. `;
  const text = title ?? finding.title;
  const lines = labelled(label, glyphs(style, printable(text)), style.width, 0, Math.max(3, label.length));
  return [...lines.map((line) => paint(style, 'strong', line)), ...summaryLines(finding, context)];
}

function summaryLines(finding: Story, { style }: TextContext): string[] {
  return wrap(glyphs(style, printable(summary(finding))), style.width - 3).map(
    (line) => `   ${paint(style, finding.severity, line)}`,
  );
}

/** `likely · keepalive-race-after-fin · error: 5 bytes lost · 1 of 1 connections to 10.0.2.2:5007` */
export function summary(finding: Story): string {
  return [sureness(finding), finding.cause.id, harmText(finding), shareOf(finding)].join(' · ');
}

/** `likely`, or `3 certain, 22 likely` where they differ: no one stands for all. */
export function sureness({ confidences }: Story): string {
  const [first] = confidences;
  if (confidences.length === 1 && first !== undefined) return first[0];
  return confidences.map(([confidence, number]) => `${count(number)} ${confidence}`).join(', ');
}

/** `error: 5 bytes lost` */
export function harmText(finding: Story): string {
  const { severity, example, verdicts, count: number } = finding;
  const lost = lostBy(example, verdicts, number, framed(finding, example));
  return lost === null ? severity : `${severity}: ${lost}`;
}

/** `241 of 78,112 connections to 10.9.8.7:8080` */
export function share(finding: Finding): string {
  const noun = harmOf(finding) === 'refused' ? 'attempts' : 'connections';
  return shareText({ ...finding, noun, ignored: finding.example.role === 'ignored' });
}

/** The same of all its places: `9 of 14 connections to 7 servers`. */
export function shareOf({ count: number, connections, harm, example, places }: Story): string {
  return shareText({
    count: number,
    connections,
    where: placesText(places),
    noun: harm === 'refused' ? 'attempts' : 'connections',
    ignored: example.role === 'ignored',
  });
}

interface Share {
  readonly count: number;
  readonly connections: number | null;
  readonly where: string;
  readonly noun: string;
  readonly ignored: boolean;
}

function shareText({ count: number, connections, where, noun, ignored }: Share): string {
  // A scan has a source instead of a place.
  if (where.startsWith('from ')) return `${count(number)} ${where}`;
  if (ignored && number === 1) return `at ${where}`;
  if (ignored || connections === null || connections < number) return `${count(number)} at ${where}`;
  return `${count(number)} of ${count(connections)} ${noun} to ${where}`;
}

/** `10.0.2.2:5001`, `7 servers`, `from 3 addresses` */
export function placesText(places: readonly Place[]): string {
  const [place] = places;
  if (places.length === 1 && place !== undefined) return place.where;
  return place?.where.startsWith('from ')
    ? `from ${count(places.length)} addresses`
    : `${count(places.length)} servers`;
}

/** Places named; the worst stand first. */
const NAMED = 5;

/** `10.0.2.2:5001 (12 of 40), 10.0.2.3:5001 (5 of 9) and 95 more`; empty for one place, which the head names. */
export function whereOf(places: readonly Place[]): string {
  if (places.length < 2) return '';
  const named = places.slice(0, NAMED).map(({ where, count: number, connections }) => {
    const of = connections === null || connections < number ? '' : ` of ${count(connections)}`;
    return glued(`${where.replace(/^from /, '')} (${count(number)}${of})`);
  });
  return someOf(named, places.length);
}

/** `12 of 240 captures: a.pcap (30), b.pcap (9) and 10 more`; empty where the report is of one capture. */
export function capturesOf({ several, count: number }: Story): string {
  if (several === undefined) return '';
  const { captures, names, all } = several;
  const [only] = captures;
  const name = (capture: CaptureSummary) => names.get(capture) ?? capture.file;
  if (captures.length === 1 && only !== undefined) return glued(name(only.capture));
  const named = captures.slice(0, NAMED).map(({ capture, count: own }) => glued(`${name(capture)} (${count(own)})`));
  const text = someOf(named, captures.length);
  return captures.length === number && number > NAMED
    ? `${count(captures.length)} of ${counted(all.length, 'capture')}, once each: ${text.replaceAll(glued(' (1)'), '')}`
    : `${count(captures.length)} of ${counted(all.length, 'capture')}: ${text}`;
}

/** `02:41:18 to 02:42:17 UTC`; empty for one, whose row says it. */
export function whenOf(
  { count: number, first, last, several }: Story,
  { capture, clock }: Pick<FindingContext, 'capture' | 'clock'>,
): string {
  if (number < 2) return '';
  const { from, to } = several ?? { from: absolute(capture.first, first.time), to: absolute(capture.first, last.time) };
  if (from === null || to === null) return '';
  const start = clock.at(from);
  const end = clock.at(to);
  const stamp = `${start.date} ${clockMilliseconds(clock, from)}`;
  if (to === from) return `${stamp} ${clock.zone}`;
  if (to - from < 1_000_000_000n) return `${stamp} ${clock.zone}, all within ${glued(span(Number(to - from)))}`;
  const until = start.date === end.date ? end.clock : `${end.date} ${end.clock}`;
  return `${start.date} ${start.clock} to ${until} ${clock.zone} (${glued(span(Number(to - from)))})`;
}

/** `frames 8, 12`, or the first of very many. */
function framesOf({ verdicts, count: number }: Story): string {
  const frames = verdicts.slice(0, 6).map(({ reset }) => frameText(reset, reset.rst.frame));
  const shown = frames.join(', ');
  if (number === 1) return `frame ${shown}`;
  const rest = number - frames.length;
  return rest === 0 ? `frames ${shown}` : `frames ${shown} and ${count(rest)} more`;
}

/** Sure enough that what shows who wrote the packet is a proof, and not only what was seen. */
export function proves({ confidence, mechanism }: Verdict): boolean {
  return confidence === 'certain' || mechanism.kind === 'third-party';
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
export function why(finding: Story, proof: boolean): string {
  const { example } = finding;
  const proven = new Set(proof ? example.mechanism.facts.map(({ text }) => text) : []);
  const told = example.evidence.filter(({ text }) => !proven.has(text));
  if (finding.count === 1) return story(told, example.reset);
  const { client, server } = parties(example.reset);
  return `Told by ${framed(finding, example)}, one of ${count(finding.count)} (${pair(client, server)}). ${story(told, example.reset, true)}`;
}

/** Columns of two IPv4 endpoints; two of IPv6 may be wider than a line. */
const PAIR = 45;

/** `10.0.1.2:40000 → 10.0.2.2:5001` on one line, to be copied, where it fits. */
function pair(client: EndpointFacts, server: EndpointFacts): string {
  const text = `${socket(client)} → ${socket(server)}`;
  return text.length > PAIR ? text : glued(text);
}

/** Who wrote the packet, with the facts that say so: the part that is seen, not inferred. */
export function mechanism(verdict: Verdict, most = Number.POSITIVE_INFINITY): string {
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

/** The example is the surest; of the others one that is less sure is named, for its own doubt. */
export function others(finding: Story): string {
  const { confidences, verdicts } = finding;
  const [least] = confidences.at(-1) ?? [];
  if (confidences.length < 2) return '';
  const unsure = verdicts.find(({ confidence }) => confidence === least);
  const said = confidences
    .slice(1)
    .map(([confidence, number]) => `${count(number)} ${number === 1 ? 'is' : 'are'} only ${confidence}`);
  return `Of the others ${listed(said)}${unsure === undefined ? '' : `: see ${framed(finding, unsure)}`}.`;
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

function look(verdict: Verdict, { file, capture: { files } }: FindingContext): string {
  const lines = lookOf(verdict.cause, verdict.reset).split('\n').map(commandWhole);
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
    /((?:^|: |, |; )(?:sudo )?)((?:nstat|ss|dmesg|journalctl|conntrack|sysctl|nft|iptables|iptables-save|tcpdump|ip|ethtool|perf|bpftrace|grep|netstat|cat|curl) [^;,\n]+?)(?= or | and | \(|: | counts?\b|[;,\n]|$)/g,
    (_, before: string, command: string) => before + glued(command),
  );
}

/** `40,101 port-scan (from 10.9.8.1), 612 unread-close-notify (4 servers) · --all shows them` */
export function noiseLine(stories: readonly Story[], context: TextContext): string[] {
  const kinds = new Map<string, Story[]>();
  for (const story of stories) kinds.set(story.cause.id, [...(kinds.get(story.cause.id) ?? []), story]);
  const parts = [...kinds].map(([id, group]) => {
    const number = group.reduce((sum, story) => sum + story.count, 0);
    const places = group.flatMap((story) => story.places);
    return `${count(number)} ${id} (${placesText(places)})`;
  });
  const { style } = context;
  const more = parts.length - NAMED;
  const shown = more > 1 ? [...parts.slice(0, NAMED), counted(more, 'other cause')] : parts;
  const text = `${listed(shown)} · --all shows them`;
  return labelled('noise', glyphs(style, printable(text)), style.width, 0, 7);
}
