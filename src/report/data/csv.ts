/**
 * One row per RST for spreadsheets and databases: RFC 4180 with a header row, CRLF and UTF-8 without a byte-order mark.
 * Columns are only ever added at the end.
 */

import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { captureOf, fileFrame } from '../captures.js';
import type { RenderOptions } from '../options.js';
import { csvCell } from '../words/escape.js';
import { absolute, rfc3339 } from '../words/time.js';
import { displayFilter, evidenceNames, filled, madeBy, parties } from '../words/wording.js';

type Cell = string | number | boolean | null;

interface Row {
  readonly verdict: Verdict;
  readonly file: string;
  readonly frame: number;
  readonly first: bigint | null;
}

const COLUMNS: readonly (readonly [string, (row: Row) => Cell])[] = [
  ['id', ({ verdict }) => verdict.id],
  ['file', ({ file }) => file],
  ['frame', ({ frame }) => frame],
  ['time', ({ verdict, first }) => time(first, verdict.reset.rst.time)],
  ['role', ({ verdict }) => verdict.role],
  ['of', ({ verdict }) => verdict.of],
  ['cause', ({ verdict }) => verdict.cause.id],
  ['confidence', ({ verdict }) => verdict.confidence],
  ['severity', ({ verdict }) => verdict.severity],
  ['lost', ({ verdict }) => verdict.lost],
  ['responsible', ({ verdict }) => verdict.responsible],
  ['client_address', ({ verdict }) => parties(verdict.reset).client.address],
  ['client_port', ({ verdict }) => parties(verdict.reset).client.port],
  ['server_address', ({ verdict }) => parties(verdict.reset).server.address],
  ['server_port', ({ verdict }) => parties(verdict.reset).server.port],
  ['rst_made_by', ({ verdict }) => madeBy(verdict.reset.sender.role, verdict.mechanism)],
  ['rst_made_by_confidence', ({ verdict }) => verdict.mechanism.confidence],
  ['shape', ({ verdict }) => verdict.reset.shape],
  ['client_error', ({ verdict }) => verdict.applications.client?.text ?? null],
  ['server_error', ({ verdict }) => verdict.applications.server?.text ?? null],
  ['connection_start', ({ verdict, first }) => time(first, verdict.reset.start.time)],
  ['connection_packets', ({ verdict }) => verdict.reset.packets],
  ['client_bytes', ({ verdict }) => parties(verdict.reset).client.bytes],
  ['server_bytes', ({ verdict }) => parties(verdict.reset).server.bytes],
  ['idle_seconds', ({ verdict }) => (verdict.reset.idle / 1e9).toFixed(6)],
  ['history', ({ verdict }) => verdict.reset.history.slice(0, 32)],
  ['sentence', ({ verdict }) => filled(verdict.cause.title, verdict.reset)],
  ['evidence_frames', ({ verdict }) => evidenceNames(verdict).join(' ')],
  ['filter', ({ verdict }) => displayFilter(verdict)],
];

export function* csvChunks(diagnosis: Diagnosis, _options: RenderOptions = {}): Generator<string> {
  yield line(COLUMNS.map(([name]) => name));
  for (const verdict of diagnosis.verdicts) {
    const capture = captureOf(verdict.id, diagnosis.captures);
    const row: Row = { verdict, ...fileFrame(capture, verdict.reset.rst.frame), first: capture?.first ?? null };
    yield line(COLUMNS.map(([, value]) => value(row)));
  }
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function time(first: bigint | null, offset: number): string | null {
  const moment = absolute(first, offset);
  return moment === null ? null : rfc3339(moment);
}
