/** `whyrst show`: one connection packet by packet. What was asked for is found first, then drawn. */

import { configurationText } from '../../report/configuration.js';
import { type Ladder, type LadderEnd, ladderLines, ladderOfVerdict, resetOf } from '../../report/ladder/ladder.js';
import { parseQuery, type Query, type QueryEnd } from '../../report/select/query.js';
import { verdictLines } from '../../report/text/show.js';
import { glyphs, type Style } from '../../report/text/style.js';
import { labelled, wrap } from '../../report/text/wrap.js';
import { endingStory, periodText } from '../../report/words/ending-story.js';
import { phrasesIn } from '../../report/words/find-phrases.js';
import { bordered, frameText } from '../../report/words/frame.js';
import { lineMeaning, lineVerdict, saysReset, wouldSay } from '../../report/words/log-line.js';
import { printable } from '../../report/words/printable.js';
import { absolute, type Clock } from '../../report/words/time.js';
import { capital, count, counted, evidenceFrames, parties, socket } from '../../report/words/wording.js';
import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import type { ShowTask } from '../command-line/show.js';
import { clockOf } from '../criteria.js';
import { UsageError } from '../errors.js';
import { DIAGNOSED } from '../exit.js';
import { type CaptureRun, isInput, isStandardInput, openRun, pathsOf, readableRuns } from '../inputs.js';
import { writeStdout } from '../output.js';
import { readCapture } from '../read-capture.js';
import { pcapReaderByName } from '../readers.js';
import { loadSettings } from '../settings.js';
import { styleFor } from '../terminal.js';
import { brief, wordsFrom } from '../words-from.js';
import type { Incarnation } from './incarnations.js';
import { endpointsOfFrame, type Scan, scan } from './scan.js';
import { choose, matching, ofConnection } from './show-choice.js';

/** The task with what was asked for as one text. */
type Asked = Omit<ShowTask, 'words'> & { readonly words: string };

interface Work {
  readonly task: Asked;
  readonly run: CaptureRun;
  readonly diagnosis: Diagnosis;
  readonly style: Style;
  readonly clock: Clock;
  /** Standard input cannot be read twice. */
  readonly once: boolean;
}

export async function showCommand(typed: ShowTask): Promise<number> {
  const { captures, words } = split(typed);
  if (words === '-' && (captures.includes('-') || typed.filesFrom === '-')) {
    throw new UsageError('show: standard input cannot be the capture and the log line');
  }
  const task = { ...typed, words: await wordsFrom(words, 'show') };
  const query = parseQuery(task.words);
  if (query.kind === 'nothing' && phrasesIn(task.words).length === 0) {
    throw new UsageError(
      `show: "${brief(task.words)}" names neither a frame nor an endpoint, nor does it hold a message that whyrst knows`,
      'give a frame number, two endpoints (10.0.0.1:43210 10.0.0.2:6379) or a log line',
    );
  }
  const terminal = { isTTY: process.stdout.isTTY === true, columns: process.stdout.columns };
  const style = styleFor(terminal, process.env, task.color);
  const clock = clockOf(task.tz);
  const settings = await loadSettings({ config: task.config, causes: task.causes, trusted: false });
  const runs = await readableRuns(pathsOf(captures, task), task);
  if (runs.length > 1 && query.kind === 'frame') {
    throw new UsageError(
      `show: frame ${task.words} of which capture? There are ${runs.length}`,
      'name one of them, or the files of one series',
    );
  }
  let lines: string[] = [];
  for (const [index, run] of runs.entries()) {
    const diagnosis = await readCapture(run, { ...task, number: undefined, settings });
    const work: Work = { task, run, diagnosis, style, clock, once: isStandardInput(run) };
    // Of several captures the first that holds what was asked for; the last says what there is instead.
    if (index < runs.length - 1 && !(await holds(query, work))) continue;
    lines = runs.length === 1 ? [] : [glyphs(style, printable(run.name)), ''];
    lines.push(...(await answer(query, work)));
    const { configuration } = diagnosis;
    if (configuration !== undefined && (configuration.limits.length > 0 || configuration.site)) {
      const text = glyphs(style, printable(configurationText(configuration)));
      lines.push(...labelled('config', text, style.width, 0, 11));
    }
    break;
  }
  await writeStdout([`${lines.join('\n')}\n`]);
  return DIAGNOSED;
}

