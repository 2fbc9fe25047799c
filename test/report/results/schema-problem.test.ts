import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonSchema } from '../../../src/report/data/schema.js';
import { render } from '../../../src/report/render.js';
import { schemaProblem } from '../../../src/report/results/schema-problem.js';
import { closedPort, forged, keepAliveRace } from '../../support/diagnosis.js';

const ajv = new Ajv2020({ allowUnionTypes: true }).compile(jsonSchema);
const reports = [keepAliveRace, closedPort, forged].map((make) => JSON.parse(render(make(), 'json')));

/** Every place in a document, as the object or list that it is in and the key there. */
function places(value: unknown, found: [Record<string, unknown>, string][] = []): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Record<string, unknown>, key]);
    places((value as Record<string, unknown>)[key], found);
  }
  return found;
}

test('it says of a report with one place changed what another validator says', () => {
  const other = fc.constantFrom<unknown>(
    null,
    0,
    1,
    -1,
    1.5,
    70_000,
    '',
    'x',
    '2:1',
    true,
    [],
    [0],
    {},
    'x'.repeat(40),
  );
  let wrong = 0;
  fc.assert(
    fc.property(fc.constantFrom(...reports), fc.nat(), other, fc.boolean(), (report, at, value, remove) => {
      const changed = structuredClone(report);
      const all = places(changed);
      const [holder, key] = all[at % all.length] as [Record<string, unknown>, string];
      if (remove && !Array.isArray(holder)) delete holder[key];
      else holder[key] = value;
      const problem = schemaProblem(jsonSchema, changed);
      if (problem !== null) wrong++;
      expect(problem === null, problem ?? '').toBe(ajv(changed));
    }),
    { numRuns: 2000 },
  );
  expect(wrong).toBeGreaterThan(500);
});

test('it names the place', () => {
  const [report] = reports;
  const changed = structuredClone(report);
  changed.resets[0].connection.packets = 'many';
  expect(schemaProblem(jsonSchema, changed)).toBe('resets[0].connection.packets: must be a whole number, not "many"');
  delete changed.resets[0].connection.packets;
  expect(schemaProblem(jsonSchema, changed)).toBe('resets[0].connection.packets: is missing');
});
