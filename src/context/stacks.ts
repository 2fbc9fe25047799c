/**
 * Who made these packets: TCP stacks by the SYN and SYN-ACK that only they send, and how each of them ends, refuses
 * and counts. Evidence, never a verdict: a box may rewrite a SYN, and a tool may copy one. Only what was measured on
 * public captures or read in source stands here, with where from.
 */

import { orderOf } from '../packet/option-order.js';
import { initialTtl } from './initial-ttl.js';

export type StackFamily =
  | 'windows'
  | 'apple'
  | 'linux'
  | 'bsd'
  | 'router'
  | 'balancer'
  | 'embedded'
  | 'user space'
  | 'raw-socket tool'
  | 'unknown';

/** How the packets of a stack look that a reset can be held against; null: not known. */
export interface StackHabits {
  /** The window of an abort (RST,ACK at SND.NXT): 0 always, or one of the socket's. */
  readonly abortWindow: 'zero' | 'real' | null;
  /** Does an abort keep the timestamps that were negotiated? */
  readonly abortTimestamps: boolean | null;
  /** What answers a segment with ACK where there is no connection: RST alone (RFC 9293 §3.10.7.1), or RST,ACK. */
  readonly reply: 'bare' | 'with ACK' | null;
  /** IP ID of such a reply: 0, or from the same counter as all else. */
  readonly replyIpId: 'zero' | 'counts' | null;
  /** One counter for each connection, one for all that the host sends, 0 with DF, or none to be followed. */
  readonly ipId: 'socket' | 'host' | 'zero' | 'random' | null;
  /** What answers data that comes after its own close: RST alone, RST,ACK that acknowledges them, or one that does not. */
  readonly afterClose: 'bare' | 'with ACK' | 'with old ACK' | null;
  /** It writes this TTL into its resets, whatever its other packets have. */
  readonly resetTtl?: number;
  /** Its aborts have no ACK bit, but the window that it told last. */
  readonly abortsBare?: true;
}

/** A stack as its SYN or SYN-ACK shows it. */
export interface StackFacts extends StackHabits {
  readonly family: StackFamily;
  /** `Windows 10 / Server 2016 or later`: as precise as the packets are. */
  readonly name: string;
  /** The options of the SYN by which it was told, in letters (packet/option-order.ts). */
  readonly options: string;
}

/** Nothing is known of what it does. */
export const NO_HABITS: StackHabits = {
  abortWindow: null,
  abortTimestamps: null,
  reply: null,
  replyIpId: null,
  ipId: null,
  afterClose: null,
};

/** Windows: 2,490 aborts in 180 public captures; its answer to data after its own FIN in 7. */
const WINDOWS: StackHabits = {
  abortWindow: 'zero',
  abortTimestamps: false,
  reply: 'bare',
  replyIpId: 'counts',
  ipId: 'host',
  afterClose: 'with ACK',
};

/** linux: tcp_send_active_reset, tcp_v4_send_reset; recordings of ours. */
const LINUX: StackHabits = {
  abortWindow: 'real',
  abortTimestamps: true,
  reply: 'bare',
  replyIpId: 'zero',
  ipId: 'socket',
  afterClose: 'bare',
};

/** xnu: tcp_respond without timestamps; 60 resets in 20 public captures. */
const APPLE: StackHabits = {
  abortWindow: 'real',
  abortTimestamps: false,
  reply: 'bare',
  replyIpId: 'zero',
  ipId: 'zero',
  afterClose: 'bare',
};

/** freebsd: tcp_respond, tcp_drop. */
const BSD: StackHabits = {
  abortWindow: null,
  abortTimestamps: null,
  reply: 'bare',
  replyIpId: null,
  ipId: null,
  afterClose: 'bare',
};

/**
 * lwip: tcp_rst and tcp_abandon, the same packet for both: RST,ACK with the window it was built with;
 * captures/closed-port.lwip.pcap. One counter from 0 for the host, no DF.
 */
