/** Advice in the terms of the system that a host shows: Linux's own only where it may be Linux. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../../src/causes/index.js';
import type { StackFamily } from '../../../src/context/stacks.js';
import { fixOf, lookOf } from '../../../src/report/words/host-terms.js';
import type { Reset } from '../../../src/reset/types.js';
import { decider, fullBacklog, killer } from '../../../src/reset/vocabulary/on-the-host.js';
import type { Cause } from '../../../src/reset/vocabulary/verdict.js';
import { resetOf } from '../../support/signatures.js';

const stack = (family: StackFamily) => ({ stack: { family } as never });
/** The server resets. */
const between = (server: StackFamily | null, client: StackFamily | null = null) =>
  resetOf({
    sender: server === null ? {} : stack(server),
    receiver: client === null ? {} : stack(client),
  });
const cause = (id: string) => {
  const found = causes.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
};

/** A verdict of that cause as far as its fix goes, as harmful as the cause is. */
const fixFor = (one: Cause, reset: Reset) => fixOf({ cause: one, reset, severity: one.severity });

/** Commands, counters and settings that only Linux has. */
const LINUX = /\bnstat\b|\bss -|TcpExt|\bsysctl\b|net\.(ipv4|core)\.|\bdmesg\b|journalctl|uptime -s/;

test.each(causes.map((one) => [one.id, one] as const))('%s advises no host of another system as Linux', (_, one) => {
  for (const other of ['windows', 'apple', 'bsd'] as const) {
    const said = `${fixFor(one, between(other, other))}\n${lookOf(one, between(other, other))}`;
    expect(said).not.toMatch(LINUX);
    expect(said).not.toMatch(/undefined|\$1|\{|\s\s|;\s*$/);
  }
});

test('of a host that is not known, or is Linux, nothing is changed', () => {
  for (const family of [null, 'linux', 'unknown', 'raw-socket tool'] as const)
    expect(lookOf(cause('closed-port'), between(family))).toContain("ss -ltn 'sport = :");
});

describe('each clause speaks of the host that it names', () => {
  test('the sender is Linux, the receiver is not', () => {
    const look = lookOf(cause('tcp-keepalive-timeout'), between('linux', 'windows'));
    expect(look).toContain('nstat -az TcpExtTCPAbortOnTimeout');
    expect(look).toContain('Get-NetTCPConnection');
    expect(look).not.toContain('ss -tn');
  });
  test('and the other way round', () => {
    const look = lookOf(cause('tcp-keepalive-timeout'), between('windows', 'linux'));
    expect(look).toContain('netstat -s -p tcp, "Reset Connections" counts up');
    expect(look).toContain('ss -tn');
  });
});

test("an abort on Windows may be that of the system's own services", () => {
  expect(fixFor(cause('abortive-close'), between('windows'))).toMatch(
    /^On the server: find the program: .* SO_LINGER 0 or had ended\.$/,
  );
  expect(fixFor(cause('abortive-close'), between('linux'))).toContain('remove SO_LINGER 0 (setLinger(true, 0)');
});

test('a Windows server is told of no sysctl', () => {
  expect(fixFor(cause('accept-queue-overflow'), between('windows'))).toMatch(/raise the listen backlog\.$/);
  expect(fixFor(cause('accept-queue-overflow'), between('linux'))).toContain('net.core.somaxconn');
});

test.each([
  ['linux', 'ss -K', 'nstat X decides', 'A full accept queue with tcp_abort_on_overflow = 1'],
  ['windows', 'a process that is stopped', "the program's log decides", 'A full listen backlog'],
] as const)('doubts of %s', (family, who, what, queue) => {
  expect([killer(stack(family)), decider(stack(family), 'X'), fullBacklog(stack(family))]).toEqual([who, what, queue]);
});
