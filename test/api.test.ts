/** The public entries: a name that appears or goes is a decision. */
import { expect, test } from 'vitest';
import * as whyrst from '../src/index.js';
import * as node from '../src/node/index.js';
import * as testing from '../src/testing.js';

test('what each entry exports at run time', () => {
  expect(Object.keys(whyrst).sort()).toEqual([
    ...[
      'CaptureError',
      'LIMIT_DEFINITIONS',
      'ResultProblem',
      'SHAPES',
      'causes',
      'cited',
      'defineCause',
      'diagnose',
      'explain',
      'follow',
    ],
    ...['formatNames', 'merge', 'mergeDiagnoses', 'render', 'verdicts', 'version'],
  ]);
  expect(Object.keys(node).sort()).toEqual(['openCapture', 'openSeries', 'pcapParserReader']);
  expect(Object.keys(testing)).toEqual(['runCause']);
});