const LWIP: StackHabits = {
  abortWindow: 'real',
  abortTimestamps: false,
  reply: 'with ACK',
  replyIpId: 'counts',
  ipId: 'host',
  afterClose: 'with ACK',
};

/**
 * libslirp: captures/closed-port.slirp4netns.pcap. One counter for the connections of all hosts it speaks for, 0 in refusals.
 * Its tcp_respond gives resets MAXTTL, and so does VirtualBox's NAT, which descends from it (2 public captures).
 */
const SLIRP: StackHabits = {
  abortWindow: 'real',
  abortTimestamps: false,
  reply: null,
  replyIpId: null,
  ipId: 'host',
  afterClose: null,
  resetTtl: 255,
};

/** passt: tcp_rst_do, captures/abortive-close.pasta.pcap (passt of March 2023); lwIP's RST,ACK cannot be mistaken for one of its. */
const PASST_OR_LWIP: StackHabits = { ...LWIP, reply: null, replyIpId: null, ipId: null, abortsBare: true };

/** gvisor: captures/closed-port.gvisor.pcap. Aborts are as Linux's with window 0; one counter for the host, no DF. */
const GVISOR: StackHabits = {
  abortWindow: 'zero',
  abortTimestamps: true,
  reply: 'bare',
  replyIpId: 'counts',
  ipId: 'host',
  afterClose: 'with old ACK',
};

/** F5 BIG-IP: 5 aborts in a public capture, bare of timestamps, with the window that it had told last. */
const F5: StackHabits = { ...NO_HABITS, abortWindow: 'real', abortTimestamps: false, ipId: 'random' };

export const NETSCALER_NAME = 'Citrix NetScaler';

/** Citrix NetScaler: its first window is 8190, and its resets have a reason there (2 public captures). */
const NETSCALER: StackHabits = { ...NO_HABITS, ipId: 'random' };

interface Entry {
  /** Orders of options that it sends. */
  readonly orders: readonly string[];
  /** In a SYN, or in a SYN-ACK (which leaves out what the SYN did not offer). */
  readonly in: 'SYN' | 'SYN-ACK';
  /** TTL it starts with: 64, 128 or 255. */
  readonly ttl: readonly number[];
  /** Windows of that SYN; any where none is named. */
  readonly windows?: readonly number[];
  readonly family: StackFamily;
  readonly name: string;
  readonly habits: StackHabits;
}

