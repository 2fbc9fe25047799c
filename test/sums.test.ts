/** The counts of a summary are those of its resets: one and its copies each. What tshark counts is their sum. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diagnose } from '../src/index.js';
import { openCapture } from '../src/node/index.js';
import { absent, CAPTURES, captureFiles, FIELDLAB, LABELLED } from './support/files.js';

const FOLDERS = {
  captures: CAPTURES,
  vantage: join(CAPTURES, 'vantage'),
  fieldlab: FIELDLAB,
  labelled: LABELLED,
};

describe.each(Object.entries(FOLDERS))('%s', (_name, folder) => {
  const missing = absent(folder);
  if (missing !== null) process.stderr.write(`${missing}\n`);
  test.skipIf(missing !== null)('resets and copies add up', async () => {
    const wrong: string[] = [];
    for (const path of captureFiles(folder)) {
      const { captures, verdicts, omitted } = await diagnose(openCapture(path));
      const { resets, resetCopies = 0, tally } = captures[0] ?? expect.fail('no summary');
      const copies = verdicts.map(({ reset }) => reset.copies.length).reduce((sum, one) => sum + one, 0);
      const kinds = Object.values(tally).reduce((sum, one) => sum + one, 0);
      const counts = { resets: verdicts.length + omitted, copies, kinds };
      if (counts.resets !== resets || copies !== resetCopies || kinds !== resets)
        wrong.push(`${path}: ${JSON.stringify(counts)}, the summary has ${resets} and ${resetCopies} copies`);
    }
    expect(wrong).toEqual([]);
  });
});
