import { readFileSync, writeFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../src/cli/suggest.js';
import { ConfigError, configJsonSchema, parseConfig } from '../../src/gate/config.js';

const EXAMPLE = {
  $schema: './node_modules/whyrst/src/gate/config.schema.json',
  captures: 'captures/**/*.pcap',
  failOn: ['error'],
  maxResets: 3,
  ignore: [{ cause: 'port-scan', server: '10.0.0.0/8', until: '2027-03-01', reason: 'nightly scanner' }],
  causes: './our-causes.js',
  limits: { raceUnread: 500 },
  site: {
    middleboxes: [{ cidr: '10.1.0.0/24', name: 'load balancer blue' }],
    idleTimeouts: [{ seconds: 350, name: 'NLB', cidr: '10.1.0.0/24' }],
    healthCheckers: [{ cidr: '10.1.0.9', name: 'keepalived' }],
  },
};

function problems(value: unknown): readonly string[] {
  try {
    parseConfig(value, 'whyrst.config.json', didYouMean);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('configuration', () => {
  it('takes the example, one value or a list alike', () => {
    const config = parseConfig(EXAMPLE, 'x', didYouMean);
    expect(config).toMatchObject({ captures: ['captures/**/*.pcap'], failOn: ['error'], causes: ['./our-causes.js'] });
    expect(parseConfig(undefined, 'x', didYouMean)).toEqual({});
  });

  it.each([
    [{ maxReset: 3 }, 'unknown key "maxReset"; did you mean maxResets?'],
    [{ captures: 3 }, 'captures: expected string or array of strings, received number'],
    [{ captures: ['a.pcap', 3] }, 'captures[1]: expected string, received number'],
    [{ captures: '' }, 'captures: must not be empty'],
    [{ baseline: null }, 'baseline: expected string, received null'],
    [{ maxResets: -1 }, 'maxResets: must be 0 or more, not -1'],
    [{ maxResets: 1.5 }, 'maxResets: must be a whole number, not 1.5'],
    [{ maxResets: 2 ** 53 }, 'maxResets: must be at most 9007199254740991, not 9007199254740992'],
    [{ limits: { settle: Number.NaN } }, 'limits.settle: expected number, received NaN'],
    [{ ignore: {} }, 'ignore: expected array, received object'],
    // A hole in a list, and what an object inherits, as a configuration in JavaScript may have them.
    [{ causes: Array(1) }, 'causes[0]: expected string, received undefined'],
    [Object.create({ maxReset: 3 }), 'unknown key "maxReset"; did you mean maxResets?'],
    [Object.create({ maxResets: -1 }), 'maxResets: must be 0 or more, not -1'],
    [{ site: { idleTimeouts: [{ seconds: 0, name: 'NLB' }] } }, 'site.idleTimeouts[0].seconds: must be above 0, not 0'],
    [{ maxResets: 'three' }, 'maxResets: expected number, received string'],
    [
      { site: { middleboxes: [{ cidr: '10.1.0.0/99', name: 'x' }] } },
      'site.middleboxes[0].cidr: must be an address or a CIDR block, like 10.1.0.0/16',
    ],
    [
      { ignore: [{ cause: 'port-scan', until: 'soon', reason: 'x' }] },
      'ignore[0].until: must be a date like 2027-03-01',
    ],
    [{ ignore: [{ cause: 'port-scan', reason: 'x' }] }, 'ignore[0].until: expected string, received undefined'],
    [{ site: { middleboxes: { cidr: '::1' } } }, 'site.middleboxes: expected array, received object'],
    [{ limits: { raceUnred: 3 } }, 'limits: unknown key "raceUnred"; did you mean raceUnread?'],
    [[], 'expected object, received array'],
  ])('says what is wrong: %j', (value, message) => {
    expect(problems(value)).toEqual([message]);
  });

  it('says all that is wrong, in the order of the schema, and the unknown keys last', () => {
    const value = { typo: 1, site: { middleboxes: [{ cidr: 'x', name: '' }] }, maxResets: '3' };
    expect(problems(value)).toEqual([
      'maxResets: expected number, received string',
      'site.middleboxes[0].cidr: must be an address or a CIDR block, like 10.1.0.0/16',
      'site.middleboxes[0].name: must not be empty',
      'unknown key "typo"',
    ]);
  });

  it('gives a site empty lists where it names none', () => {
    expect(parseConfig({ site: {} }, 'x', didYouMean)).toEqual({
      site: { middleboxes: [], idleTimeouts: [], healthCheckers: [] },
    });
  });

  it('publishes a JSON Schema that agrees, and that is up to date', () => {
    const path = new URL('../../src/gate/config.schema.json', import.meta.url);
    // npm run schema
    if (process.env['WRITE_SCHEMA'] === '1') writeFileSync(path, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
    const published = JSON.parse(readFileSync(path, 'utf8'));
    expect(published, 'renew it: npm run schema').toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
    const validate = new Ajv2020({ strict: false }).compile(published);
    expect(validate(EXAMPLE)).toBe(true);
    expect(validate({ maxReset: 3 })).toBe(false);
  });
});