/** The first entry that fits counts: the narrow before the wide. */
const ENTRIES: readonly Entry[] = [
  // Tools that write their own SYN (nmap: TCP_SYN probes; masscan and zmap: templates in their source).
  {
    orders: ['M'],
    in: 'SYN',
    ttl: [64, 255],
    windows: [1024, 2048, 3072, 4096],
    family: 'raw-socket tool',
    name: 'a scanner such as nmap',
    habits: NO_HABITS,
  },
  {
    orders: [''],
    in: 'SYN',
    ttl: [64, 128, 255],
    windows: [512, 1024, 8192, 65535],
    family: 'raw-socket tool',
    name: 'a raw-socket tool (masscan, zmap, hping)',
    habits: NO_HABITS,
  },
  {
    orders: ['MNWNNS', 'MNWST', 'MNWNNTNNS'],
    in: 'SYN',
    ttl: [128],
    windows: [64240, 65535, 62727, 64860, 65495],
    family: 'windows',
    name: 'Windows 10 / Server 2016 or later',
    habits: WINDOWS,
  },
  {
    orders: ['MNWNNS', 'MNWST', 'MNWNNTNNS'],
    in: 'SYN',
    ttl: [128],
    windows: [8192],
    family: 'windows',
    name: 'Windows Vista to 8.1 / Server 2008 to 2012',
    habits: WINDOWS,
  },
  {
    orders: ['MNNS', 'MNWNNS', 'MNWNNTNNS', 'MNWST', 'MNNTNNS'],
    in: 'SYN',
    ttl: [128],
    windows: [16384, 32767, 64240, 65535, 60352],
    family: 'windows',
    name: 'Windows 2000, XP or Server 2003, or a later one without scaling',
    habits: WINDOWS,
  },
  {
    orders: ['MNNS', 'MNWNNS', 'MNWST', 'MNWNNTNNS', 'MNNTNNS', 'MNW', 'M'],
    in: 'SYN',
    ttl: [128],
    family: 'windows',
    name: 'Windows',
    habits: WINDOWS,
  },
  {
    orders: ['MNWNNS', 'MNWST', 'MNWNNTNNS', 'MNNS', 'MNNTNNS', 'MNW', 'MNNT', 'MNWNNT', 'MST', 'MSTNW'],
    in: 'SYN-ACK',
    ttl: [128],
    family: 'windows',
    name: 'Windows',
    habits: WINDOWS,
  },
  {
    orders: ['MNWNNTSE', 'MNWNNTNNS', 'MSE'],
    in: 'SYN',
    ttl: [64],
    windows: [65535],
    family: 'apple',
    name: 'macOS or iOS',
    habits: APPLE,
  },
  {
    orders: ['MNWNNTSE', 'MNWNNT', 'MNWNNTNNS'],
    in: 'SYN-ACK',
    ttl: [64],
    family: 'apple',
    name: 'macOS or iOS',
    habits: APPLE,
  },
  {
    orders: ['MSTNW'],
    in: 'SYN',
    ttl: [64],
    windows: [65535],
    family: 'linux',
    name: 'Android, or a Linux with a large first window',
    habits: LINUX,
  },
  {
    orders: ['MSTNW', 'MNNSNW', 'MNNS', 'MST', 'MNNTNW'],
    in: 'SYN',
    ttl: [64],
    windows: [64240, 64860, 62727, 26883, 65495, 65476, 64800],
    family: 'linux',
    name: 'Linux 4.20 or later',
    habits: LINUX,
  },
  {
    orders: ['MSTNW', 'MNNSNW'],
    in: 'SYN',
    ttl: [64],
    windows: [29200, 28960, 43690, 14600, 26883],
    family: 'linux',
    name: 'Linux 2.6.39 to 4.19',
    habits: LINUX,
  },
  {
    orders: ['MSTNW', 'MNNSNW', 'MNNTNW'],
    in: 'SYN',
    ttl: [64],
    family: 'linux',
    name: 'Linux',
    habits: LINUX,
  },
  // Twenty segments of 1,460 octets, rounded down to what the window scale can say; Linux has 28960 or 29200 there.
  {
    orders: ['MSTNW', 'MNNTNW', 'MNNSNW', 'MNW'],
    in: 'SYN-ACK',
    ttl: [64],
    windows: [29184],
    family: 'user space',
    name: "gVisor's netstack (sandboxed containers, Tailscale)",
    habits: GVISOR,
  },
  {
    orders: ['MSTNW', 'MNNSNW', 'MNNTNW', 'MST'],
    in: 'SYN-ACK',
    ttl: [64],
    family: 'linux',
    name: 'Linux',
    habits: LINUX,
  },
  {
    orders: ['MNNS', 'MNW', 'M'],
    in: 'SYN-ACK',
    ttl: [64],
    windows: [5840, 5792, 14600, 14480, 29200, 28960, 64240, 65160, 42780, 42540, 26847, 62643],
    family: 'linux',
    name: 'Linux',
    habits: LINUX,
  },
  {
    orders: ['MNNSNWNNT', 'MNWST', 'MNWNNTNNS', 'MNWSNNNNT', 'MNWNNT'],
    in: 'SYN',
    ttl: [64],
    family: 'bsd',
    name: 'FreeBSD, OpenBSD or NetBSD',
    habits: BSD,
  },
  {
    orders: ['MNWST', 'MNWSE', 'MNNSNWNNT'],
    in: 'SYN-ACK',
    ttl: [64],
    family: 'bsd',
    name: 'FreeBSD, OpenBSD or NetBSD',
    habits: BSD,
  },
  // F5: three segments of receive window, p0f's entry; its own windows are 4380 and what it has received.
  {
    orders: ['M', 'MSE', 'MNWNNT', 'MNWSE', 'MNWNNTSE', 'MNWST', 'MST'],
    in: 'SYN-ACK',
    ttl: [64, 255],
    windows: [4380, 4140, 4200, 4296],
    family: 'balancer',
    name: 'F5 BIG-IP',
    habits: F5,
  },
  {
    orders: ['MNWNNS', 'MNNS', 'M'],
    in: 'SYN-ACK',
    ttl: [255],
    windows: [8190],
    family: 'balancer',
    name: NETSCALER_NAME,
    habits: NETSCALER,
  },
  {
    orders: ['MNWNNS', 'MNNS', 'M'],
    in: 'SYN',
    ttl: [255],
    windows: [8190],
    family: 'balancer',
    name: NETSCALER_NAME,
    habits: NETSCALER,
  },
  {
    orders: ['M', ''],
    in: 'SYN',
    ttl: [255],
    windows: [4128, 16384],
    family: 'router',
    name: 'Cisco IOS',
    habits: { ...NO_HABITS, reply: 'bare' },
  },
  {
    orders: ['M', ''],
    in: 'SYN-ACK',
    ttl: [255],
    windows: [4128, 16384],
    family: 'router',
    name: 'Cisco IOS',
    habits: { ...NO_HABITS, reply: 'bare' },
  },
  {
    orders: ['M'],
    in: 'SYN-ACK',
    ttl: [64],
    windows: [65535],
    family: 'user space',
    name: 'a user-space network (libslirp: slirp4netns, QEMU) or another stack of BSD descent',
    habits: SLIRP,
  },
  {
    orders: ['MNW'],
    in: 'SYN-ACK',
    ttl: [255],
    windows: [65535],
    family: 'user space',
    name: 'a user-space network (passt) or lwIP',
    habits: PASST_OR_LWIP,
  },
  {
    orders: ['MNW', 'MNWNNS', 'MNNS'],
    in: 'SYN-ACK',
    ttl: [255],
    family: 'embedded',
    name: 'lwIP or another small stack',
    habits: LWIP,
  },
  {
    orders: ['M', ''],
    in: 'SYN-ACK',
    ttl: [64, 255],
    family: 'embedded',
    name: 'a stack without scaling and SACK (a router, a controller, an old system)',
    habits: NO_HABITS,
  },
  {
    orders: ['M', 'MNNS', 'MNWNNS', 'MNW'],
    in: 'SYN',
    ttl: [255],
    family: 'embedded',
    name: 'lwIP or another small stack',
    habits: LWIP,
  },
];

