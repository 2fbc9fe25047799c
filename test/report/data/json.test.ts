import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { jsonSchema } from '../../../src/report/data/schema.js';
import { render } from '../../../src/report/render.js';
import { atNight, closedPort, forged, keepAliveRace, noResets } from '../../support/diagnosis.js';

const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(jsonSchema);

describe('json', () => {
  test.each([keepAliveRace, closedPort, forged, atNight, noResets])('%o keeps to the schema', (make) => {
    const document: unknown = JSON.parse(render(make(), 'json'));
    expect(validate(document), JSON.stringify(validate.errors, null, 1)).toBe(true);
  });

  test('a field that went missing breaks the schema', () => {
    const document = JSON.parse(render(keepAliveRace(), 'json'));
    delete document.resets[0].filter;
    expect(validate(document)).toBe(false);
  });

  test('times keep their nanoseconds, numbers their octets', () => {
    const [reset] = JSON.parse(render(keepAliveRace(), 'json')).resets;
    expect(reset.time).toBe('2026-11-21T08:01:04.879512000Z');
    expect(reset.connection).toEqual({
      client: '10.0.1.2:46840',
      server: '10.0.2.2:5007',
      incarnation: 1,
      start: '2026-11-21T08:01:04.628756000Z',
      end: '2026-11-21T08:01:04.879512000Z',
      history: 'ShADadFr',
      packets: 11,
      bytes: 12,
      clientBytes: 8,
      serverBytes: 4,
      idleSeconds: 0.01,
      stacks: { client: null, server: null },
    });
    expect(reset.filter).toBe('frame.number in {8,9,10,11}');
    expect(reset.evidence[0]).toEqual({
      file: '06_fin_then_data_keepalive_race.c.pcap',
      frame: 8,
      text: 'after 200 ms of silence the server closed its side with FIN',
      values: {},
    });
  });

  test('every cause that is named is described', () => {
    const document = JSON.parse(render(keepAliveRace(), 'json'));
    expect(Object.keys(document.causes)).toEqual(['data-after-close', 'keepalive-race-after-fin']);
  });

  test('aftershocks and ignored RSTs are listed too', () => {
    const { resets } = JSON.parse(render(forged(), 'json'));
    expect(resets.map((reset: { role: string; of: string | null }) => [reset.role, reset.of])).toEqual([
      ['ignored', null],
      ['ignored', null],
      ['first', null],
      ['aftershock', '15'],
    ]);
  });
});