/** The words that are captures stand first; what cannot be one is what was asked for. */
function split({ capture, words, filesFrom }: ShowTask): {
  readonly captures: readonly string[];
  readonly words: string;
} {
  const captures = [capture];
  const rest = [...words];
  while (rest.length > 1 && isInput(rest[0] as string)) captures.push(rest.shift() as string);
  // With a list of captures the first word may be what was asked for already.
  if (filesFrom !== undefined && !isInput(capture)) return { captures: [], words: [...captures, ...rest].join(' ') };
  return { captures, words: rest.join(' ') };
}

/** Is the connection there, reset or not? */
async function holds(query: Query, work: Work): Promise<boolean> {
  const { verdicts } = work.diagnosis;
  if (query.kind === 'part') return matching(verdicts, query).length > 0;
  if (query.kind === 'nothing')
    return (
      wouldSay(
        work.task.words,
        verdicts.filter(({ role }) => role === 'first'),
      ).length > 0
    );
  if (query.kind !== 'connection') return false;
  if (ofConnection(verdicts, query.ends).length > 0) return true;
  return !work.once && (await scanFor(query.ends, undefined, work)).incarnations.length > 0;
}

async function answer(query: Query, work: Work): Promise<string[]> {
  switch (query.kind) {
    case 'frame':
      return byFrame(frameOf(query, work), work);
    case 'connection':
      return byEnds(query.ends, work);
    case 'part':
      return byPart(query, work);
    case 'nothing':
      return byMessage(work);
  }
}

/** A message without an endpoint: the resets that would make a program write it. */
async function byMessage(work: Work): Promise<string[]> {
  const { task, diagnosis, style, clock } = work;
  const meaning = lineMeaning(task.words);
  const deaths = diagnosis.verdicts.filter(({ role }) => role === 'first');
  const found = meaning === null ? deaths : wouldSay(task.words, deaths);
  if (found.length > 0) {
    const { verdict, why } = choose(found, task.words, diagnosis, clock);
    const named = 'the message names no endpoint';
    const only = meaning === null ? 'this is the only reset' : 'only this reset gives such a line';
    return draw(verdict, work, `${capital(named)}: ${found.length === 1 ? only : why}.`);
  }
  const text =
    meaning === null
      ? 'No connection was reset in this capture, and the message names none.'
      : `"${meaning.phrase.text}" (${meaning.phrase.program}) means ${meaning.means}; no reset in this capture gives such a line, and the message names no endpoint.`;
  return labelled('not there', glyphs(style, printable(text)), style.width, 0, 11);
}

/** Its number in the run. */
function frameOf(
  { frame, file }: Extract<Query, { kind: 'frame' }>,
  { diagnosis, run, task: { words } }: Work,
): number {
  const { borders, files } = diagnosis.captures[0] ?? {};
  if (borders === undefined || files === undefined) return frame;
  if (file === undefined) {
    throw new UsageError(
      `show: frame ${words} of which file? ${run.name} is ${files.length} files`,
      `name the file by its number: 1:${frame} is frame ${count(frame)} of ${files[0]?.file}`,
    );
  }
  const records = files[file - 1]?.records;
  if (records === undefined)
    throw new UsageError(`show: there is no file ${file}: ${run.name} is ${files.length} files`);
  if (frame < 1 || frame > records) {
    throw new UsageError(
      `show: there is no frame ${words}: ${files[file - 1]?.file} holds ${counted(records, 'packet')}`,
    );
  }
  return (borders[file - 1] as number) + frame;
}

async function byFrame(frame: number, work: Work): Promise<string[]> {
  const { verdicts, captures } = work.diagnosis;
  const verdict = verdicts.find(({ reset }) => reset.rst.frame === frame || reset.copies.includes(frame));
  if (verdict !== undefined) return draw(verdict, work);
  if (work.once) {
    throw new UsageError(`show: frame ${count(frame)} is no RST, and standard input cannot be read a second time`);
  }
  const records = captures[0]?.records ?? 0;
  if (frame < 1 || frame > records) {
    throw new UsageError(
      `show: there is no frame ${count(frame)}: ${work.run.name} holds ${counted(records, 'packet')}`,
    );
  }
  const reader = await pcapReaderByName(work.task.reader);
  const { ends } = await endpointsOfFrame(openRun(work.run), frame, reader);
  if (ends === null) throw new UsageError(`show: frame ${count(frame)} holds no TCP segment that can be read`);
  const found = await scanFor(ends, undefined, work);
  const incarnation = found.incarnations.findLast(({ start }) => start.frame <= frame);
  const own = ofConnection(verdicts, ends).find((each) => incarnation?.resets.includes(each.reset.rst.frame));
  return own === undefined ? quiet(incarnation as Incarnation, work) : draw(own, work);
}