const BY_ORDER = new Map<number, { readonly entry: Entry; readonly facts: StackFacts }[]>();
for (const entry of ENTRIES)
  for (const options of entry.orders) {
    const order = orderOf(options) * 2 + (entry.in === 'SYN' ? 0 : 1);
    const facts = { family: entry.family, name: entry.name, options, ...entry.habits };
    const list = BY_ORDER.get(order);
    if (list === undefined) BY_ORDER.set(order, [{ entry, facts }]);
    else list.push({ entry, facts });
  }

/** An option that any stack may append: MPTCP, Fast Open. */
const APPENDED = 7;

/**
 * The stack that lays out a SYN so (`syn`), or a SYN-ACK; null where the table does not know it.
 * @param order of packet/option-order.ts, -1 where unknown
 */
export function stackOf(order: number, window: number, ttl: number, syn: boolean): StackFacts | null {
  if (order < 0 || ttl < 0) return null;
  const initial = initialTtl(ttl);
  let stripped = order;
  while (stripped > 0 && stripped % 8 === APPENDED) stripped = Math.floor(stripped / 8);
  const candidates = BY_ORDER.get(stripped * 2 + (syn ? 0 : 1)) ?? [];
  return (
    candidates.find(
      ({ entry }) => entry.ttl.includes(initial) && (entry.windows === undefined || entry.windows.includes(window)),
    )?.facts ?? null
  );
}
