/** What a capture that is followed holds, for Prometheus: `--metrics 127.0.0.1:9464`. All of prom-client is in this file. */

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Gauge, Registry } from 'prom-client';
import type { FollowCounts } from '../follow.js';
import { madeBy } from '../report/words/wording.js';
import type { Verdict } from '../reset/vocabulary/verdict.js';
import { UsageError } from './errors.js';

export interface Metrics {
  /** Of the server, its port told even where any was asked for. */
  readonly address: AddressInfo;
  verdict(verdict: Verdict): void;
  counts(counts: FollowCounts): void;
  /** The output was not read for so many seconds. */
  stalled(seconds: number): void;
  close(): void;
}

/** `127.0.0.1:9464`, `[::1]:9464`, `:9464` (every address), `9464` (this machine alone). @throws UsageError */
export function parseListen(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:(?:\[([\da-f:.]+)\]|([^:[\]]*)):)?(\d{1,5})$/i.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535)
    throw new UsageError(`--metrics ${text}: must be ADDRESS:PORT, as 127.0.0.1:9464 or [::1]:9464`);
  return { host: bracketed ?? (plain === undefined ? '127.0.0.1' : plain || '::'), port: Number(port) };
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there already',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'ports below 1024 are not for everybody',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
};

/** Names and labels are fixed, whatever packets hold: cause, severity, role and maker are of known sets. @throws UsageError */
export async function serveMetrics(text: string): Promise<Metrics> {
  const { host, port } = parseListen(text);
  const registry = new Registry();
  const registers = [registry];
  const resets = new Counter({
    name: 'whyrst_resets_total',
    help: 'TCP resets told, by why and by whom; role: first (cut a connection), aftershock, ignored',
    labelNames: ['cause', 'severity', 'maker', 'role'] as const,
    registers,
  });
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const totals = {
    packets: counter('whyrst_packets_total', 'Packets read'),
    connections: counter('whyrst_connections_total', 'TCP connections seen'),
    resets: counter('whyrst_reset_segments_total', 'RST segments read, copies aside'),
    omitted: counter('whyrst_untold_resets_total', 'Resets of floods that were counted and not told one by one'),
    dropped: counter('whyrst_dropped_packets_total', 'Packets that the capture itself reports as dropped (pcapng)'),
  };
  const waiting = gauge('whyrst_settling_resets', 'Resets that have not settled');
  const lag = gauge('whyrst_lag_seconds', 'From the time of the newest packet until it was read');
  const stalled = counter('whyrst_output_stalled_seconds_total', 'Time in which the output was not read');
  const seen: Record<keyof typeof totals, number> = { packets: 0, connections: 0, resets: 0, omitted: 0, dropped: 0 };

  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0];
    if (path !== '/metrics') response.writeHead(404).end('whyrst: /metrics is here\n');
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    else response.writeHead(200, { 'Content-Type': registry.contentType }).end(await registry.metrics());
  });
  await listening(server, host, port, text);
  return {
    address: server.address() as AddressInfo,
    verdict({ cause, severity, mechanism, reset, role }) {
      resets.inc({ cause: cause.id, severity, maker: madeBy(reset.sender.role, mechanism), role });
    },
    counts(counts) {
      for (const name of Object.keys(totals) as (keyof typeof totals)[]) {
        totals[name].inc(counts[name] - seen[name]);
        seen[name] = counts[name];
      }
      waiting.set(counts.waiting);
      if (counts.lag !== null) lag.set(counts.lag / 1000);
    },
    stalled: (seconds) => stalled.inc(seconds),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function listening(server: Server, host: string, port: number, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = REASONS[error.code ?? ''] ?? error.message;
      reject(new UsageError(`--metrics ${text}: cannot listen: ${reason}`));
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      // What one client did must not end the run.
      server.on('error', () => {});
      resolve();
    });
  });
}
