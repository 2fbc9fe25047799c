/** What an earlier report held, and what is new against it. */
import { describe, expect, it } from 'vitest';
import { newAgainst, readBaseline } from '../../src/gate/baseline.js';
import { fingerprint } from '../../src/report/ci/fingerprint.js';
import { makeCause } from '../support/diagnosis.js';
import { verdict } from '../support/gate.js';

const CLIENT = { address: '10.0.1.2', port: 40_000, role: 'client' };
const SERVER = { address: '10.0.2.2', port: 80, role: 'server' };
const entry = (more: object = {}) => ({ role: 'first', cause: 'closed-port', from: SERVER, to: CLIENT, ...more });
const read = (...resets: readonly unknown[]) => readBaseline(JSON.stringify({ schema: 1, resets }));
const key = (server = '10.0.2.2:80', role: 'first' | 'ignored' = 'first', cause = 'closed-port') =>
  fingerprint(cause, server, role);

describe('a baseline', () => {
  it('counts the resets of each cause at each server', () => {
    const other = entry({ to: { ...SERVER, port: 81 }, from: CLIENT });
    expect([...read(entry(), other, entry())]).toEqual([
      [key(), 2],
      [key('10.0.2.2:81'), 1],
    ]);
  });
  it('knows the server by its role, else by the lower port', () => {
    const nobody = (port: number, more = {}) => ({ address: '10.0.3.3', port, role: 'originator', ...more });
    const last = (one: object) => [...read(one).keys()][0];
    expect(last(entry({ from: nobody(90), to: nobody(91) }))).toBe(key('10.0.3.3:90'));
    expect(last(entry({ from: nobody(91), to: nobody(90) }))).toBe(key('10.0.3.3:90'));
    expect(last(entry({ from: nobody(90), to: { ...SERVER, port: 99 } }))).toBe(key('10.0.2.2:99'));
    expect(last(entry({ from: { ...SERVER, port: 99 }, to: nobody(90) }))).toBe(key('10.0.2.2:99'));
    expect(last(entry({ from: { ...SERVER, address: 'fd00::1' } }))).toBe(key('[fd00::1]:80'));
  });
  it('holds ignored ones apart, and aftershocks not at all', () => {
    expect([...read(entry({ role: 'ignored' }), entry({ role: 'aftershock' }))]).toEqual([
      [key('10.0.2.2:80', 'ignored'), 1],
    ]);
  });
  it.each<[string, string, string]>([
    ['no JSON', 'x', 'not JSON: '],
    ['no object', '7', 'not a report of whyrst: make one with whyrst -f json -o baseline.json'],
    ['null', 'null', 'not a report of whyrst'],
    ['no resets', '{"schema":1}', 'not a report of whyrst'],
    ['resets that are no list', '{"schema":1,"resets":{}}', 'not a report of whyrst'],
    ['no schema', '{"resets":[]}', 'a report of another schema: make it again'],
    ['another schema', '{"schema":2,"resets":[]}', 'a report of another schema: make it again'],
    [
      'a reset that is none',
      '{"schema":1,"resets":[null]}',
      'a report of another schema: its resets have no cause or no addresses',
    ],
  ])('refuses %s', (_, text, message) => {
    expect(() => readBaseline(text)).toThrow(message);
  });
  it.each<[string, object]>([
    ['cause', { cause: 7 }],
    ['sender', { from: undefined }],
    ['receiver', { to: null }],
    ['address', { from: { port: 80 } }],
    ['port', { to: { address: '10.0.0.1', port: '80' } }],
  ])('refuses a reset without %s', (_, more) => {
    expect(() => read(entry(more))).toThrow('its resets have no cause or no addresses');
  });
});

describe('what is new', () => {
  it('is told by cause and server, once, with its frames', () => {
    const left = new Map([[key(), 1]]);
    const verdicts = [3, 5, 8].map((frame) => verdict(frame, 'closed-port'));
    expect(newAgainst([...verdicts, verdict(9, 'forged-reset')], left, 'a b.pcap', 'old.json')).toEqual([
      {
        kind: 'limit',
        title: 'New: 2 closed-port to 10.0.2.2:80, not in old.json',
        file: 'a b.pcap',
        line: null,
        rows: [
          ['found', expect.stringMatching(/^frame 5: closed-port[^\n]*\nframes 5, 8$/)],
          ['look', "whyrst show 'a b.pcap' 5"],
        ],
      },
      expect.objectContaining({
        title: 'New: 1 forged-reset to 10.0.2.2:80, not in old.json',
        rows: [
          ['found', expect.stringMatching(/^frame 9: forged-reset[^\n]*$/)],
          ['look', "whyrst show 'a b.pcap' 9"],
        ],
      }),
    ]);
    expect(left.get(key())).toBe(0);
  });
  it('is nothing that is known by a former name', () => {
    const renamed = { ...verdict(3, 'x'), cause: makeCause('new-name', { formerly: ['older', 'closed-port'] }) };
    const left = new Map([[key(), 1]]);
    expect(newAgainst([renamed], left, 'x', 'y')).toEqual([]);
    expect(newAgainst([renamed], left, 'x', 'y')).toHaveLength(1);
  });
});
