/** What a report in JSON tells of a reset, as the verdict that it was made of, as far as reports tell. */

import type { StackFacts } from '../../context/stacks.js';
import type { EndpointFacts, Mark, Reset, Shape } from '../../reset/types.js';
import type { CaptureSummary } from '../../reset/verdicts/diagnosis.js';
import type { Cause, Verdict } from '../../reset/vocabulary/verdict.js';
import { RST } from '../../tcp/control.js';
import type { captureJson, endingJson, findingJson, verdictJson } from '../data/json.js';

export type ReportedReset = ReturnType<typeof verdictJson>;
export type ReportedCapture = ReturnType<typeof captureJson>;
export type ReportedEnding = ReturnType<typeof endingJson>;
export type ReportedFinding = ReturnType<typeof findingJson>;

/** A run as reports tell it, and what is needed to read its resets. */
export interface Retelling {
  readonly capture: CaptureSummary;
  readonly causeOf: (id: string, title?: string) => Cause;
  /** An id of the report as it is among all that are told together. */
  readonly renamed: (id: string) => string;
}

/** `2026-11-21T08:01:04.879512345Z`, as nanoseconds since 1970. */
export function nanoseconds(rfc3339: string): bigint {
  const [seconds = '', fraction = ''] = rfc3339.split(/[.Z]/);
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction);
}

export function nanosecondsOrNull(rfc3339: string | null): bigint | null {
  return rfc3339 === null ? null : nanoseconds(rfc3339);
}

/** The number of a frame in its run, by the file it lies in. */
export function frameOfRun({ files, borders }: CaptureSummary, file: string, frame: number): number {
  if (files === undefined || borders === undefined) return frame;
  return frame + (borders[files.findIndex((one) => one.file === file)] ?? 0);
}

/** Without a clock every time is that of the first record: reports tell none then. */
export function offsetOf({ first }: CaptureSummary, time: string | null): number {
  return first === null || time === null ? 0 : Number(nanoseconds(time) - first);
}

export function retoldCapture(reported: ReportedCapture): CaptureSummary {
  let before = 0;
  const borders: number[] = [];
  const files = reported.files?.map(({ file, records, first, last }) => {
    borders.push(before);
    before += records;
    return { file, records, first: nanosecondsOrNull(first), last: nanosecondsOrNull(last) };
  });
  const capture: CaptureSummary = {
    ...reported,
    first: nanosecondsOrNull(reported.first),
    last: nanosecondsOrNull(reported.last),
    files,
    ...(files === undefined ? {} : { borders }),
  } as CaptureSummary;
  return {
    ...capture,
    warnings: reported.warnings.map(({ code, count, frame, text, file }) => ({
      code,
      count,
      frame: frame === null || file === undefined ? frame : frameOfRun(capture, file, frame),
      text,
    })),
  };
}

export function retoldVerdict(reported: ReportedReset, told: Retelling): Verdict {
  const { capture, causeOf, renamed } = told;
  const { mechanism } = reported;
  const facts = (list: ReportedReset['evidence']) =>
    list.map(({ file, frame, text, values }) => ({
      frame: frame === null ? null : frameOfRun(capture, file, frame),
      text,
      values,
    }));
  return {
    id: renamed(reported.id),
    reset: retoldReset(reported, capture),
    role: reported.role,
    of: reported.of === null ? null : renamed(reported.of),
    cause: causeOf(reported.cause, reported.title),
    confidence: reported.confidence,
    severity: reported.severity,
    mechanism: {
      kind: mechanism.kind,
      confidence: mechanism.confidence,
      hops: mechanism.hops,
      facts: facts(mechanism.facts),
    },
    responsible: reported.responsible,
    kernelReasons: reported.kernelReasons,
    applications: reported.applications,
    evidence: facts(reported.evidence),
    doubt: reported.doubt,
    lost: reported.lost,
    alternatives: reported.alternatives.map((one) => ({ ...one, cause: causeOf(one.cause) })),
    against: reported.against.map((one) => ({ ...one, cause: causeOf(one.cause) })),
    untested: reported.untested.map((one) => ({ ...one, cause: causeOf(one.cause) })),
  };
}

