/** `whyrst extract in.pcap --cause … -o dir/`: captures that hold only the connections in question. */

import { appendFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openCapture } from '../../node/open-capture.js';
import { type ExtractBy, outputName, wantedConnections } from '../../report/extraction.js';
import { select } from '../../report/select/select.js';
import { printable } from '../../report/words/printable.js';
import { counted } from '../../report/words/wording.js';
import { regroup } from '../../reset/verdicts/findings.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { version } from '../../version.js';
import { type Everything, extracted, type WantedConnection } from '../../write/extract.js';
import { permutationOf } from '../anonymity.js';
import { criteriaOf } from '../criteria.js';
import { UsageError } from '../errors.js';
import { DIAGNOSED, exitStatus } from '../exit.js';
import { readCapture } from '../read-capture.js';
import { loadSettings } from '../settings.js';
import { didYouMean } from '../suggest.js';
import type { ExtractTask } from '../tasks.js';
import { refuseSame } from './annotate.js';

const WAYS = ['connection', 'cause', 'capture'] as const;
type Way = (typeof WAYS)[number];
/** Files written by default: beyond this a folder is of no use to a person. */
const MOST = 1000;
/** Octets kept per output before they are written. */
const BUFFER = 256 * 1024;

export async function extractCommand(task: ExtractTask): Promise<number> {
  const by = wayOf(task);
  const { output } = task;
  if (output === undefined)
    throw new UsageError(
      'extract: name the folder to write to',
      'whyrst extract in.pcap --cause closed-port -o found/',
    );
  if (task.captures.includes('-'))
    throw new UsageError('extract reads a capture twice: standard input can be read only once');
  const permutation = permutationOf(task, process.env);
  const settings = await loadSettings({ config: task.config, causes: task.causes, trusted: false });
  const criteria = criteriaOf(task, settings.causes);
  if (existsSync(output) && !statSync(output).isDirectory())
    throw new UsageError(`${output} is a file: extract writes into a folder`);
  mkdirSync(output, { recursive: true });
  let written = 0;
  const stems = new Set<string>();
  for (const [index, capture] of task.captures.entries()) {
    const whole = await readCapture(capture, { reader: task.reader, quiet: task.quiet, number: undefined, settings });
    const diagnosis = criteria === null ? whole : select(whole, criteria, regroup);
    // An anonymous file must not bear the name of the real one.
    const stem = permutation === null ? unique(stemOf(capture), stems) : `capture-${index + 1}`;
    const wanted = by === 'capture' ? { everything: stem } : plan(diagnosis.verdicts, stem, by, task.all);
    const ending = whole.captures[0]?.format === 'pcapng' ? '.pcapng' : '.pcap';
    const files = new Files(output, ending, capture);
    for await (const { output: name, octets } of extracted(openCapture(capture), wanted, {
      permutation: permutation ?? undefined,
      application: `whyrst ${version}`,
    })) {
      files.append(name, octets);
    }
    files.end();
    written += files.count;
    if (files.count === 0 && !task.quiet) process.stderr.write(`whyrst: ${printable(capture)}: nothing to extract\n`);
  }
  if (!task.quiet) process.stderr.write(`whyrst: ${counted(written, 'capture')} written to ${printable(output)}\n`);
  return exitStatus({ failed: false, matched: false }) || DIAGNOSED;
}

function wayOf({ by = 'connection' }: ExtractTask): Way {
  const found = WAYS.find((way) => way === by);
  if (found !== undefined) return found;
  throw new UsageError(`--by ${by}: must be ${WAYS.join(', ')}${didYouMean(by, WAYS)}`);
}

function plan(
  verdicts: readonly Verdict[],
  stem: string,
  by: ExtractBy,
  all: boolean,
): readonly WantedConnection[] | Everything {
  const wanted = wantedConnections(verdicts, (verdict) => outputName(stem, verdict, by));
  const outputs = new Set(wanted.map(({ output }) => output));
  if (outputs.size > MOST && !all) {
    throw new UsageError(
      `extract would write ${outputs.size} files: select fewer, or say --by cause, or --all if you mean it`,
    );
  }
  return wanted;
}

function stemOf(path: string): string {
  return basename(path).replace(/(\.(pcap|pcapng|cap))?(\.(gz|zst))?$/i, '') || 'capture';
}

function unique(stem: string, taken: Set<string>): string {
  let name = stem;
  for (let number = 2; taken.has(name); number += 1) name = `${stem}-${number}`;
  taken.add(name);
  return name;
}

/** Outputs that are appended to in turns, without holding them all open. */
class Files {
  readonly #waiting = new Map<string, { parts: Uint8Array[]; length: number }>();
  readonly #begun = new Set<string>();

  constructor(
    readonly folder: string,
    readonly ending: string,
    readonly capture: string,
  ) {}

  get count(): number {
    return this.#begun.size;
  }

  append(name: string, octets: Uint8Array): void {
    const path = join(this.folder, `${name}${this.ending}`);
    if (!this.#begun.has(path)) {
      refuseSame(this.capture, path);
      rmSync(path, { force: true });
      this.#begun.add(path);
    }
    const own = this.#waiting.get(path) ?? { parts: [], length: 0 };
    own.parts.push(octets);
    own.length += octets.length;
    this.#waiting.set(path, own);
    if (own.length >= BUFFER) this.#write(path);
  }

  end(): void {
    for (const path of [...this.#waiting.keys()]) this.#write(path);
  }

  #write(path: string): void {
    const own = this.#waiting.get(path);
    this.#waiting.delete(path);
    if (own !== undefined) appendFileSync(path, Buffer.concat(own.parts));
  }
}
