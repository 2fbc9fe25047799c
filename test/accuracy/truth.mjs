/** Truth files (captures/README.md) and how a verdict stands up to them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** All truth files of a folder in order of their names. */
export function readTruths(folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.truth.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

const socket = ({ address, port }) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);
const portOf = (name) => name.slice(name.lastIndexOf(':') + 1);
const hostOf = (name) => name.slice(0, name.lastIndexOf(':'));

/** Does `ip:port`, with `*` for either, name this socket? */
function names(pattern, name) {
  const [host, port] = [hostOf(pattern), portOf(pattern)];
  return (host === '*' || host === hostOf(name)) && (port === '*' || port === portOf(name));
}

/** Which end of this connection of the truth file the sender of a reset is; null where it is about another connection. */
function endOf({ client, server }, sender, receiver) {
  if (names(client, sender) && names(server, receiver)) return 'client';
  return names(server, sender) && names(client, receiver) ? 'server' : null;
}

/** Does this reset carry the connection's names, on either side of a NAT? */
export function isAbout(connection, reset) {
  const [sender, receiver] = [socket(reset.sender), socket(reset.receiver)];
  return [connection, connection.translated ?? connection].some((one) => endOf(one, sender, receiver) !== null);
}

/**
 * The connection of the truth file that a reset belongs to, and which of its ends the sender is. Names
 * as the programs know them go before translated ones; where a NAT gave one name to two connections, the
 * one that was reset is meant.
 */
export function connectionOf(truth, reset) {
  const [sender, receiver] = [socket(reset.sender), socket(reset.receiver)];
  const by = (pick) =>
    truth.connections.flatMap((connection) => {
      const from = pick(connection) && endOf(pick(connection), sender, receiver);
      return from ? [{ connection, from }] : [];
    });
  const found = [...by((connection) => connection), ...by((connection) => connection.translated)];
  return found.find((one) => one.connection.cause !== null) ?? found[0] ?? null;
}

/** `right`, `wrong`, or `undecided`: the honest answer of the family where the truth is a cause. */
export function scoreOf(connection, cause) {
  if (connection === null) return 'wrong';
  if (connection.cause === cause.id || connection.also?.includes(cause.id)) return 'right';
  return cause.fallback ? 'undecided' : 'wrong';
}

/**
 * What a program was told of the end of its connection; null where it was told nothing (it did not look,
 * gave up waiting, or went on before the reset came). After ECONNRESET a read returns EOF and a write
 * EPIPE: only what came first counts. EPIPE without ECONNRESET before it means that a FIN came first.
 */
export function seenBy(operations) {
  const results = operations.map((operation) => operation.result);
  const error = results.find((result) => /^E[A-Z]+$/.test(result) && result !== 'EOF') ?? null;
  const eof = results.indexOf('EOF');
  if (error === null && eof < 0) return null;
  return { error, eofFirst: eof >= 0 && (error === null || eof < results.indexOf(error)), results };
}

/** `right`, `wrong` or `undecided` (no prediction). A program that stopped at EOF never met the error that waited behind it. */
export function scoreApplication(seen, predicted) {
  if (predicted === null) return 'undecided';
  if (seen.error === null) return predicted.error === null || predicted.eofFirst ? 'right' : 'wrong';
  if (predicted.error !== seen.error) return 'wrong';
  return seen.eofFirst && !predicted.eofFirst ? 'wrong' : 'right';
}

/** The trace is printed a little before or after the packet passes the capture point, never so long (seconds). */
const BEFORE = 0.3;
const AFTER = 0.02;

/**
 * The kernel's own line for each verdict, in frame order; null where there is none (a forged reset, one that
 * netfilter made). Lines are joined by tuple and used once each. A dead connection on a port that still has a
 * listener is printed with the listener's tuple: such lines are joined by port and time (docs/causes.md, "The kernel's reasons").
 */
