import type { Cause } from '../reset/vocabulary/verdict.js';
import { abortiveClose } from './abortive-close.js';
import { acceptQueueOverflow } from './accept-queue-overflow.js';
import { asymmetricRouting } from './asymmetric-routing.js';
import { blindRstAttempt } from './blind-rst-attempt.js';
import { blockedByPolicy } from './blocked-by-policy.js';
import { cancelledDownload } from './cancelled-download.js';
import { clientAbandonedConnect } from './client-abandoned-connect.js';
import { closeWithUnreadData } from './close-with-unread-data.js';
import { closedPort } from './closed-port.js';
import { closedRightAfterAccept } from './closed-right-after-accept.js';
import { conntrackInvalidLeak } from './conntrack-invalid-leak.js';
import { dataAfterClose } from './data-after-close.js';
import { deviceIdleTimeout } from './device-idle-timeout.js';
import { dpiInjection } from './dpi-injection.js';
import { finWait2Timeout } from './fin-wait-2-timeout.js';
import { firewallRejectSyn } from './firewall-reject-syn.js';
import { forgedRefusal } from './forged-refusal.js';
import { forgedReset } from './forged-reset.js';
import { halfCloseWithUnreadData } from './half-close-with-unread-data.js';
import { halfOpenPortReuse } from './half-open-port-reuse.js';
import { healthCheck } from './health-check.js';
import { hostLostState } from './host-lost-state.js';
import { keepaliveRaceAfterFin } from './keepalive-race-after-fin.js';
import { keepaliveRaceUnread } from './keepalive-race-unread.js';
import { lateSegmentAfterClose } from './late-segment-after-close.js';
import { lbTargetRemoved } from './lb-target-removed.js';
import { listenerClosedMidHandshake } from './listener-closed-mid-handshake.js';
import { listenerClosedUnaccepted } from './listener-closed-unaccepted.js';
import { listenerRestarting } from './listener-restarting.js';
import { mptcpClose } from './mptcp-close.js';
import { natStateExpired } from './nat-state-expired.js';
import { notFromAStack } from './not-from-a-stack.js';
import { parallelConnectLoser } from './parallel-connect-loser.js';
import { pathMtuBlackHole } from './path-mtu-black-hole.js';
import { portScan } from './port-scan.js';
import { processExit } from './process-exit.js';
import { replyAfterTimeout } from './reply-after-timeout.js';
import { resetOnOtherLeg } from './reset-on-other-leg.js';
import { responseTimeout } from './response-timeout.js';
import { retransmissionTimeout } from './retransmission-timeout.js';
import { routineCloseByReset } from './routine-close-by-reset.js';
import { rstIgnored } from './rst-ignored.js';
import { sequenceRewriting } from './sequence-rewriting.js';
import { serverIdleTimeout } from './server-idle-timeout.js';
import { sshRefusedBeforeBanner } from './ssh-refused-before-banner.js';
import { staleConnectionReuse } from './stale-connection-reuse.js';
import { stalledReader } from './stalled-reader.js';
import { statedReason } from './stated-reason.js';
import { strayAckToListener } from './stray-ack-to-listener.js';
import { synProxyFailure } from './syn-proxy-failure.js';
import { tcpKeepaliveTimeout } from './tcp-keepalive-timeout.js';
import { timeWaitPortReuse } from './time-wait-port-reuse.js';
import { tlsAlert } from './tls-alert.js';
import { tlsHelloRejected } from './tls-hello-rejected.js';
import { unacceptableSynAck } from './unacceptable-syn-ack.js';
import { unexplainedAbort } from './unexplained-abort.js';
import { unexplainedMidStream } from './unexplained-mid-stream.js';
import { unexplainedOrigin } from './unexplained-origin.js';
import { unexplainedReply } from './unexplained-reply.js';
import { unreadCloseNotify } from './unread-close-notify.js';
import { unreadRequestBody } from './unread-request-body.js';
import { unsolicitedSynAck } from './unsolicited-syn-ack.js';
import { vipFailover } from './vip-failover.js';
import { wrongProtocol } from './wrong-protocol.js';

/**
 * The catalogue in the order of precedence: the first that is at least likely gives the verdict, so the
 * specific stands before the general. What states itself comes first, then what no TCP wrote, what took no effect, then what
 * holds across connections (scans, checks, parallel connects), then a path that had lost the connection whoever reset it at
 * last, then whoever else made the packet (from what drew it to the bare proof of forgery), then the handshake, the timers,
 * what ended many connections at once, the stories of one connection from the specific to the general, and last the honest answers of each family.
 */
export const causes: readonly Cause[] = [
  mptcpClose,
  notFromAStack,

  sequenceRewriting,
  blindRstAttempt,
  rstIgnored,

  dpiInjection,
  forgedRefusal,
  conntrackInvalidLeak,
  portScan,
  healthCheck,
  parallelConnectLoser,

  pathMtuBlackHole,
  vipFailover,
  natStateExpired,
  deviceIdleTimeout,
  asymmetricRouting,
  blockedByPolicy,
  synProxyFailure,
  firewallRejectSyn,
  forgedReset,

  halfOpenPortReuse,
  timeWaitPortReuse,
  unacceptableSynAck,
  unsolicitedSynAck,
  strayAckToListener,
  listenerRestarting,
  closedPort,
  clientAbandonedConnect,
  listenerClosedMidHandshake,
  acceptQueueOverflow,

  tcpKeepaliveTimeout,
  retransmissionTimeout,
  replyAfterTimeout,
  stalledReader,

  listenerClosedUnaccepted,
  lbTargetRemoved,
  processExit,
  resetOnOtherLeg,

  wrongProtocol,
  sshRefusedBeforeBanner,
  tlsAlert,
  tlsHelloRejected,
  closedRightAfterAccept,

  unreadCloseNotify,
  unreadRequestBody,
  cancelledDownload,
  routineCloseByReset,
  responseTimeout,
  halfCloseWithUnreadData,
  keepaliveRaceUnread,
  keepaliveRaceAfterFin,
  staleConnectionReuse,
  serverIdleTimeout,
  lateSegmentAfterClose,
  finWait2Timeout,
  dataAfterClose,
  hostLostState,
  closeWithUnreadData,
  abortiveClose,
  statedReason,

  unexplainedMidStream,
  unexplainedOrigin,
  unexplainedAbort,
  unexplainedReply,
];
