/** A proxy handed on what it had received on its other connection. */
import { describe, expect, test } from 'vitest';
import type { Given } from '../support/signatures.js';
import { answerOf, MS, tellsOf } from '../support/signatures.js';

describe('reset-on-other-leg', () => {
  const relay = () => ({ frame: 90, time: 9_995 * MS, address: '10.0.9.9', port: 5432 });
  test.each<[string, Given, string]>([
    ['another connection had ended just before', { context: { relay } }, 'likely unknown'],
    ['none had', {}, 'no: no other connection that it could be a leg of had ended just before'],
    [
      'of a third party',
      { mechanism: 'third-party likely', context: { relay } },
      'no: the sender named in it did not make it',
    ],
  ])('%s', (_, given, answer) => {
    expect(answerOf('reset-on-other-leg', given)).toBe(answer);
  });

  test('reset-on-other-leg says what it saw', () => {
    expect(tellsOf('reset-on-other-leg', { context: { relay } })).toEqual([
      '90 10.0.9.9:5432 ended another connection, the one half of this conversation',
      '100 5 ms later 10.0.2.2 reset this one: the server is a proxy that handed it on {"latency":5000000}',
      'That both belong together is inferred from the time; the proxy log decides.',
    ]);
  });
  test('a server hands on what it met as a client, a client what it met as a server', () => {
    const asked: unknown[] = [];
    const context: Given['context'] = {
      relay: (...question) => {
        asked.push(question.slice(0, 2));
        return null;
      },
    };
    answerOf('reset-on-other-leg', { context });
    answerOf('reset-on-other-leg', { sender: { role: 'client' }, context });
    expect(asked).toEqual([
      ['10.0.2.2', false],
      ['10.0.2.2', true],
    ]);
  });
});
