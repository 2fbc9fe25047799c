import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { render } from '../../../src/report/render.js';
import type { Diagnosis } from '../../../src/reset/verdicts/diagnosis.js';
import { atNight, closedPort, forged, keepAliveRace, noResets } from '../../support/diagnosis.js';
import { hostileDiagnosis } from '../../support/hostile.js';
import { parseXml } from '../../support/xml.js';

const junit = (diagnosis: Diagnosis) => parseXml(render(diagnosis, 'junit'));

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

describe('junit', () => {
  it('fails a case per finding that is a warning or worse, and counts right', () => {
    const suites = junit(atNight());
    expect(suites.attributes).toMatchObject({ tests: '4', failures: '2', errors: '0' });
    const cases = suites.children[0]!.children;
    expect(cases.map((one) => one.children[0]?.name)).toEqual(['failure', 'failure', 'system-out', 'system-out']);
    expect(cases[0]!.attributes['name']).toBe('keepalive-race-unread: 60 of 311,204 connections to 10.9.8.7:8080');
  });

  it('tells in the failure what the text report tells', () => {
    const failure = junit(keepAliveRace()).children[0]!.children[0]!.children[0]!;
    expect(failure.attributes).toEqual({
      message: 'A request was sent on an idle connection the server had just closed',
      type: 'keepalive-race-after-fin',
    });
    expect(failure.text).toContain('why: After 200 ms of silence');
    expect(failure.text).toContain('here: whyrst show 06_fin_then_data_keepalive_race.c.pcap 11');
  });

  it('passes one case where nothing was reset', () => {
    const suite = junit(noResets()).children[0]!;
    expect(suite.attributes).toMatchObject({ name: 'quiet.pcap', tests: '1', failures: '0' });
  });

  it('is well-formed whatever the capture holds', () => {
    const text = render(hostileDiagnosis(), 'junit');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\ufffe\uffff]/u);
    const failure = parseXml(text).children[0]!.children[0]!.children[0]!;
    expect(failure.text).toContain('</script><script>alert("canary")</script>');
  });

  it.skipIf(!hasXmllint).each([
    ['a race', keepAliveRace()],
    ['a refusal', closedPort()],
    ['forged ones', forged()],
    ['many', atNight()],
    ['none', noResets()],
    ['hostile ones', hostileDiagnosis()],
  ])('is valid by the schema: %s', (_, diagnosis) => {
    const schema = fileURLToPath(new URL('../../support/junit.xsd', import.meta.url));
    const { status, stderr } = spawnSync('xmllint', ['--nonet', '--noout', '--schema', schema, '-'], {
      input: render(diagnosis, 'junit'),
      encoding: 'utf8',
    });
    expect(stderr.trim()).toBe('- validates');
    expect(status).toBe(0);
  });
});