function retoldReset(reported: ReportedReset, capture: CaptureSummary): Reset {
  const { from, to, connection, shape, phase } = reported;
  const rst: Mark = {
    frame: frameOfRun(capture, reported.file, reported.frame),
    time: offsetOf(capture, reported.time),
  };
  const asked = from.role === 'server' || from.role === 'responder';
  const bytes = (client: boolean) => (client ? connection.clientBytes : connection.serverBytes);
  const stack = (client: boolean) => stackOf(client ? connection.stacks.client : connection.stacks.server);
  return {
    ...UNTOLD,
    rst: { ...UNTOLD.rst, ...rst, control: RST, hasAck: reported.flags === 'RA' },
    sender: { ...UNTOLD.sender, ...from, bytes: bytes(!asked), stack: stack(!asked) },
    receiver: { ...UNTOLD.receiver, ...to, bytes: bytes(asked), stack: stack(asked) },
    shape: shape as Shape,
    phase,
    incarnation: connection.incarnation,
    // Its frame is not told, and no report tells it.
    start: { frame: rst.frame, time: offsetOf(capture, connection.start) },
    idle: Math.round(connection.idleSeconds * 1e9),
    history: connection.history,
    packets: connection.packets,
    copies: [
      ...reported.copies.map((frame) => frameOfRun(capture, reported.file, frame)),
      ...(reported.copiesElsewhere ?? []).map(({ file, frame }) => frameOfRun(capture, file, frame)),
    ].sort((a, b) => a - b),
    ...(capture.borders === undefined ? {} : { borders: capture.borders }),
  };
}

/** A stack of which only the name is told. */
function stackOf(name: string | null): StackFacts | null {
  if (name === null) return null;
  return {
    family: 'unknown',
    name,
    options: '',
    abortWindow: null,
    abortTimestamps: null,
    reply: null,
    replyIpId: null,
    ipId: null,
    afterClose: null,
  };
}

const NOBODY: EndpointFacts = {
  address: '',
  port: 0,
  role: 'originator',
  iss: null,
  zero: 0,
  sndNxt: null,
  sndUna: null,
  rcvNxt: null,
  rcvWnd: null,
  rawWindow: 0,
  windowScale: null,
  mss: null,
  segments: 0,
  dataSegments: 0,
  bytes: 0,
  bytesUnacked: 0,
  syn: null,
  fin: null,
  firstData: null,
  lastData: null,
  lastSegment: null,
  lastAckMoved: null,
  messages: 0,
  lastMessage: null,
  retransmissions: 0,
  retransmitting: null,
  keepAliveProbes: null,
  zeroWindowProbes: 0,
  zeroWindow: null,
  unreadLowerBound: null,
  frozenSince: null,
  hole: false,
  timestamps: false,
  stack: null,
};

/** What a report does not tell of a reset. Nothing may be concluded from it, and `retold` says so. */
const UNTOLD: Reset = {
  retold: true,
  rst: {
    frame: 0,
    time: 0,
    seq: 0,
    ack: 0,
    control: RST,
    hasAck: false,
    window: 0,
    length: 0,
    payload: new Uint8Array(0),
    headerLength: 0,
    ttl: null,
    ipId: null,
    df: null,
    tos: 0,
    timestamps: null,
    signature: false,
    mptcp: 0,
    mptcpReason: null,
    checksumValid: null,
    sackBlocks: 0,
    optionsCut: false,
    synOptions: false,
  },
  sender: NOBODY,
  receiver: NOBODY,
  shape: 'orphan',
  trigger: null,
  drawn: null,
  provenance: {
    ttl: null,
    ipId: null,
    ipIdStep: null,
    dfDiffers: null,
    timestamps: null,
    window: 'zero',
    macDiffers: null,
    latency: null,
    tooFast: false,
    senderWentOn: null,
    synAckAfter: null,
    bothEnds: null,
    volley: [],
    alike: [],
    twin: null,
    hidden: true,
  },
  mechanism: { kind: 'undecided', confidence: 'possible', hops: null, facts: [] },
  aftermath: {
    senderWentOn: null,
    receiverWentOn: null,
    challengeAck: null,
    crossed: null,
    synAck: null,
    resets: [],
    nextSyn: null,
  },
  phase: 'orphan',
  handshake: null,
  accepted: null,
  rtt: null,
  rttParts: null,
  incarnation: 1,
  start: { frame: 0, time: 0 },
  exchanges: 0,
  idle: 0,
  idleData: null,
  history: '',
  packets: 0,
  siblings: [],
  tail: [],
  icmp: null,
  copies: [],
  translated: [],
  unanswered: null,
  goodbye: null,
  unread: null,
  stated: null,
  freshlyAcked: null,
  effective: true,
  pendingSyn: null,
  quality: {
    midStream: false,
    oneSided: false,
    cut: false,
    garbled: false,
    untimed: false,
    rootless: false,
    flagsOnly: false,
    unseen: false,
  },
};