async function byEnds(ends: readonly [QueryEnd, QueryEnd], work: Work): Promise<string[]> {
  const own = ofConnection(work.diagnosis.verdicts, ends);
  if (own.length > 0) {
    const { verdict, why } = choose(own, work.task.words, work.diagnosis, work.clock);
    return draw(verdict, work, why);
  }
  if (work.once) return [`No RST between ${socket(ends[0])} and ${socket(ends[1])} in this capture.`];
  const found = await scanFor(ends, undefined, work);
  const last = found.incarnations.at(-1);
  if (last === undefined) return notThere(ends, found, work);
  const lines = await quiet(last, work);
  if (found.incarnations.length === 1) return lines;
  const used = `${socket(last.client)} → ${socket(last.server)} was used ${found.incarnations.length} times and never reset; this is the last`;
  return [glyphs(work.style, used), '', ...lines];
}

async function byPart(query: Extract<Query, { kind: 'part' }>, work: Work): Promise<string[]> {
  const found = matching(work.diagnosis.verdicts, query);
  const names = [
    ...query.ends.map(socket),
    ...query.addresses.filter((each) => !query.ends.some((end) => end.address === each)),
  ];
  if (found.length === 0) {
    return wrap(
      `No RST at ${names.join(' and ')} in this capture. Both endpoints with their ports, or a frame number, would name a connection.`,
      work.style.width,
    );
  }
  const { verdict, why } = choose(found, work.task.words, work.diagnosis, work.clock);
  const about =
    found.length === 1
      ? null
      : `${why ?? `${counted(found.length, 'reset')} at ${names.join(' and ')}; this is the first`}`;
  return draw(verdict, work, about);
}

async function draw(verdict: Verdict, work: Work, why: string | null = null): Promise<string[]> {
  const { style, task } = work;
  const lines: string[] = [];
  let ladder: Ladder = ladderOfVerdict(verdict);
  let used = why;
  if (!work.once) {
    const { client, server } = parties(verdict.reset);
    const found = await scanFor([client, server], client, work, new Set(evidenceFrames(verdict)));
    const index = found.incarnations.findIndex(({ resets }) => resets.includes(verdict.reset.rst.frame));
    const incarnation = found.incarnations[index];
    if (incarnation !== undefined) ladder = fullLadder(verdict, incarnation);
    if (found.incarnations.length > 1) used = usedText(verdict, found, index, work);
  }
  if (used !== null) lines.push(...wrap(glyphs(style, used), style.width), '');
  lines.push(...ladderLines(ladder, { style, raw: task.verbose }), '');
  lines.push(...verdictLines(verdict, style, task.verbose));
  const line = lineVerdict(task.words, verdict);
  if (line !== null) lines.push(...labelled('log line', glyphs(style, printable(line)), style.width, 0, 11));
  return lines;
}

/** `10.1.2.3:41234 → 10.9.8.7:8080 was used 3 times; the 2nd was reset (frame 8123441, 02:58:03.120934)` */
function usedText(verdict: Verdict, { incarnations }: Scan, index: number, { diagnosis, clock }: Work): string {
  const { client, server } = parties(verdict.reset);
  const moment = absolute(diagnosis.captures[0]?.first ?? null, verdict.reset.rst.time);
  const stamp =
    moment === null ? '' : `, ${clock.at(moment).clock}.${clock.at(moment).fraction.slice(0, 6)} ${clock.zone}`;
  const cut = incarnations.filter(({ resets }) => resets.length > 0).length;
  const this_ = `the ${ordinal(index + 1)} was reset (frame ${frameText(verdict.reset, verdict.reset.rst.frame)}${stamp})`;
  const others = cut > 1 ? `, ${cut - 1} of the others too` : '';
  return `${socket(client)} → ${socket(server)} was used ${incarnations.length} times; ${this_}${others}`;
}