export function kernelLines(truth, verdicts, epoch) {
  const unused = [...truth.resets].sort((a, b) => a.time - b.time);
  return verdicts.map((verdict) => {
    const { sender, receiver, rst } = verdict.reset;
    const found = connectionOf(truth, verdict.reset);
    const time = Number(epoch) / 1e9 + rst.time / 1e9;
    const to = found?.from === 'client' ? 'server' : 'client';
    const sources = [socket(sender), ...namesOn(found, found?.from)];
    const destinations = [socket(receiver), ...namesOn(found, to)];
    const near = (line) => line.time >= time - BEFORE && line.time <= time + AFTER;
    const byTuple = (line) =>
      sources.some((name) => names(name, line.source)) && destinations.some((name) => names(name, line.destination));
    const byPort = (line) =>
      line.state === 'TCP_LISTEN' &&
      portOf(line.destination) === '0' &&
      sources.some((name) => portOf(name) === portOf(line.source));
    const at = unused.findIndex((line) => near(line) && (byTuple(line) || byPort(line)));
    return at < 0 ? null : unused.splice(at, 1)[0];
  });
}

/** The names of one end on the other side of a NAT. */
function namesOn(found, side) {
  const { translated } = found?.connection ?? {};
  return translated === undefined ? [] : [found.connection[side], translated[side]];
}

/**
 * For every connection that ended without a reset, as the truth and the capture say: the kind of ending that was told,
 * or null. `right` where it is one of those the truth accepts.
 */
export function endingScores(truth, vantage, { verdicts, endings }) {
  return truth.connections.flatMap((connection) => {
    if (connection.ending === undefined || connection.notAt?.includes(vantage)) return [];
    if (verdicts.some(({ reset }) => isAbout(connection, reset))) return [];
    const names = [connection, connection.translated ?? connection];
    const isOurs = ({ client, server }) => names.some((one) => endOf(one, client, server) === 'client');
    const told = endings.find(isOurs)?.kind ?? null;
    return [{ truth: connection.ending[0], told, score: connection.ending.includes(told) ? 'right' : 'wrong' }];
  });
}

/**
 * For every death and either end: what its program was told against what was predicted. `observed`: the
 * reset came to this end (otherwise it spoke in this end's name).
 */
export function applicationScores(truth, vantage, verdicts) {
  const list = [];
  const done = new Set();
  for (const verdict of verdicts) {
    if (verdict.role !== 'first') continue;
    const found = connectionOf(truth, verdict.reset);
    if (found === null || found.connection.notAt?.includes(vantage)) continue;
    const { connection, from } = found;
    // What is only also true (another event, as seen from there) says nothing of the program at the far end.
    if (connection.cause !== verdict.cause.id && connection.also?.includes(verdict.cause.id)) continue;
    // One connection of the truth dies once.
    if (done.has(connection) && !connection.client.endsWith('*')) continue;
    done.add(connection);
    // Where no SYN was captured, the verdict may have the sides the other way round.
    const sender = ['client', 'originator'].includes(verdict.reset.sender.role) ? 'client' : 'server';
    const receiver = sender === 'client' ? 'server' : 'client';
    for (const side of ['client', 'server']) {
      const seen = seenBy(connection.applications?.[side] ?? []);
      if (seen === null) continue;
      const observed = side !== from;
      const outcome = verdict.applications[observed ? receiver : sender];
      const predicted = outcome && { error: outcome.error, eofFirst: outcome.eofFirst };
      const score = scoreApplication(seen, predicted);
      list.push({ id: verdict.id, side, observed, seen: seen.results.join(','), predicted, score });
    }
  }
  return list;
}

/** For every reset that the kernel has a line for: is its reason among those predicted? */
export function reasonScores(truth, vantage, verdicts, epoch) {
  const list = [];
  const lines = kernelLines(truth, verdicts, epoch);
  verdicts.forEach(({ id, role, cause, kernelReasons: predicted, reset }, i) => {
    const line = lines[i];
    const found = connectionOf(truth, reset);
    if (line === null || found === null || found.connection.notAt?.includes(vantage)) return;
    const score = predicted.length === 0 ? 'undecided' : predicted.includes(line.reason) ? 'right' : 'wrong';
    list.push({ id, role, cause: cause.id, kernel: line.reason, predicted, score });
  });
  return list;
}
