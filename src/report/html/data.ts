/**
 * What the page's script needs of every RST, small: each string once in a table (`strings`), everything else numbers
 * that point there. 10,000 resets come to about 10 MB this way, ladders included.
 */

import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { captureIndex, captureOf } from '../captures.js';
import { ladderOfVerdict, segmentText } from '../ladder/ladder.js';
import { CONFIDENCES, SEVERITIES } from '../select/select.js';
import { errorsRow } from '../words/errors.js';
import { scriptJson } from '../words/escape.js';
import { frameText } from '../words/frame.js';
import { fixOf, lookOf } from '../words/host-terms.js';
import { printable } from '../words/printable.js';
import { quoted } from '../words/shell.js';
import { absolute, makeClock, seconds, span } from '../words/time.js';
import { count, counted, displayFilter, filled, madeBy, parties, sentence, socket, story } from '../words/wording.js';
import { baseName } from './overview.js';

/** Beyond this a page would no longer open at once; such a reset's row says how to see its ladder. */
export const LADDERS = 10_000;

/** Number of a string in the table. */
type Text = number;

interface Rung {
  /** Its number, or in a run of several files its name. */
  readonly frame: number | string | null;
  readonly time: Text;
  readonly gap: Text;
  /** 1 from client to server, -1 back, 0 a fold. */
  readonly to: 1 | -1 | 0;
  readonly text: Text;
  readonly note: Text;
  readonly marks: 'evidence' | 'rst' | 'both' | null;
}

export interface PageRow {
  readonly id: string;
  readonly file: number;
  /** Its number, or in a run of several files its name. */
  readonly frame: number | string;
  /** Its number in such a run. */
  readonly at?: number;
  readonly time: string;
  readonly client: Text;
  readonly server: Text;
  readonly madeBy: Text;
  readonly cause: Text;
  /** Places in CONFIDENCES, SEVERITIES, ROLES. */
  readonly sure: number;
  readonly severity: number;
  readonly role: number;
  readonly of: string | null;
  readonly title: Text;
  /** `[label, text]` in the order in which they are told. */
  readonly rows: readonly (readonly [Text, Text])[];
  /** The same of what it is not, which stands folded. */
  readonly not: readonly (readonly [Text, Text])[];
  readonly evidence: readonly Text[];
  readonly filter: Text;
  readonly ladder: {
    readonly about: Text;
    readonly ends: readonly [Text, Text];
    readonly rungs: readonly Rung[];
    readonly end: Text;
  } | null;
}

export interface PageData {
  readonly files: readonly { readonly name: string; readonly word: string }[];
  readonly confidences: readonly string[];
  readonly severities: readonly string[];
  readonly roles: readonly string[];
  readonly strings: readonly string[];
  readonly rows: readonly PageRow[];
}

const ROLES: readonly Verdict['role'][] = ['first', 'aftershock', 'ignored'];

/** Strings that are written at a time. */
const AT_ONCE = 1_000;

/**
 * The text of {@link PageData}, a reset at a time: all of them as objects would take some ten times what they take as text.
 * @param seen told of each verdict while its facts are at hand: to make them again takes as long as to write it
 */
export function* pageData(diagnosis: Diagnosis, seen: (verdict: Verdict) => void): Generator<string> {
  const strings = new Strings();
  const files = diagnosis.captures.map(({ file }) => ({ name: printable(baseName(file)), word: quoted(file) }));
  const head = { files, confidences: CONFIDENCES, severities: SEVERITIES, roles: ROLES };
  yield `${scriptJson(head).slice(0, -1)},"rows":[`;
  let index = 0;
  for (const verdict of diagnosis.verdicts) {
    seen(verdict);
    yield `${index === 0 ? '' : ','}${scriptJson(row(verdict, diagnosis, strings, index < LADDERS))}`;
    index++;
  }
  yield '],"strings":[';
  for (let at = 0; at < strings.all.length; at += AT_ONCE)
    yield `${at === 0 ? '' : ','}${scriptJson(strings.all.slice(at, at + AT_ONCE)).slice(1, -1)}`;
  yield ']}';
}

class Strings {
  readonly all: string[] = [];
  private readonly numbers = new Map<string, number>();

  add(text: string): Text {
    const safe = text.includes('\n') ? text.split('\n').map(printable).join('\n') : printable(text);
    let number = this.numbers.get(safe);
    if (number === undefined) {
      number = this.all.length;
      this.all.push(safe);
      this.numbers.set(safe, number);
    }
    return number;
  }
}

