/**
 * The traffics of the benchmark by name. `open`: connections at a time; `exchanges`: mean requests of one, four packets
 * each; `payload`: small (4 to 23 octets), mixed (a third of 1,448) or big (1,448); `resets`, `refused`: share of the
 * connections; `ipv6`, `vxlan`: share of connections; `step`: mean microseconds between packets.
 */
const ORDINARY = {
  seed: 2463534242,
  open: 20_000,
  exchanges: 6,
  payload: 'small',
  resets: 0.04,
  refused: 0.01,
  ipv6: 0,
  vxlan: 0,
  format: 'pcap',
  step: 70,
};

export const TRAFFICS = {
  /** Small packets, 28 to a connection; a twentieth of the connections, 4 % of the packets, belong to resets. */
  small: ORDINARY,
  third: { ...ORDINARY, resets: 0.33 },
  'all-reset': { ...ORDINARY, resets: 0.99 },
  big: { ...ORDINARY, payload: 'big' },
  mixed: { ...ORDINARY, payload: 'mixed', ipv6: 0.3, vxlan: 0.2, resets: 0.1, format: 'pcapng' },
  /** A few connections of many packets. */
  long: { ...ORDINARY, open: 100, exchanges: 100 },
  gzip: { ...ORDINARY, compressed: true },
  million: { ...ORDINARY, open: 1_000_000 },
  'random-addresses': { seed: 1, flood: 'random-addresses', format: 'pcap', step: 3 },
  'one-connection': { seed: 2, flood: 'one-connection', format: 'pcap', step: 3 },
  'one-listener': { seed: 3, flood: 'one-listener', format: 'pcap', step: 3 },
  refusals: { seed: 4, flood: 'refusals', format: 'pcap', step: 30 },
  scan: { seed: 5, flood: 'scan', format: 'pcap', step: 30 },
  'half-open': { seed: 6, flood: 'half-open', format: 'pcap', step: 10 },
};
