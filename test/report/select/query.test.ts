import { describe, expect, test } from 'vitest';
import { parseQuery, timeIn } from '../../../src/report/select/query.js';

const A = { address: '10.0.0.1', port: 43210 };
const B = { address: '10.0.0.2', port: 6379 };
const A6 = { address: '2001:db8::1', port: 43210 };
const B6 = { address: '2001:db8::2', port: 443 };

describe('parseQuery', () => {
  test.each(['11', 'frame 11', '#11', 'frame.number == 11'])('%s is a frame', (text) => {
    expect(parseQuery(text)).toEqual({ kind: 'frame', frame: 11 });
  });

  test('2:11 is a frame of the second file', () => {
    expect(parseQuery('2:11')).toEqual({ kind: 'frame', frame: 11, file: 2 });
  });

  test('a frame number as the report prints it', () => {
    expect(parseQuery('8,123,441')).toEqual({ kind: 'frame', frame: 8123441 });
  });

  test.each([
    '10.0.0.1:43210->10.0.0.2:6379',
    '10.0.0.1:43210→10.0.0.2:6379',
    '10.0.0.1:43210 10.0.0.2:6379',
    '10.0.0.1:43210 - 10.0.0.2:6379',
    '10.0.0.1:43210,10.0.0.2:6379',
    '10.0.0.1,43210,10.0.0.2,6379',
    '10.0.0.1 43210 10.0.0.2 6379',
    '10.0.0.1 port 43210 10.0.0.2 port 6379',
    'IP 10.0.0.1.43210 > 10.0.0.2.6379: Flags [R], seq 5, win 0, length 0',
    'tcp 6 431999 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=43210 dport=6379 src=10.0.0.2 dst=10.0.0.1 sport=6379 dport=43210',
    'ip.src==10.0.0.1 && ip.dst==10.0.0.2 && tcp.srcport==43210 && tcp.dstport==6379',
    '{"src_ip":"10.0.0.1","src_port":43210,"dest_ip":"10.0.0.2","dest_port":6379}',
    'ESTAB 0 0 10.0.0.1:43210 10.0.0.2:6379 users:(("redis-cli",pid=1,fd=3))',
    'read tcp 10.0.0.1:43210->10.0.0.2:6379: read: connection reset by peer',
    '2026/11/21 02:58:03 write tcp 10.0.0.1:43210->10.0.0.2:6379: write: broken pipe',
  ])('%s is a connection', (text) => {
    expect(parseQuery(text)).toEqual({ kind: 'connection', ends: [A, B] });
  });

  test.each([
    '[2001:db8::1]:43210->[2001:db8::2]:443',
    'IP6 2001:db8::1.43210 > 2001:db8::2.443: Flags [R.], seq 0, ack 1',
    '2001:db8::1 43210 2001:db8::2 443',
    'read tcp [2001:db8::1]:43210->[2001:db8::2]:443: i/o timeout',
  ])('%s is a connection over IPv6', (text) => {
    expect(parseQuery(text)).toEqual({ kind: 'connection', ends: [A6, B6] });
  });

  test('an nginx line names the upstream and the client', () => {
    const line =
      '2026/11/21 07:59:10 [error] 21454#21454: *1 recv() failed (104: Connection reset by peer) while reading response header from upstream, client: 127.0.0.1, server: , request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:18001/linger", host: "x"';
    expect(parseQuery(line)).toEqual({
      kind: 'part',
      ends: [{ address: '127.0.0.1', port: 18001 }],
      addresses: ['127.0.0.1'],
    });
    expect(timeIn(line)).toBe('2026-11-21T07:59:10');
  });

  test('a connect error names the server only', () => {
    expect(parseQuery('connect ECONNREFUSED 127.0.0.1:18009')).toEqual({
      kind: 'part',
      ends: [{ address: '127.0.0.1', port: 18009 }],
      addresses: ['127.0.0.1'],
    });
  });

  test.each(['', 'socket hang up', 'at 12:30:01 it failed', 'version 1.2.3'])('%s names nothing', (text) => {
    expect(parseQuery(text)).toEqual({ kind: 'nothing' });
  });
});

describe('timeIn', () => {
  test.each([
    ['2026-11-21T02:58:03.120934Z read tcp', '2026-11-21T02:58:03.120934Z'],
    ['[2026-11-21 02:58:03,120] ERROR', '2026-11-21T02:58:03,120'],
    ['Nov 21 02:58:03 host app[1]: x', '02:58:03'],
    ['10.0.0.1:43210', null],
    ['2001:db8:12:34:56::1', null],
  ])('%s', (line, expected) => {
    expect(timeIn(line)).toBe(expected);
  });
});
