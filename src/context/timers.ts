import type { Limits } from '../limits.js';

/**
 * Known idle timers (docs/causes.md, "Idle limits"): seconds, and who has it; `until`: they fire as late as that, because
 * their owner looks only every so often; `of`: whose connections they are, those of HTTP, or nobody's: after that silence a
 * kernel asks whether the other end lives, and nothing ends. Suggestions, never proof.
 */
export const KNOWN_TIMERS: readonly {
  readonly seconds: number;
  readonly until?: number;
  readonly owner: string;
  readonly of?: 'http' | 'probe';
}[] = [
  { seconds: 2, owner: 'the keep-alive default of gunicorn', of: 'http' },
  { seconds: 5, owner: 'the keep-alive default of Node, Apache and uvicorn', of: 'http' },
  { seconds: 6, owner: 'the keep-alive default of Node with its one-second buffer', of: 'http' },
  { seconds: 15, owner: "Go's keep-alive probe interval", of: 'probe' },
  { seconds: 20, owner: 'the keep-alive default of Tomcat and Puma', of: 'http' },
  { seconds: 30, owner: 'the idle default of Jetty', of: 'http' },
  { seconds: 55, owner: "Heroku's router", of: 'http' },
  { seconds: 60, owner: 'the default of AWS ALB, of nginx upstreams and of many proxies' },
  { seconds: 65, owner: "nginx's keepalive_timeout in the configuration that it ships", of: 'http' },
  { seconds: 75, owner: "nginx's keepalive_timeout", of: 'http' },
  { seconds: 90, owner: "the idle limit of Go's HTTP client", of: 'http' },
  { seconds: 115, owner: "Firefox's idle connections", of: 'http' },
  { seconds: 120, until: 130, owner: 'the default of IIS', of: 'http' },
  { seconds: 180, owner: "NetScaler's client idle timeout" },
  { seconds: 230, owner: "Azure App Service's front end", of: 'http' },
  { seconds: 240, owner: "the default of Azure's load balancer and NAT gateway" },
  { seconds: 300, owner: "F5's TCP profile" },
  { seconds: 340, owner: 'AWS Global Accelerator' },
  { seconds: 350, owner: 'what AWS NLB and NAT gateway use' },
  { seconds: 600, owner: "Google Cloud's connection tracking" },
  { seconds: 900, owner: 'the default of IPVS' },
  { seconds: 1200, owner: 'Google Cloud NAT' },
  { seconds: 1800, owner: 'the default of Juniper SRX' },
  { seconds: 3600, owner: 'the default of many firewalls (ASA, Palo Alto, Check Point, FortiGate)' },
  { seconds: 7200, owner: 'the default idle time before keep-alive probes', of: 'probe' },
  { seconds: 28800, owner: "MySQL's wait_timeout" },
  { seconds: 432000, owner: "Linux conntrack's default for established connections" },
];

/**
 * Owner of a known idle limit that this idle time equals, or null. `http`: may HTTP have been spoken? Where it was not, what
 * web servers and browsers do after a while is no reason.
 */
export function timerNamed(
  idle: number,
  limits: Pick<Limits, 'timerTolerance' | 'timerSlack'>,
  http: boolean,
): string | null {
  for (const { seconds, until = seconds, owner, of } of KNOWN_TIMERS) {
    if (of === 'probe' || (of === 'http' && !http)) continue;
    // Timers fire late, by their granularity and a round trip, and hardly ever early.
    const off = idle - seconds * 1e9;
    const tolerance = limits.timerTolerance * seconds * 1e9;
    const late = Math.max(tolerance, Math.min(limits.timerSlack, seconds * 1e9 * 0.05), (until - seconds) * 1e9);
    if (off < -tolerance || off > late) continue;
    // What prints as another number than the limit is said to be near it.
    return until === seconds && seconds < 120 && Math.round(idle / 1e9) !== seconds
      ? `near ${seconds} s, ${owner}`
      : owner;
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
