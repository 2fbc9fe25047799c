/** `whyrst annotate in.pcap -o out.pcapng`: the capture with the verdicts as packet comments, for Wireshark. */

import { createWriteStream, existsSync, realpathSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { openCapture } from '../../node/open-capture.js';
import { frameComments } from '../../report/comments.js';
import { printable } from '../../report/words/printable.js';
import { quoted } from '../../report/words/shell.js';
import { counted } from '../../report/words/wording.js';
import { version } from '../../version.js';
import { annotated } from '../../write/annotate.js';
import { UsageError } from '../errors.js';
import { DIAGNOSED } from '../exit.js';
import { readCapture } from '../read-capture.js';
import { loadSettings } from '../settings.js';
import type { AnnotateTask } from '../tasks.js';

export async function annotateCommand(task: AnnotateTask): Promise<number> {
  const { capture, output } = task;
  if (output === undefined)
    throw new UsageError('annotate: name the file to write', 'whyrst annotate in.pcap -o out.pcapng');
  if (capture === '-') throw new UsageError('annotate reads the capture twice: standard input can be read only once');
  refuseSame(capture, output);
  const settings = await loadSettings({ config: task.config, causes: task.causes, trusted: false });
  const diagnosis = await readCapture(capture, { reader: undefined, quiet: task.quiet, number: undefined, settings });
  const comments = frameComments(diagnosis);
  const stream = createWriteStream(output);
  const end = finished(stream);
  // Opening fails asynchronously; the error comes out of `end`, which is awaited below.
  end.catch(() => {});
  try {
    for await (const octets of annotated(openCapture(capture), comments, `whyrst ${version}`)) {
      if (stream.destroyed) break;
      if (!stream.write(octets))
        await new Promise<void>((resolve) => stream.once('drain', resolve).once('close', resolve));
    }
  } finally {
    stream.end();
  }
  await end;
  if (!task.quiet) {
    const text = `${counted(comments.size, 'frame')} of ${printable(output)} bear a comment; in Wireshark: frame.comment contains "whyrst"`;
    process.stderr.write(
      `whyrst: ${comments.size === 0 ? `no reset in ${quoted(capture)}, ${printable(output)} is a plain copy` : text}\n`,
    );
  }
  return DIAGNOSED;
}

/** The output would be emptied before it is read. */
export function refuseSame(input: string, output: string): void {
  if (existsSync(input) && existsSync(output) && realpathSync(input) === realpathSync(output)) {
    throw new UsageError(`${output} is the capture itself: write to another file`);
  }
}
