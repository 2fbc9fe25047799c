import { describe, expect, it } from 'vitest';
import { type Annotation, annotationLines, findingAnnotations } from '../../../src/report/ci/github.js';
import { atNight } from '../../support/diagnosis.js';
import { hostileDiagnosis } from '../../support/hostile.js';

/** As the runner reads a line of a step's output (actions/runner, ActionCommand.cs). */
function parse(line: string) {
  const parts = /^::(\w+)(?: (.*?))?::(.*)$/.exec(line);
  if (parts === null) return null;
  const decode = (text: string) =>
    text.replace(/%0D/g, '\r').replace(/%0A/g, '\n').replace(/%3A/g, ':').replace(/%2C/g, ',').replace(/%25/g, '%');
  const properties = Object.fromEntries(
    (parts[2] ?? '')
      .split(',')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), decode(pair.slice(pair.indexOf('=') + 1))]),
  );
  return { level: parts[1], properties, message: decode(parts[3] as string) };
}

describe('GitHub annotations', () => {
  it('are one per finding, at the capture, the worst first', () => {
    const lines = annotationLines(findingAnnotations(atNight())).map(parse);
    expect(lines.map((line) => [line?.level, line?.properties['title']])).toEqual([
      ['error', 'keepalive-race-unread (likely)'],
      ['error', 'process-exit (likely)'],
      ['notice', 'port-scan (likely)'],
      ['notice', 'unread-close-notify (likely)'],
    ]);
    expect(lines[0]?.properties['file']).toBe('prod.pcap');
    expect(lines[0]?.message).toContain('whyrst show prod.pcap 110');
  });

  it('are no more than GitHub shows, and say how many there were', () => {
    const one: Annotation = { level: 'error', file: 'a.pcap', line: 3, title: 'x', message: 'y' };
    const lines = annotationLines(Array.from({ length: 25 }, () => one));
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe('::error file=a.pcap,line=3,title=x::y');
    expect(lines[9]).toBe('::error title=whyrst::16 more: see the job summary');
  });

  it('let no text of a capture become a command', () => {
    const lines = annotationLines(findingAnnotations(hostileDiagnosis()));
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      expect(Object.keys(parse(line)?.properties ?? {})).toEqual(['file', 'title']);
    }
  });
});
