/** Small verdicts and lines for the tests of the gate. */

import { didYouMean } from '../../src/cli/suggest.js';
import type { Vocabulary } from '../../src/gate/expect-file.js';
import type { Verdict } from '../../src/reset/vocabulary/verdict.js';
import { makeCause, makeReset, makeVerdict } from './diagnosis.js';

export const CAUSES = [
  makeCause('keepalive-race-unread', { formerly: ['keep-alive-race'] }),
  makeCause('keepalive-race-after-fin'),
  makeCause('closed-port', { severity: 'warning' }),
  makeCause('port-scan', { severity: 'note' }),
  makeCause('forged-reset'),
];

export const VOCABULARY: Vocabulary = {
  causes: CAUSES,
  meant: didYouMean,
};

/** `verdict(11, 'closed-port', '10.0.1.2:40000', '10.0.2.2:80')` */
export function verdict(
  frame: number,
  cause: string,
  client = '10.0.1.2:40000',
  server = '10.0.2.2:80',
  overrides: Partial<Verdict> = {},
): Verdict {
  const end = (text: string) => {
    const at = text.lastIndexOf(':');
    return { address: text.slice(0, at), port: Number(text.slice(at + 1)) };
  };
  const reset = makeReset({ frame, time: frame, sender: end(server), receiver: end(client) });
  return makeVerdict(reset, CAUSES.find(({ id }) => id === cause) ?? makeCause(cause), overrides);
}
