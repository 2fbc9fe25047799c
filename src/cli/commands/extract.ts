/** `whyrst extract in.pcap --cause … -o dir/`: captures that hold only the connections in question. */

import { basename } from 'node:path';
import { RunFiles } from '../../node/files/run-files.js';
import { type ExtractBy, outputName, wantedConnections } from '../../report/extraction.js';
import { select } from '../../report/select/select.js';
import { printable } from '../../report/words/printable.js';
import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import { regroup } from '../../reset/verdicts/findings.js';
import type { Verdict } from '../../reset/vocabulary/verdict.js';
import { version } from '../../version.js';
import { type Everything, extracted, type WantedConnection } from '../../write/extract.js';
import { permutationOf } from '../anonymity.js';
import { EXTRACT_BY, type ExtractTask } from '../command-line/extract.js';
import { criteriaOf, refuseReversed, startsOf } from '../criteria.js';
import { UsageError } from '../errors.js';
import { DIAGNOSED } from '../exit.js';
import { ExtractFolder } from '../extract-folder.js';
import { type CaptureRun, openRun, pathsOf, readableRuns } from '../inputs.js';
import { readCapture } from '../read-capture.js';
import { loadSettings } from '../settings.js';
import { didYouMean } from '../suggest.js';

type Way = (typeof EXTRACT_BY)[number];
/** Files written by default: beyond this a folder is of no use to a person. */
const MOST = 1000;

export async function extractCommand(task: ExtractTask): Promise<number> {
  const by = wayOf(task);
  const { output } = task;
  if (output === undefined)
    throw new UsageError(
      'extract: name the folder to write to',
      'whyrst extract in.pcap --cause closed-port -o found/',
    );
  if (task.captures.length === 0 && task.filesFrom === undefined)
    throw new UsageError('extract: name the capture', 'whyrst extract in.pcap --cause closed-port -o found/');
  const captures = pathsOf(task.captures, task);
  if (captures.includes('-'))
    throw new UsageError('extract reads a capture twice: standard input can be read only once');
  const permutation = permutationOf(task, process.env);
  const settings = await loadSettings({ config: task.config, causes: task.causes, trusted: false });
  const criteria = criteriaOf(task, settings.causes);
  const files = new RunFiles(task);
  for (const path of captures) files.input(path, 'capture');
  for (const { path, kind } of settings.sources) files.input(path, kind);
  files.checkStandardOutput();
  const folder = new ExtractFolder(output, files);
  const stems = new Set<string>();
  const plans: Plan[] = [];
  for (const [index, run] of (await readableRuns(captures, task)).entries()) {
    const whole = await readCapture(run, { ...task, number: undefined, settings });
    refuseReversed(task, criteria, startsOf(whole));
    const diagnosis = criteria === null ? whole : select(whole, criteria, regroup);
    // An anonymous file must not bear the name of the real one.
    const stem = permutation === null ? unique(stemOf(run.name), stems) : `capture-${index + 1}`;
    const wanted = by === 'capture' ? { everything: stem } : wantedOf(diagnosis.verdicts, stem, by, task.all);
    const names = 'everything' in wanted ? [stem] : [...new Set(wanted.map((one) => one.output))];
    const ending = endingOf(whole);
    // A file named after its cause is ours; one that only bears the name of a capture may be the capture.
    for (const name of names) folder.check(`${name}${ending}`, { ours: by !== 'capture' });
    plans.push({ run, wanted, ending });
  }
  // Nothing is written before everything could be read and every name is known to be free.
  folder.make();
  for (const { run, wanted, ending } of plans) {
    const before = folder.written;
    try {
      for await (const { output: name, octets } of extracted(openRun(run), wanted, {
        pcapng: ending === '.pcapng',
        permutation: permutation ?? undefined,
        application: `whyrst ${version}`,
      })) {
        await folder.append(`${name}${ending}`, octets);
      }
      await folder.commit();
    } catch (error) {
      folder.abandon();
      throw error;
    }
    if (folder.written === before && !task.quiet)
      process.stderr.write(`whyrst: ${printable(run.name)}: nothing to extract\n`);
  }
  if (!task.quiet) process.stderr.write(`whyrst: ${printable(folder.summary())}\n`);
  return DIAGNOSED;
}

interface Plan {
  readonly run: CaptureRun;
  readonly wanted: readonly WantedConnection[] | Everything;
  readonly ending: string;
}

/** What holds more than one link type, or came from pcapng, goes into pcapng. */
function endingOf({ captures: [capture] }: Diagnosis): '.pcap' | '.pcapng' {
  return capture?.format.includes('pcapng') || (capture?.linkTypes.length ?? 0) > 1 ? '.pcapng' : '.pcap';
}

function wayOf({ by = 'connection' }: ExtractTask): Way {
  const found = EXTRACT_BY.find((way) => way === by);
  if (found !== undefined) return found;
  throw new UsageError(`--by ${by}: must be ${EXTRACT_BY.join(', ')}${didYouMean(by, EXTRACT_BY)}`);
}

function wantedOf(
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
  // The stars and braces of a series are no part of a good name.
  const name = basename(path).replace(/\{.*\}|\*/g, '');
  return name.replace(/(\.(pcap|pcapng|cap))?(\.(gz|zst))?$/i, '').replace(/[-_.]+$/, '') || 'capture';
}

function unique(stem: string, taken: Set<string>): string {
  let name = stem;
  for (let number = 2; taken.has(name); number += 1) name = `${stem}-${number}`;
  taken.add(name);
  return name;
}
