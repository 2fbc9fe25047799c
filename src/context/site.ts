/** What a team knows of its own network, from the configuration file: so that reports can call things by their names. */

export interface Site {
  /** Firewalls, load balancers, proxies: by the addresses they have or answer for. */
  readonly middleboxes: readonly { readonly cidr: string; readonly name: string }[];
  /** Idle times after which something gives up, everywhere or for connections to `cidr`. */
  readonly idleTimeouts: readonly { readonly seconds: number; readonly name: string; readonly cidr?: string }[];
  /** Who opens connections only to see whether they open. */
  readonly healthCheckers: readonly { readonly cidr: string; readonly name: string }[];
}

export const NO_SITE: Site = { middleboxes: [], idleTimeouts: [], healthCheckers: [] };
