import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { causes } from '../../src/causes/index.js';
import { didYouMean } from '../../src/cli/suggest.js';
import { causesOfModule, type OwnCause, OwnCauseError, withOwnCauses } from '../../src/gate/own-causes.js';
import { defineCause } from '../../src/reset/vocabulary/cause.js';
import { runCause } from '../../src/testing.js';

const nightly: OwnCause = defineCause({
  id: 'nightly-deploy',
  title: 'The nightly deployment restarted the {sender}',
  explanation: 'At night every service is restarted.',
  fix: 'Nothing to do.',
  confirm: 'deploy log',
  references: [],
  since: '1',
  severity: 'note',
  shapes: ['reply'],
  needs: ['handshake'],
  signature: (reset) =>
    reset.sender.port === 5001
      ? {
          confidence: 'likely',
          responsible: 'server-app',
          evidence: [{ frame: reset.rst.frame, text: 'port 5001', values: {} }],
          doubt: ['it is inferred'],
        }
      : { no: 'another port' },
});

const race = readFileSync(new URL('../../captures/keepalive-race-after-fin.pcap', import.meta.url));

function problems(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof OwnCauseError) return error.problems;
    throw error;
  }
  return [];
}

describe('causes of a team', () => {
  it('rank first among the stories, or where they say', () => {
    const rank = (own: OwnCause) => withOwnCauses(causes, [own], 'x', didYouMean).findIndex(({ id }) => id === own.id);
    const at = (id: string) => causes.findIndex((cause) => cause.id === id);
    expect(rank(nightly)).toBe(at('rst-ignored') + 1);
    expect(rank({ ...nightly, before: 'closed-port' })).toBe(at('closed-port'));
    expect(rank({ ...nightly, after: 'closed-port' })).toBe(at('closed-port') + 1);
  });

  it('keep their order among themselves', () => {
    const second = { ...nightly, id: 'second' };
    const ids = withOwnCauses(
      causes,
      [nightly, second, { ...nightly, id: 'third', before: 'second' }],
      'x',
      didYouMean,
    ).map(({ id }) => id);
    expect(ids.slice(ids.indexOf('nightly-deploy'), ids.indexOf('nightly-deploy') + 3)).toEqual([
      'nightly-deploy',
      'third',
      'second',
    ]);
  });

  it('say what is wrong with them', () => {
    expect(problems(() => withOwnCauses(causes, [{ ...nightly, before: 'closed-prt' }], 'x', didYouMean))).toEqual([
      'nightly-deploy: ranks before "closed-prt", which is no cause; did you mean closed-port?',
    ]);
    expect(problems(() => withOwnCauses(causes, [{ ...nightly, id: 'closed-port' }], 'x', didYouMean))).toEqual([
      'closed-port: there is a cause of that name already',
    ]);
    expect(problems(() => causesOfModule({}, 'x'))).toEqual(['exports no cause: export default [defineCause({ … })]']);
    expect(problems(() => causesOfModule({ default: { id: 'Bad Id', shapes: ['odd'] } }, 'x'))).toEqual([
      'Bad Id: "title" is missing',
      'Bad Id: "explanation" is missing',
      'Bad Id: "fix" is missing',
      'Bad Id: "confirm" is missing',
      'Bad Id: "since" is missing',
      'Bad Id: "id" must be kebab-case',
      'Bad Id: "severity" must be note, warning or error',
      'Bad Id: "signature" must be a function',
      'Bad Id: "references" must be a list',
      'Bad Id: "needs" must be a list',
      'Bad Id: no shape is called "odd"',
    ]);
  });
});

describe('runCause', () => {
  it('runs one cause at its place over a capture', async () => {
    const [reset] = await runCause(nightly, race);
    expect(reset).toMatchObject({ frame: 10, asked: true, chosen: true, result: { confidence: 'likely' } });
    expect(reset?.verdict.cause.id).toBe('nightly-deploy');
  });

  it('shows what it said where another cause won, and where it was not asked', async () => {
    const late = { ...nightly, after: 'keepalive-race-after-fin', signature: () => ({ no: 'not tonight' }) };
    expect((await runCause(late, race))[0]).toMatchObject({
      chosen: false,
      asked: true,
      result: { no: 'not tonight' },
    });
    expect((await runCause({ ...nightly, shapes: ['zero'] }, race))[0]).toMatchObject({
      asked: false,
      result: undefined,
    });
  });

  it('runs a built-in one too', async () => {
    const own = causes.find(({ id }) => id === 'keepalive-race-after-fin')!;
    const [reset] = await runCause({ ...own, id: own.id }, race);
    expect(reset?.chosen).toBe(true);
  });
});