function ordinal(number: number): string {
  const tens = number % 100;
  if (tens > 10 && tens < 14) return `${number}th`;
  return `${number}${['th', 'st', 'nd', 'rd'][number % 10] ?? 'th'}`;
}

function fullLadder(verdict: Verdict, incarnation: Incarnation): Ladder {
  const { client, server } = parties(verdict.reset);
  const swapped = incarnation.client.address !== client.address || incarnation.client.port !== client.port;
  const end = (facts: typeof client): LadderEnd => ({
    address: facts.address,
    port: facts.port,
    role: facts.role,
    zero: facts.zero,
  });
  return {
    client: swapped ? end(server) : end(client),
    server: swapped ? end(client) : end(server),
    rows: incarnation.rows.rows,
    packets: incarnation.rows.packets,
    start: incarnation.start.time,
    evidence: new Set(evidenceFrames(verdict)),
    reset: resetOf(verdict),
    end: 'nothing more on this connection',
    ...bordered(verdict.reset),
  };
}

async function quiet(incarnation: Incarnation, { style, task, diagnosis }: Work): Promise<string[]> {
  const { client, server, synSeen, rows, start, fin } = incarnation;
  const capture = diagnosis.captures[0] ?? {};
  const ladder: Ladder = {
    client: { ...client, role: synSeen ? 'client' : 'originator', zero: incarnation.clientZero ?? 0 },
    server: { ...server, role: synSeen ? 'server' : 'responder', zero: incarnation.serverZero ?? 0 },
    rows: rows.rows,
    packets: rows.packets,
    start: start.time,
    evidence: new Set(),
    reset: null,
    end: 'nothing more on this connection',
    ...bordered(capture),
  };
  const { lossy, lostPackets } = diagnosis.captures[0] ?? {};
  const story = endingStory(
    {
      ...incarnation,
      client: socket(client),
      server: socket(server),
      fin: fin && { ...fin, frame: frameText(capture, fin.frame) },
      lastFrame: frameText(capture, incarnation.last.frame),
    },
    { lost: lossy === true ? (lostPackets ?? 0) : 0, saidReset: saysReset(task.words) },
  );
  return [
    ...ladderLines(ladder, { style, raw: task.verbose }),
    '',
    ...labelled('no RST', glyphs(style, story), style.width, 0, 11),
  ];
}

function notThere(ends: readonly [QueryEnd, QueryEnd], found: Scan, { run, diagnosis, style, clock }: Work): string[] {
  const capture = diagnosis.captures[0];
  const period = periodText(capture?.first ?? null, capture?.last ?? null, clock);
  let text = `No packet between ${socket(ends[0])} and ${socket(ends[1])} in ${run.name} (${period}).`;
  ends.forEach((end, index) => {
    const clients = found.near.get(`${end.address} ${end.port}`);
    if (clients === undefined) return;
    const { address } = ends[1 - index] as QueryEnd;
    const own = clients.get(address);
    if (own !== undefined) {
      text += ` Yet ${socket(end)} has ${counted(own, 'connection')} from ${address} with other ports: another time, or another hop?`;
    } else {
      const [[most, times] = ['', 0]] = [...clients].sort((a, b) => b[1] - a[1]);
      const others = clients.size > 1 ? ` and ${counted(clients.size - 1, 'other address', 'other addresses')}` : '';
      text += ` Yet ${socket(end)} has ${counted(times, 'connection')} from ${most}${others}: a NAT between?`;
    }
    text += ` Try --server ${socket(end)}`;
  });
  return labelled('not there', glyphs(style, printable(text)), style.width, 0, 11);
}

async function scanFor(
  ends: readonly [QueryEnd, QueryEnd],
  client: QueryEnd | undefined,
  { task, run }: Work,
  keep: ReadonlySet<number> = new Set(),
): Promise<Scan> {
  const reader = await pcapReaderByName(task.reader);
  return scan(openRun(run), ends, {
    keep: (frame) => keep.has(frame),
    fold: !task.verbose,
    ...(reader === undefined ? {} : { reader }),
    ...(client === undefined ? {} : { client }),
  });
}
