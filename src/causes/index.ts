import type { Cause } from '../reset/types.js';
import { abortiveClose } from './abortive-close.js';
import { acceptQueueOverflow } from './accept-queue-overflow.js';
import { blockedByPolicy } from './blocked-by-policy.js';
import { cancelledDownload } from './cancelled-download.js';
import { closeWithUnreadData } from './close-with-unread-data.js';
import { closedPort } from './closed-port.js';
import { closedRightAfterAccept } from './closed-right-after-accept.js';
import { dataAfterClose } from './data-after-close.js';
import { deviceIdleTimeout } from './device-idle-timeout.js';
import { forgedReset } from './forged-reset.js';
import { halfCloseWithUnreadData } from './half-close-with-unread-data.js';
import { hostLostState } from './host-lost-state.js';
import { keepaliveRaceAfterFin } from './keepalive-race-after-fin.js';
import { keepaliveRaceUnread } from './keepalive-race-unread.js';
import { lateSegmentAfterClose } from './late-segment-after-close.js';
import { natStateExpired } from './nat-state-expired.js';
import { portScan } from './port-scan.js';
import { processExit } from './process-exit.js';
import { rstIgnored } from './rst-ignored.js';
import { staleConnectionReuse } from './stale-connection-reuse.js';
import { unexplainedAbort } from './unexplained-abort.js';
import { unexplainedMidStream } from './unexplained-mid-stream.js';
import { unexplainedReply } from './unexplained-reply.js';
import { unreadCloseNotify } from './unread-close-notify.js';
import { unreadRequestBody } from './unread-request-body.js';

/**
 * The catalogue in the order of precedence: of causes that are equally sure the earlier wins.
 * What took no effect comes first, then what holds across connections (a scan, a process that ended),
 * then who else made the packet (from what drew it to the bare proof of forgery), then the stories of
 * one connection from the specific to the general, and last the honest answers of each family.
 */
export const causes: readonly Cause[] = [
  rstIgnored,
  portScan,
  processExit,

  natStateExpired,
  deviceIdleTimeout,
  blockedByPolicy,
  forgedReset,

  closedPort,
  acceptQueueOverflow,
  closedRightAfterAccept,

  unreadCloseNotify,
  unreadRequestBody,
  cancelledDownload,
  halfCloseWithUnreadData,
  keepaliveRaceUnread,
  keepaliveRaceAfterFin,
  staleConnectionReuse,
  lateSegmentAfterClose,
  dataAfterClose,
  hostLostState,
  closeWithUnreadData,
  abortiveClose,

  unexplainedMidStream,
  unexplainedAbort,
  unexplainedReply,
];
