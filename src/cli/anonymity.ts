/** `--anonymize`: the key, and where it comes from. */

import { AddressPermutation, keyOf } from '../write/permute.js';
import { UsageError } from './errors.js';

/** A key on the command line is seen by everybody who lists processes; in the environment it is not. */
const VARIABLE = 'WHYRST_ANONYMIZE_KEY';

/** null when nothing is to be hidden. @throws UsageError */
export function permutationOf(
  task: { readonly anonymize: boolean; readonly anonymizeKey: string | undefined; readonly quiet: boolean },
  environment: NodeJS.ProcessEnv,
): AddressPermutation | null {
  if (!task.anonymize) {
    if (task.anonymizeKey !== undefined) throw new UsageError('--anonymize-key without --anonymize');
    return null;
  }
  const secret = task.anonymizeKey ?? environment[VARIABLE];
  if (secret === '') throw new UsageError('the key for --anonymize is empty');
  if (secret === undefined && !task.quiet) {
    process.stderr.write(
      `whyrst: anonymized under a key of this run only; set ${VARIABLE} to give equal addresses equal names in several runs\n`,
    );
  }
  return new AddressPermutation(
    keyOf(secret ?? Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex')),
  );
}
