import type { Limits } from '../limits.js';

/**
 * Known idle timers (docs/causes.md, "Idle limits"): seconds, and who has it; `until`: they fire as late as that, because
 * their owner looks only every so often. Suggestions, never proof.
 */
export const KNOWN_TIMERS: readonly { readonly seconds: number; readonly until?: number; readonly owner: string }[] = [
  { seconds: 2, owner: 'the keep-alive default of gunicorn' },
  { seconds: 5, owner: 'the keep-alive default of Node, Apache and uvicorn' },
  { seconds: 6, owner: 'the keep-alive default of Node with its one-second buffer' },
  { seconds: 15, owner: "Go's keep-alive probe interval" },
  { seconds: 20, owner: 'the keep-alive default of Tomcat and Puma' },
  { seconds: 30, owner: 'the idle default of Jetty' },
  { seconds: 55, owner: "Heroku's router" },
  { seconds: 60, owner: 'the default of AWS ALB, of nginx upstreams and of many proxies' },
  { seconds: 65, owner: "nginx's keepalive_timeout in the configuration that it ships" },
  { seconds: 75, owner: "nginx's keepalive_timeout" },
  { seconds: 90, owner: "the idle limit of Go's HTTP client" },
  { seconds: 115, owner: "Firefox's idle connections" },
  { seconds: 120, until: 130, owner: 'the default of IIS' },
  { seconds: 180, owner: "NetScaler's client idle timeout" },
  { seconds: 230, owner: "Azure App Service's front end" },
  { seconds: 240, owner: "the default of Azure's load balancer and NAT gateway" },
  { seconds: 300, owner: "F5's TCP profile" },
  { seconds: 340, owner: 'AWS Global Accelerator' },
  { seconds: 350, owner: 'what AWS NLB and NAT gateway use' },
  { seconds: 600, owner: "Google Cloud's connection tracking" },
  { seconds: 900, owner: 'the default of IPVS' },
  { seconds: 1200, owner: 'Google Cloud NAT' },
  { seconds: 1800, owner: 'the default of Juniper SRX' },
  { seconds: 3600, owner: 'the default of many firewalls (ASA, Palo Alto, Check Point, FortiGate)' },
  { seconds: 7200, owner: 'the default idle time before keep-alive probes' },
  { seconds: 28800, owner: "MySQL's wait_timeout" },
  { seconds: 432000, owner: "Linux conntrack's default for established connections" },
];

/** Owner of a known timer that this idle time equals, or null. */
export function timerNamed(idle: number, limits: Pick<Limits, 'timerTolerance' | 'timerSlack'>): string | null {
  for (const { seconds, until = seconds, owner } of KNOWN_TIMERS) {
    // Timers fire late, by their granularity and a round trip, and hardly ever early.
    const off = idle - seconds * 1e9;
    const tolerance = limits.timerTolerance * seconds * 1e9;
    const late = Math.max(tolerance, Math.min(limits.timerSlack, seconds * 1e9 * 0.05), (until - seconds) * 1e9);
    if (off >= -tolerance && off <= late) return owner;
  }
  return null;
}

/** Customary read and request time limits, seconds. */
const ROUND_TIMEOUTS = [
  1, 2, 3, 4, 5, 8, 10, 15, 20, 25, 30, 40, 45, 50, 60, 90, 100, 120, 180, 240, 300, 600, 900, 1800, 3600,
];

/** The customary time limit (seconds) that this wait equals, or null. Limits fire late, never early, and by milliseconds. */
export function roundTimeout(waited: number, limits: Pick<Limits, 'timerTolerance' | 'timerSlack'>): number | null {
  for (const seconds of ROUND_TIMEOUTS) {
    const late = waited - seconds * 1e9;
    // A little early is possible: the clock may start when the connection was taken, before the last byte of the request.
    if (
      late >= -0.2 * limits.timerTolerance * seconds * 1e9 - 2e6 &&
      late <= Math.max(limits.timerTolerance * seconds * 1e9, Math.min(limits.timerSlack, 0.05 * seconds * 1e9))
    )
      return seconds;
  }
  return null;
}
