/** `whyrst annotate in.pcap -o out.pcapng`: the capture with the verdicts as packet comments, for Wireshark. */

import { RunFiles } from '../../node/files/run-files.js';
import { openCapture } from '../../node/open-capture.js';
import { frameComments } from '../../report/comments.js';
import { printable } from '../../report/words/printable.js';
import { quoted } from '../../report/words/shell.js';
import { counted } from '../../report/words/wording.js';
import { version } from '../../version.js';
import { annotated } from '../../write/annotate.js';
import type { AnnotateTask } from '../command-line/annotate.js';
import { UsageError } from '../errors.js';
import { DIAGNOSED } from '../exit.js';
import { writeWhole } from '../output.js';
import { readCapture } from '../read-capture.js';
import { loadSettings } from '../settings.js';

export async function annotateCommand(task: AnnotateTask): Promise<number> {
  const { capture, output } = task;
  if (output === undefined)
    throw new UsageError('annotate: name the file to write', 'whyrst annotate in.pcap -o out.pcapng');
  if (capture === '-') throw new UsageError('annotate reads the capture twice: standard input can be read only once');
  const settings = await loadSettings({ config: task.config, causes: task.causes, trusted: false });
  const files = new RunFiles(task);
  files.input(capture, 'capture');
  for (const { path, kind } of settings.sources) files.input(path, kind);
  files.check(output);
  const diagnosis = await readCapture(capture, { quiet: task.quiet, number: undefined, settings });
  const comments = frameComments(diagnosis);
  await writeWhole(output, files, async (file) => {
    for await (const octets of annotated(openCapture(capture), comments, `whyrst ${version}`)) await file.write(octets);
  });
  if (!task.quiet) {
    const text = `${counted(comments.size, 'frame')} of ${printable(output)} bear a comment; in Wireshark: frame.comment contains "whyrst"`;
    process.stderr.write(
      `whyrst: ${comments.size === 0 ? `no reset in ${quoted(capture)}, ${printable(output)} is a plain copy` : text}\n`,
    );
  }
  return DIAGNOSED;
}
