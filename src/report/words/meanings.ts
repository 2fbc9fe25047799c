import type { FirstOnWire } from './phrases.js';

export interface WireMeaning {
  /** For the reader of a log: what happened, in two or three sentences. */
  readonly meaning: string;
  /** What it cannot be, for who reads the words and thinks of something else. */
  readonly never: string;
  /** Ids of causes that lie behind it, the most frequent first; those that the catalogue lacks are passed over. */
  readonly causes: readonly string[];
}

export const MEANINGS: Readonly<Record<FirstOnWire, WireMeaning>> = {
  reset: {
    meaning:
      'An RST arrived on a connection that the other side had not closed with a FIN. Bytes received before it are still delivered on Linux; after them every read fails once with this error, and every write with "broken pipe".',
    never:
      'It cannot be an orderly close: where a FIN came first, a program on Linux reads the end of the stream ("EOF", "socket hang up") instead. It cannot be a refused connect either: this connection had come to be.',
    causes: [
      'keepalive-race-unread',
      'close-with-unread-data',
      'unread-request-body',
      'process-exit',
      'abortive-close',
      'server-idle-timeout',
      'response-timeout',
      'closed-right-after-accept',
      'listener-closed-unaccepted',
      'accept-queue-overflow',
      'tls-hello-rejected',
      'wrong-protocol',
      'ssh-refused-before-banner',
      'cancelled-download',
      'stalled-reader',
      'host-lost-state',
      'vip-failover',
      'lb-target-removed',
      'nat-state-expired',
      'device-idle-timeout',
      'conntrack-invalid-leak',
      'blocked-by-policy',
      'dpi-injection',
      'asymmetric-routing',
      'forged-reset',
    ],
  },
  fin: {
    meaning:
      'The other side closed with a FIN before the answer, or the rest of it, had come. An RST often follows when this side had just sent or goes on sending, but on Linux the program that reads never learns of that one: it sees the end of the stream.',
    never: 'It cannot be a connection that was reset while it was open: that is read as "connection reset by peer".',
    causes: [
      'keepalive-race-after-fin',
      'stale-connection-reuse',
      'data-after-close',
      'process-exit',
      'half-close-with-unread-data',
      'tls-alert',
      'fin-wait-2-timeout',
      'late-segment-after-close',
      'unread-close-notify',
    ],
  },
  dead: {
    meaning:
      'The program wrote to a connection that was already dead: an RST had come in answer to an earlier write, mostly because the other side had closed. The write that fails is not the one that was lost; that was the one before.',
    never:
      'It cannot be a refused connect, and the packet that killed the connection came earlier: look before the time of this line.',
    causes: [
      'data-after-close',
      'keepalive-race-after-fin',
      'stale-connection-reuse',
      'unread-request-body',
      'cancelled-download',
      'close-with-unread-data',
      'process-exit',
    ],
  },
  refused: {
    meaning:
      'The SYN was answered with an RST: the connection never came to be. As a rule nothing listens on that address and port; a firewall that rejects sends the same packet.',
    never:
      'It cannot be a connection that was cut: none had come to be, so no request was lost on it. It cannot be a timeout either: somebody answered.',
    causes: ['closed-port', 'listener-restarting', 'firewall-reject-syn', 'forged-refusal', 'port-scan'],
  },
  silence: {
    meaning:
      'Nothing came back: neither an answer nor an RST. The packets, or the answers to them, were lost or dropped on the way, or the host was gone. An RST may show up later, when one side speaks to the other again.',
    never: 'It cannot be a refusal or a reset: those are answers, and they come at once.',
    causes: [
      'reply-after-timeout',
      'nat-state-expired',
      'tcp-keepalive-timeout',
      'retransmission-timeout',
      'path-mtu-black-hole',
      'client-abandoned-connect',
    ],
  },
  local: {
    meaning:
      "The program's own host gave the connection up: an administrator's `ss -K`, a network switched off, or retransmissions that nobody answered. If an RST is in the capture, this host sent it.",
    never: 'It cannot be the other side: nothing that came from there ended this connection.',
    causes: ['abortive-close', 'tcp-keepalive-timeout', 'retransmission-timeout'],
  },
  inner: {
    meaning:
      'A message that travelled inside the connection: a TLS alert, the end of one HTTP/2 stream (RST_STREAM, GOAWAY), or a farewell in the words of the program. TCP carried it in order; an RST need not be in the capture at all.',
    never:
      'It cannot be told from this message that the TCP connection was reset. A reset that follows is the consequence and not the reason.',
    causes: ['tls-alert', 'wrong-protocol', 'reset-on-other-leg', 'stated-reason'],
  },
  hidden: {
    meaning:
      'The program writes the same words for a FIN and for an RST. Only the capture tells which came: a FIN first means the other side closed in order, an RST first that it aborted or had forgotten the connection.',
    never: 'It cannot be told from the words alone, whatever the message claims about who closed.',
    causes: [
      'keepalive-race-after-fin',
      'keepalive-race-unread',
      'close-with-unread-data',
      'process-exit',
      'nat-state-expired',
      'closed-port',
    ],
  },
};
