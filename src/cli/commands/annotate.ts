/** `whyrst annotate in.pcap -o out.pcapng`: the capture with the verdicts as packet comments, for Wireshark. */

import { basename } from 'node:path';
import { RunFiles } from '../../node/files/run-files.js';
import { openCapture } from '../../node/open-capture.js';
import { frameComments } from '../../report/comments.js';
import { printable } from '../../report/words/printable.js';
import { quoted } from '../../report/words/shell.js';
import { counted } from '../../report/words/wording.js';
import type { Diagnosis } from '../../reset/verdicts/diagnosis.js';
import { version } from '../../version.js';
import { annotated, type FrameComments } from '../../write/annotate.js';
import type { AnnotateTask } from '../command-line/annotate.js';
import { UsageError } from '../errors.js';
import { DIAGNOSED } from '../exit.js';
import { ExtractFolder } from '../extract-folder.js';
import { pathsOf, readableRuns } from '../inputs.js';
import { writeWhole } from '../output.js';
import { readCapture } from '../read-capture.js';
import { loadSettings, type Settings } from '../settings.js';

const APPLICATION = `whyrst ${version}`;

/** A file to be copied, with what is to be written on its frames. */
interface Copy {
  readonly path: string;
  readonly comments: FrameComments;
}

export async function annotateCommand(task: AnnotateTask): Promise<number> {
  const { output } = task;
  if (task.captures.length === 0 && task.filesFrom === undefined)
    throw new UsageError('annotate: name the capture', 'whyrst annotate in.pcap -o out.pcapng');
  if (output === undefined)
    throw new UsageError('annotate: name the file to write', 'whyrst annotate in.pcap -o out.pcapng');
  const captures = pathsOf(task.captures, task);
  if (captures.includes('-'))
    throw new UsageError('annotate reads the capture twice: standard input can be read only once');
  const settings = await loadSettings({ config: task.config, causes: task.causes, trusted: false });
  const files = new RunFiles(task);
  for (const path of captures) files.input(path, 'capture');
  for (const { path, kind } of settings.sources) files.input(path, kind);
  return captures.length === 1
    ? annotateOne(captures[0] as string, output, files, task, settings)
    : annotateAll(captures, output, files, task, settings);
}

async function annotateOne(
  path: string,
  output: string,
  files: RunFiles,
  task: AnnotateTask,
  settings: Settings,
): Promise<number> {
  files.check(output);
  const run = { name: path, files: [{ name: path }] };
  const comments = frameComments(await readCapture(run, { quiet: task.quiet, number: undefined, settings }));
  await writeWhole(output, files, async (file) => {
    for await (const octets of annotated(openCapture(path), comments, APPLICATION)) await file.write(octets);
  });
  if (!task.quiet) {
    const text = `${counted(comments.size, 'frame')} of ${printable(output)} bear a comment; in Wireshark: frame.comment contains "whyrst"`;
    process.stderr.write(
      `whyrst: ${comments.size === 0 ? `no reset in ${quoted(path)}, ${printable(output)} is a plain copy` : text}\n`,
    );
  }
  return DIAGNOSED;
}

/** Each file of each run is copied by itself, so that frames keep their numbers. */
async function annotateAll(
  captures: readonly string[],
  output: string,
  files: RunFiles,
  task: AnnotateTask,
  settings: Settings,
): Promise<number> {
  files.checkStandardOutput();
  const folder = new ExtractFolder(output, files, 'annotate writes several captures into a folder');
  const copies = new Map<string, Copy>();
  let comments = 0;
  for (const run of await readableRuns(captures, task)) {
    const diagnosis = await readCapture(run, { quiet: task.quiet, number: undefined, settings });
    for (const copy of copiesOf(
      diagnosis,
      run.files.map(({ name }) => name),
    )) {
      const name = unique(copy.path, copies);
      folder.check(name, { ours: false });
      copies.set(name, copy);
      comments += copy.comments.size;
    }
  }
  folder.make();
  for (const [name, { path, comments }] of copies) {
    try {
      for await (const octets of annotated(openCapture(path), comments, APPLICATION)) await folder.append(name, octets);
      await folder.commit();
    } catch (error) {
      folder.abandon();
      throw error;
    }
  }
  if (!task.quiet) {
    const text = `${folder.summary()}; ${counted(comments, 'frame')} bear a comment; in Wireshark: frame.comment contains "whyrst"`;
    process.stderr.write(`whyrst: ${printable(text)}\n`);
  }
  return DIAGNOSED;
}

/** What is said of the run's frames, by file and by the frame's number there. */
function copiesOf(diagnosis: Diagnosis, paths: readonly string[]): readonly Copy[] {
  const all = frameComments(diagnosis);
  const borders = diagnosis.captures[0]?.borders ?? [0];
  return paths.map((path, index) => {
    const before = borders[index] ?? Number.POSITIVE_INFINITY;
    const end = borders[index + 1] ?? Number.POSITIVE_INFINITY;
    const own = [...all].filter(([frame]) => frame > before && frame <= end);
    return { path, comments: new Map(own.map(([frame, texts]) => [frame - before, texts])) };
  });
}

/** The name of the capture, of which the folder may not hold one yet: `x.pcapng`, `x.pcap1.pcapng`. */
function unique(path: string, taken: ReadonlyMap<string, unknown>): string {
  const stem = basename(path).replace(/(?:\.(?:pcap|pcapng|cap))?(?:\.(?:gz|zst))?$/i, '');
  let name = `${stem}.pcapng`;
  for (let number = 2; taken.has(name); number += 1) name = `${stem}-${number}.pcapng`;
  return name;
}