function row(verdict: Verdict, diagnosis: Diagnosis, strings: Strings, withLadder: boolean): PageRow {
  const { reset, cause } = verdict;
  const { client, server } = parties(reset);
  return {
    id: verdict.id,
    file: captureIndex(verdict.id, diagnosis.captures),
    frame: named(reset, reset.rst.frame),
    ...(reset.borders === undefined ? {} : { at: reset.rst.frame }),
    time: timeOf(verdict, diagnosis),
    client: strings.add(socket(client)),
    server: strings.add(socket(server)),
    madeBy: strings.add(madeBy(reset.sender.role, verdict.mechanism)),
    cause: strings.add(cause.id),
    sure: CONFIDENCES.indexOf(verdict.confidence),
    severity: SEVERITIES.indexOf(verdict.severity),
    role: ROLES.indexOf(verdict.role),
    of: verdict.of,
    title: strings.add(filled(cause.title, reset)),
    rows: told(verdict).map(([label, text]) => [strings.add(label), strings.add(text)] as const),
    not: [
      ...verdict.against.map((one) => [strings.add(one.cause.id), strings.add(one.reason)] as const),
      ...verdict.untested.map(
        (one) => [strings.add(one.cause.id), strings.add(`not testable here: ${one.needs}`)] as const,
      ),
    ],
    evidence: verdict.evidence.map((fact) => strings.add(story([fact], reset))),
    filter: strings.add(displayFilter(verdict)),
    ladder: withLadder && reset.retold !== true ? ladder(verdict, strings) : null,
  };
}

/** A number takes less room in the page. */
function named(reset: Verdict['reset'], frame: number): number | string {
  return reset.borders === undefined ? frame : frameText(reset, frame);
}

function timeOf(verdict: Verdict, diagnosis: Diagnosis): string {
  const capture = captureOf(verdict.id, diagnosis.captures);
  const moment = absolute(capture?.first ?? null, verdict.reset.rst.time);
  if (moment === null) return '';
  const { date, clock, fraction } = makeClock('UTC').at(moment);
  return `${date} ${clock}.${fraction.slice(0, 6)}`;
}

/** Everything a verdict has to say beside its evidence, empty rows left out. */
function told(verdict: Verdict): (readonly [string, string])[] {
  const { reset, cause } = verdict;
  const facts = verdict.mechanism.facts.map(({ frame, text }) =>
    frame === null || frame === reset.rst.frame ? text : `${text} (${frameText(reset, frame)})`,
  );
  const rows: (readonly [string, string])[] = [
    ['lost', verdict.lost ?? ''],
    [
      'RST by',
      `${madeBy(reset.sender.role, verdict.mechanism)}, ${verdict.mechanism.confidence}${facts.length > 0 ? `: ${facts.join(', ')}` : ''}`,
    ],
    ['doubt', verdict.doubt.map((clause) => sentence(filled(clause, reset))).join(' ')],
    ['errors', errorsRow(verdict)],
    ['fix', fixOf(verdict)],
    ['look', lookOf(cause, reset)],
    ['also', verdict.alternatives.map((one) => `${one.cause.id}, ${one.confidence}: ${one.reason}`).join('\n')],
    ['kernel', verdict.kernelReasons.join(', ')],
    [
      'account',
      `client sent ${counted(parties(reset).client.bytes, 'byte')}, server ${counted(parties(reset).server.bytes, 'byte')}, in ${counted(reset.packets, 'packet')}; idle ${span(reset.idle)} before the RST; history ${reset.history.slice(0, 32)}`,
    ],
  ];
  return rows.filter(([, text]) => text !== '');
}

function ladder(verdict: Verdict, strings: Strings): PageRow['ladder'] {
  const drawn = ladderOfVerdict(verdict);
  let before: number | null = null;
  const rungs = drawn.rows.map((one): Rung => {
    if (one.kind === 'fold') {
      before = one.last.time;
      const moved = `${counted(one.packets, 'packet')}, ${count(one.clientBytes + one.serverBytes)} bytes`;
      return {
        frame: null,
        time: strings.add(''),
        gap: strings.add(''),
        to: 0,
        text: strings.add(moved),
        note: strings.add(''),
        marks: null,
      };
    }
    const { segment, note } = one;
    const gap = before === null ? '' : span(segment.time - before);
    before = segment.time;
    const rst = segment.frame === drawn.reset?.frame;
    const evidence = drawn.evidence.has(segment.frame);
    return {
      frame: named(verdict.reset, segment.frame),
      time: strings.add(seconds(segment.time - drawn.start)),
      gap: strings.add(gap),
      to: segment.fromClient ? 1 : -1,
      text: strings.add(segmentText(segment, drawn, false)),
      note: strings.add(rst ? (drawn.reset?.note ?? '') : note),
      marks: rst && evidence ? 'both' : rst ? 'rst' : evidence ? 'evidence' : null,
    };
  });
  const earlier = verdict.reset.packets - rungs.filter(({ to }) => to !== 0).length;
  return {
    about: strings.add(earlier > 0 ? `${counted(earlier, 'packet')} of this connection not drawn` : ''),
    ends: [
      strings.add(`${drawn.client.role} ${socket(drawn.client)}`),
      strings.add(`${drawn.server.role} ${socket(drawn.server)}`),
    ],
    rungs,
    end: strings.add(drawn.end),
  };
}
