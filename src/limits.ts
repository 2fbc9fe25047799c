/**
 * Every threshold of the project: its default, unit and source. Signatures name a limit, they never
 * hold a bare number. `source` refers to the field guide's sections, an RFC or a kernel constant.
 */

interface LimitDefinition {
  readonly value: number;
  readonly unit: 'ms' | 'octets' | 'count' | 'ratio' | 'hops' | 'frames';
  readonly meaning: string;
  readonly source: string;
}

const MS = 1e6;

export const LIMIT_DEFINITIONS = {
  settle: {
    value: 10_000,
    unit: 'ms',
    meaning: 'capture time after which a reset is judged without waiting for more',
    source: 'longest SYN-ACK retry gap that still tells something (1+2+4 s)',
  },
  settleLive: {
    value: 2_000,
    unit: 'ms',
    meaning: 'after a reset, capture time or time without a packet after which it is judged while the capture goes on',
    source: 'two slow round trips, and two of the retransmissions that a lost connection draws (RFC 6298 §2: 1 s)',
  },
  contextAge: {
    value: 21_600_000,
    unit: 'ms',
    meaning: 'capture time after which facts across connections begin anew while a capture without end is followed',
    source: 'three times the two-hour idle timers (tcp_keepalive_time) that need several connections to be told',
  },
  contextAgeLeast: {
    value: 60_000,
    unit: 'ms',
    meaning: 'the least of it, however many hosts there are: a flood must not wash away what is known of the rest',
    source: 'restartWindow: what refuses now was accepting before within it',
  },
  duplicateWindow: {
    value: 1,
    unit: 'ms',
    meaning: 'copies of one packet (SPAN, -i any) arrive within',
    source: 'measured on veth and on routers: under 0.2 ms',
  },
  farCopyWindow: {
    value: 3000,
    unit: 'ms',
    meaning: 'copies of one packet that were captured elsewhere on its path (merged captures) arrive within',
    source: 'a satellite link takes 300 ms; clocks without NTP are seconds apart',
  },
  mergedCapture: {
    value: 0.1,
    unit: 'ratio',
    meaning:
      'share of such copies (three or more) from which on the capture is taken for a merger of several, and nothing in it for certain',
    source: 'of two whole captures of both ends half the packets are copies',
  },
  unorderedCapture: {
    value: 0.01,
    unit: 'ratio',
    meaning:
      'share of records (three or more) that stand behind later ones from which on nothing in the capture is certain',
    source: 'writers that buffer by interface or queue leave a tenth and more in the wrong place',
  },
  disorder: {
    value: 1,
    unit: 'ms',
    meaning: 'packets so close to each other may be captured in the wrong order',
    source: 'receive queues are emptied every few hundred microseconds',
  },
  fragmentAge: {
    value: 30_000,
    unit: 'ms',
    meaning: 'fragments of an IPv4 packet wait for the others at most',
    source: 'Linux ipfrag_time; RFC 791 §3.2 begins with 15 s',
  },
  fragmentAge6: {
    value: 60_000,
    unit: 'ms',
    meaning: 'fragments of an IPv6 packet wait for the others at most',
    source: 'RFC 8200 §4.5',
  },
  fragmentedPackets: {
    value: 1_024,
    unit: 'count',
    meaning: 'IP packets whose fragments wait for others at a time',
    source: 'at 4 MiB (fragmentOctets), two fragments of 2 kB each',
  },
  fragmentOctets: {
    value: 4_194_304,
    unit: 'octets',
    meaning: 'what waiting fragments may take',
    source: 'Linux ipfrag_high_thresh',
  },
  triggerWindow: {
    value: 1_000,
    unit: 'ms',
    meaning: 'a reply follows the segment that drew it within',
    source: 'two slow round trips',
  },
  replyLatency: {
    value: 5,
    unit: 'ms',
    meaning: 'a kernel at the capture point answers within',
    source: 'measured: typically under 0.2 ms',
  },
  blindAttempts: {
    value: 3,
    unit: 'count',
    meaning: 'RSTs at different wrong numbers that make an attempt',
    source: 'two may be one device correcting itself',
  },
  listedFrames: {
    value: 6,
    unit: 'count',
    meaning: 'frames that one sentence lists',
    source: 'what a reader takes in',
  },
  idleRoundTrips: {
    value: 3,
    unit: 'count',
    meaning: 'round trips without payload after which a connection counts as idle',
    source: 'a pause shorter than that may be the path',
  },
  messageGap: {
    value: 1_000,
    unit: 'ms',
    meaning: 'silence after which data in the same direction is a new message',
    source: 'ten times a retransmission timeout floor',
  },
  exchangeIdle: {
    value: 50,
    unit: 'ms',
    meaning: 'a connection counts as idle after a complete exchange',
    source: 'keep-alive timers are far longer; application pauses shorter',
  },
  raceAfterFin: {
    value: 100,
    unit: 'ms',
    meaning: 'on top of two round trips, a request that crosses a FIN is sent within',
    source: 'kernel-to-program wake-up on a loaded host',
  },
  raceUnread: {
    value: 1_000,
    unit: 'ms',
    meaning: 'a request that hits a closing socket is reset within',
    source: 'Envoy delayed_close_timeout',
  },
  quickClose: {
    value: 300,
    unit: 'ms',
    meaning: 'a server that turns a connection away does so within',
    source: 'accept and a first look at the connection',
  },
  deviceIdle: {
    value: 30_000,
    unit: 'ms',
    meaning: 'shortest idle time at which devices drop state',
    source: 'shortest default of the timer table',
  },
  timerTolerance: {
    value: 0.01,
    unit: 'ratio',
    meaning: 'an idle time equals a known timer within',
    source: 'timer wheels of devices: under 1 %',
  },
  timerSlack: {
    value: 250,
    unit: 'ms',
    meaning: 'or within, whichever is more',
    source: 'Linux timer granularity and round trip',
  },
  clusterFlows: {
    value: 3,
    unit: 'count',
    meaning: 'connections that make a cluster of equal times',
    source: 'two may agree by chance',
  },
  clusterSpread: {
    value: 0.02,
    unit: 'ratio',
    meaning: 'coefficient of variation of a cluster',
    source: 'timer jitter measured on keep-alive servers',
  },
  burstWindow: {
    value: 200,
    unit: 'ms',
    meaning: 'connections that one process held end within',
    source: 'measured: under 1 ms for four, 40 ms for thousands',
  },
  burstFlows: {
    value: 3,
    unit: 'count',
    meaning: 'endings that make a burst',
    source: 'two connections may end together by chance',
  },
  burstShare: {
    value: 0.5,
    unit: 'ratio',
    meaning: 'share of the live connections of a listener that a burst must end',
    source: 'a process holds them all, a worker many',
  },
  abandonedConnect: {
    value: 900,
    unit: 'ms',
    meaning: 'a SYN-ACK this late finds a client that gave up',
    source: 'RFC 6298 initial RTO of 1 s',
  },
  scanTargets: {
    value: 10,
    unit: 'count',
    meaning: 'different ports or hosts one source tries',
    source: 'no ordinary client does this in scanWindow',
  },
  scanFromOnePort: {
    value: 3,
    unit: 'count',
    meaning: 'different targets tried from one port that show a scanner writing its own packets',
    source: 'connect(2) picks a new port for every connection; nmap -sS and -sA, masscan and zmap keep one',
  },
  scanWindow: {
    value: 10_000,
    unit: 'ms',
    meaning: 'in which the targets are counted',
    source: 'nmap and masscan defaults are far faster',
  },
  siblingAccepted: {
    value: 5_000,
    unit: 'ms',
    meaning: 'a sibling connection accepted within shows a live listener',
    source: 'accept queues drain in milliseconds',
  },
  hostRestart: {
    value: 1_000,
    unit: 'ms',
    meaning: 'shortest silence in which a host or container can have restarted',
    source: 'a container is recreated in about a second, a machine takes longer',
  },
  restartWindow: {
    value: 60_000,
    unit: 'ms',
    meaning: 'a listener that accepts again within was restarting',
    source: 'service restarts',
  },
  ttlDifference: {
    value: 2,
    unit: 'hops',
    meaning: 'a TTL this far from the usual is another sender',
    source: 'one hop is path change or a router reply',
  },
  ttlSamples: {
    value: 3,
    unit: 'count',
    meaning: 'packets that make a TTL baseline',
    source: 'path changes within a connection are rare',
  },
  ipIdStep: {
    value: 64,
    unit: 'count',
    meaning: 'a socket counts its IP ID on by at most (GSO counts segments)',
    source: 'Linux GSO_MAX_SIZE / MSS',
  },
  fastReply: {
    value: 0.6,
    unit: 'ratio',
    meaning: 'of the shortest round trip: faster cannot come from the far host',
    source: 'jitter of minimum round trips',
  },
  fastReplyMinimumRtt: {
    value: 3,
    unit: 'ms',
    meaning: 'shortest round trip at which that is judged',
    source: 'scheduling noise is below this',
  },
  lifeAfterReset: {
    value: 10,
    unit: 'ms',
    meaning: 'packets later than this (and a round trip) after its RST show a living sender',
    source: 'packets in flight',
  },
  unreadSegments: {
    value: 2,
    unit: 'count',
    meaning: 'full-sized segments that a window must have lost to prove unread data',
    source: 'RFC 9293 §3.8.6.2.2 receiver silly window avoidance',
  },
  retransmissionFloor: {
    value: 200,
    unit: 'ms',
    meaning: 'what was lost is not sent again sooner than',
    source: 'linux: TCP_RTO_MIN',
  },
  zeroWindow: {
    value: 1_000,
    unit: 'ms',
    meaning: 'a reader that kept its window shut for',
    source: 'first zero-window probes',
  },
  keepAliveProbes: {
    value: 2,
    unit: 'count',
    meaning: 'unanswered probes before a keep-alive timeout',
    source: 'lowest sensible TCP_KEEPCNT',
  },
  keepAliveShortest: {
    value: 2_000,
    unit: 'ms',
    meaning: 'silence in which a keep-alive timeout can come about',
    source: 'two probes at the shortest interval (TCP_KEEPINTVL counts seconds)',
  },
  retransmissions: {
    value: 4,
    unit: 'count',
    meaning: 'unanswered retransmissions before a retransmission timeout',
    source: 'Windows gives up after 5',
  },
  ackRepeat: {
    value: 1_500,
    unit: 'ms',
    meaning: 'what was not acknowledged would have been sent again within',
    source:
      'RFC 6298 §2.4: the least retransmission timeout is 1 s, in practice 200 ms; half as much again for the path',
  },
  closeNotify: {
    value: 85,
    unit: 'octets',
    meaning: 'a TLS closing alert with its record header is at most',
    source: 'RFC 8446 §5.2: 24; RFC 5246 §6.2.3: 23 to 85, with AES in CBC mode and HMAC-SHA384',
  },
  clientHello: {
    value: 50,
    unit: 'octets',
    meaning: 'a TLS greeting (ClientHello) with its headers is at least',
    source: 'RFC 8446 §4.1.2, §5.1: without session and extensions',
  },
  healthCheckRepeats: {
    value: 4,
    unit: 'count',
    meaning: 'equal short connections of one source before a period is looked for',
    source: 'three intervals',
  },
  healthCheckSpread: {
    value: 0.15,
    unit: 'ratio',
    meaning: 'how far their intervals vary',
    source: 'health checkers add up to 10 % jitter',
  },
  healthCheckEven: {
    value: 0.7,
    unit: 'ratio',
    meaning: 'share of these intervals that must be equal',
    source: 'a checker on a busy host wakes late now and then, and only then',
  },
  siblingConnect: { value: 300, unit: 'ms', meaning: 'parallel connects start within', source: 'RFC 8305 §5: 250 ms' },
  proxyPairing: { value: 50, unit: 'ms', meaning: 'a proxy hands an ending on within', source: 'measured: under 5 ms' },
  failoverFlows: {
    value: 2,
    unit: 'count',
    meaning: 'connections that must show the same loss of state',
    source: 'one alone may be its own fault',
  },
  responseTimeout: {
    value: 1_000,
    unit: 'ms',
    meaning: 'shortest time a program waits for an answer before it gives up',
    source: 'shortest customary read timeout',
  },
  finWait2: {
    value: 30_000,
    unit: 'ms',
    meaning: 'a half-closed connection counts as forgotten after',
    source: 'tcp_fin_timeout is 60 s',
  },
  contentReaction: {
    value: 200,
    unit: 'ms',
    meaning: 'on top of a round trip, a filter reacts to content within',
    source: 'inline and mirror-port filters',
  },
  oneSidedByLoss: {
    value: 0.1,
    unit: 'ratio',
    meaning: 'most connections heard from one end only that a lossy capture explains; more are a filter or a tap',
    source: 'captures that lost a third of their packets still heard both ends of nine in ten connections',
  },
  lossyCapture: {
    value: 0.005,
    unit: 'ratio',
    meaning: 'share of packets lost at least from which nothing that rests on the absence of one is certain',
    source: 'one packet in two hundred: a connection of some tens of packets lacks one now and then',
  },
  lostByFilter: {
    value: 0.3,
    unit: 'ratio',
    meaning: 'share of packets missing from which a capture filter is as likely as loss',
    source:
      'a filter for bare acknowledgments or for data leaves out a third and more; no buffer loses so much and keeps both ends',
  },
  orphanDistance: {
    value: 1_048_576,
    unit: 'octets',
    meaning: 'numbers this near belong to the same connection',
    source: 'customary largest window',
  },
} as const satisfies Record<string, LimitDefinition>;

export type LimitName = keyof typeof LIMIT_DEFINITIONS;

/** Values by name; times in nanoseconds (definitions state milliseconds), the rest in their unit. */
export type Limits = { readonly [K in LimitName]: number };

/** The defaults with overrides, given in the units of {@link LIMIT_DEFINITIONS}. */
export function makeLimits(overrides: { readonly [K in LimitName]?: number } = {}): Limits {
  const limits: Record<string, number> = {};
  for (const [name, definition] of Object.entries(LIMIT_DEFINITIONS)) {
    const value = overrides[name as LimitName] ?? definition.value;
    limits[name] = definition.unit === 'ms' ? value * MS : value;
  }
  return limits as unknown as Limits;
}
