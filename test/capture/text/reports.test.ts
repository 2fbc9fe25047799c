/**
 * Resets as people report them, rebuilt from public reports: the kind of packets, their order, sizes and pauses are
 * those of the report, addresses and numbers are not. Each was read against its packets before a verdict was asked for.
 */
import { describe, expect, test } from 'vitest';
import { diagnose } from '../../../src/diagnose.js';
import { said } from '../../support/listing.js';

interface Report {
  /** Who reported what, and where. */
  readonly of: string;
  readonly text: string;
  /** `frame: cause confidence`, aftershocks left out. */
  readonly gives: readonly string[];
  /** Causes that no verdict may have. */
  readonly not: readonly string[];
}

const REPORTS: readonly Report[] = [
  {
    of: 'telnet to a port where nothing listens, on the loopback (ntop/nProbe issue 354)',
    text: `
14:44:43.508869 IP 127.0.0.1.57958 > 127.0.0.1.4444: Flags [S], seq 1000156848, win 43690, options [mss 65495,sackOK,TS val 3597613024 ecr 0,nop,wscale 7], length 0
14:44:43.508883 IP 127.0.0.1.4444 > 127.0.0.1.57958: Flags [R.], seq 0, ack 1000156849, win 0, length 0`,
    gives: ['2: closed-port likely'],
    not: ['firewall-reject-syn', 'host-lost-state'],
  },
  {
    of: 'the same, lines broken by a terminal of 80 columns (rampageX/paping issue 22)',
    text: `
09:44:44.860355 IP 127.0.0.1.54156 > 127.0.0.1.65000: Flags [S], seq
3122841057, win 43690, options [mss 65495,sackOK,TS val 945914219 ecr 0,nop,
wscale 7], length 0
09:44:44.860369 IP 127.0.0.1.65000 > 127.0.0.1.54156: Flags [R.], seq 0, ack
3122841058, win 0, length 0`,
    gives: ['2: closed-port likely'],
    not: ['firewall-reject-syn'],
  },
  {
    of: 'repeated refusals with a hex dump and host names (the-tcpdump-group/tcpdump issue 128)',
    text: `
20:19:30.256991 IP 192.0.2.1.5555 > 192.0.2.2.6666: Flags [S], seq 1495178259, win 65535, options [mss 1460,nop,wscale 3,sackOK,TS val 79502 ecr 0], length 0
        0x0000:  4500 003c 005d 4000 4006 0000 c000 0201  E..<.]@.@.......
        0x0010:  c000 0202 15b3 1a0a 591e 9c13 0000 0000  ........Y.......
        0x0020:  a002 ffff 0000 0000 0204 05b4 0103 0303  ................
        0x0030:  0402 080a 0001 368e 0000 0000            ......6.....
20:19:30.264415 IP 192.0.2.2.6666 > 192.0.2.1.5555: Flags [R.], seq 0, ack 1495178260, win 0, length 0
20:19:33.256991 IP 192.0.2.1.5555 > 192.0.2.2.6666: Flags [S], seq 1495178259, win 65535, options [mss 1460,nop,wscale 3,sackOK,TS val 79802 ecr 0], length 0
20:19:33.264415 IP 192.0.2.2.6666 > 192.0.2.1.5555: Flags [R.], seq 0, ack 1, win 0, length 0`,
    gives: ['2: closed-port likely'],
    not: ['firewall-reject-syn', 'forged-refusal'],
  },
  {
    of: 'keep-alive probes of a small stack go unanswered once the peer is gone (apache/nuttx pull request 17888)',
    text: `
15:09:37.982173 IP 10.0.1.2.15149 > 10.0.1.3.7777: Flags [S], seq 1282192172, win 16384, options [mss 1460], length 0
15:09:37.985750 IP 10.0.1.3.7777 > 10.0.1.2.15149: Flags [S.], seq 1282192172, ack 1282192173, win 16384, options [mss 1460], length 0
15:09:37.992246 IP 10.0.1.2.15149 > 10.0.1.3.7777: Flags [.], ack 1, win 16384, length 0
15:09:49.129417 IP 10.0.1.3.7777 > 10.0.1.2.15149: Flags [.], ack 1, win 16384, length 0
15:09:51.142228 IP 10.0.1.2.15149 > 10.0.1.3.7777: Flags [.], ack 1, win 16384, length 0
15:09:53.152534 IP 10.0.1.2.15149 > 10.0.1.3.7777: Flags [.], ack 1, win 16384, length 0
15:09:55.162201 IP 10.0.1.2.15149 > 10.0.1.3.7777: Flags [.], ack 1, win 16384, length 0
15:09:57.172304 IP 10.0.1.2.15149 > 10.0.1.3.7777: Flags [R.], seq 1, ack 1, win 16384, length 0`,
    gives: ['8: tcp-keepalive-timeout likely'],
    not: ['abortive-close', 'server-idle-timeout'],
  },
  {
    of: 'a SYN-ACK comes back from the pod, not from the service: the client turns it away (kubernetes/kubernetes issue 122174)',
    text: `
03:26:08.830155 02:00:00:00:00:01 > 02:00:00:00:00:0a, ethertype IPv4 (0x0800), length 74: 10.244.1.192.38530 > 10.103.175.29.7800: Flags [S], seq 1582609996, win 64860, options [mss 1410,sackOK,TS val 1438955416 ecr 0,nop,wscale 7], length 0
03:26:08.830319 02:00:00:00:00:0a > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 74: 10.244.1.192.38530 > 10.244.1.189.7800: Flags [S], seq 1582609996, win 64860, options [mss 1410,sackOK,TS val 1438955416 ecr 0,nop,wscale 7], length 0
03:26:08.830392 02:00:00:00:00:02 > 02:00:00:00:00:01, ethertype IPv4 (0x0800), length 74: 10.244.1.189.7800 > 10.244.1.192.38530: Flags [S.], seq 1420487994, ack 1582609997, win 64308, options [mss 1410,sackOK,TS val 733929093 ecr 1438955416,nop,wscale 7], length 0
03:26:08.830458 02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 54: 10.244.1.192.38530 > 10.244.1.189.7800: Flags [R], seq 1582609997, win 0, length 0`,
    gives: ['4: unsolicited-syn-ack likely'],
    not: ['parallel-connect-loser', 'client-abandoned-connect', 'closed-port'],
  },
  {
    of: 'RFC-conform answers of a small stack: to a SYN without and with ACK (apache/nuttx pull request 17683)',
    text: `
10:34:17.027825 ARP, Request who-has 10.0.1.2 tell 10.0.1.1, length 28
10:34:17.034566 ARP, Reply 10.0.1.2 is-at 02:00:00:ad:be:ef, length 28
10:34:17.040816 IP 10.0.1.1.20 > 10.0.1.2.800: Flags [S], seq 123456, win 8192, length 0
10:34:17.044677 IP 10.0.1.2.800 > 10.0.1.1.20: Flags [R.], seq 0, ack 1, win 0, length 0
10:34:25.263222 IP 10.0.1.2 > 198.51.100.29: ICMP echo request, id 12, seq 0, length 88`,
    gives: ['4: closed-port likely'],
    not: ['firewall-reject-syn'],
  },
  {
    of: 'a scanner connects to sshd and aborts at once, with its socket alive (blog on connect scans, chinaunix.net)',
    text: `
13:27:48.919082 IP (tos 0x0, ttl 64, id 52187, offset 0, flags [DF], proto TCP (6), length 60)
127.0.0.1.39206 > 127.0.0.1.22: Flags [S], cksum 0x0338 (correct), seq 629688948, win 32792, options [mss 16396,sackOK,TS val 24019375 ecr 0,nop,wscale 6], length 0
13:27:48.919108 IP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length 60)
127.0.0.1.22 > 127.0.0.1.39206: Flags [S.], cksum 0x51bd (correct), seq 637536356, ack 629688949, win 32768, options [mss 16396,sackOK,TS val 24019375 ecr 24019375,nop,wscale 6], length 0
13:27:48.919135 IP (tos 0x0, ttl 64, id 52188, offset 0, flags [DF], proto TCP (6), length 52)
127.0.0.1.39206 > 127.0.0.1.22: Flags [.], cksum 0x38e0 (correct), seq 1, ack 1, win 513, options [nop,nop,TS val 24019375 ecr 24019375], length 0
13:27:48.919661 IP (tos 0x0, ttl 64, id 52189, offset 0, flags [DF], proto TCP (6), length 52)
127.0.0.1.39206 > 127.0.0.1.22: Flags [R.], cksum 0x38dc (correct), seq 1, ack 1, win 513, options [nop,nop,TS val 24019375 ecr 24019375], length 0`,
    gives: ['4: abortive-close likely'],
    not: ['forged-reset', 'host-lost-state', 'client-abandoned-connect'],
  },
  {
    of: 'a resolver closes its TLS connection while the answer is on its way (NLnetLabs/unbound issue 137)',
    text: `
10:00:00.000000 IP 192.0.2.5.51234 > 198.51.100.1.853: Flags [S], seq 1000, win 64240, options [mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7], length 0
10:00:00.020000 IP 198.51.100.1.853 > 192.0.2.5.51234: Flags [S.], seq 2000, ack 1001, win 65160, options [mss 1460,sackOK,TS val 900 ecr 10,nop,wscale 7], length 0
10:00:00.020050 IP 192.0.2.5.51234 > 198.51.100.1.853: Flags [.], ack 1, win 502, options [nop,nop,TS val 30 ecr 900], length 0
10:00:00.021000 IP 192.0.2.5.51234 > 198.51.100.1.853: Flags [P.], seq 1:80, ack 1, win 502, options [nop,nop,TS val 31 ecr 900], length 79
10:00:00.041000 IP 198.51.100.1.853 > 192.0.2.5.51234: Flags [P.], seq 1:32, ack 80, win 509, options [nop,nop,TS val 921 ecr 31], length 31
10:00:00.041100 IP 192.0.2.5.51234 > 198.51.100.1.853: Flags [.], ack 32, win 502, options [nop,nop,TS val 51 ecr 921], length 0
10:00:00.041300 IP 192.0.2.5.51234 > 198.51.100.1.853: Flags [F.], seq 80, ack 32, win 502, options [nop,nop,TS val 51 ecr 921], length 0
10:00:00.041900 IP 198.51.100.1.853 > 192.0.2.5.51234: Flags [P.], seq 32:170, ack 80, win 509, options [nop,nop,TS val 922 ecr 31], length 138
10:00:00.041950 IP 192.0.2.5.51234 > 198.51.100.1.853: Flags [R], seq 1080, win 0, length 0`,
    gives: ['9: data-after-close likely'],
    not: ['host-lost-state', 'forged-reset', 'nat-state-expired'],
  },
  {
    of: 'Redis has closed the connection, seconds later the client asks on it (phpredis/phpredis issue 1058)',
    text: `
11:00:00.000000 IP 10.0.0.31.41000 > 10.0.0.20.6379: Flags [S], seq 100, win 26883, options [mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7], length 0
11:00:00.000300 IP 10.0.0.20.6379 > 10.0.0.31.41000: Flags [S.], seq 500, ack 101, win 26847, options [mss 1460,sackOK,TS val 7 ecr 1,nop,wscale 7], length 0
11:00:00.000350 IP 10.0.0.31.41000 > 10.0.0.20.6379: Flags [.], ack 1, win 211, options [nop,nop,TS val 1 ecr 7], length 0
11:00:00.001000 IP 10.0.0.31.41000 > 10.0.0.20.6379: Flags [P.], seq 1:41, ack 1, win 211, options [nop,nop,TS val 2 ecr 7], length 40
11:00:00.001300 IP 10.0.0.20.6379 > 10.0.0.31.41000: Flags [P.], seq 1:8, ack 41, win 210, options [nop,nop,TS val 8 ecr 2], length 7
11:00:00.001350 IP 10.0.0.31.41000 > 10.0.0.20.6379: Flags [.], ack 8, win 211, options [nop,nop,TS val 2 ecr 8], length 0
11:00:30.002000 IP 10.0.0.20.6379 > 10.0.0.31.41000: Flags [F.], seq 8, ack 41, win 210, options [nop,nop,TS val 30009 ecr 2], length 0
11:00:30.041000 IP 10.0.0.31.41000 > 10.0.0.20.6379: Flags [.], ack 9, win 211, options [nop,nop,TS val 30042 ecr 30009], length 0
11:00:33.500000 IP 10.0.0.31.41000 > 10.0.0.20.6379: Flags [P.], seq 41:75, ack 9, win 211, options [nop,nop,TS val 33500 ecr 30009], length 34
11:00:33.500200 IP 10.0.0.20.6379 > 10.0.0.31.41000: Flags [R], seq 509, win 0, length 0`,
    gives: ['10: stale-connection-reuse likely'],
    not: ['closed-port', 'host-lost-state', 'nat-state-expired'],
  },
  {
    of: 'ProxySQL drops an idle connection at the moment it is used (sysown/proxysql issue 3109)',
    text: `
12:05:52.000000 IP 10.0.25.249.60144 > 10.0.96.20.6033: Flags [P.], seq 3000000:3000055, ack 7000000, win 501, options [nop,nop,TS val 40 ecr 90], length 55
12:05:52.001000 IP 10.0.96.20.6033 > 10.0.25.249.60144: Flags [P.], seq 1:66, ack 55, win 510, options [nop,nop,TS val 91 ecr 40], length 65
12:05:52.001100 IP 10.0.25.249.60144 > 10.0.96.20.6033: Flags [.], ack 66, win 501, options [nop,nop,TS val 41 ecr 91], length 0
12:05:53.100000 IP 10.0.96.20.6033 > 10.0.25.249.60144: Flags [F.], seq 66, ack 55, win 510, options [nop,nop,TS val 1190 ecr 41], length 0
12:05:53.100150 IP 10.0.25.249.60144 > 10.0.96.20.6033: Flags [P.], seq 55:140, ack 66, win 501, options [nop,nop,TS val 1140 ecr 91], length 85
12:05:53.100200 IP 10.0.96.20.6033 > 10.0.25.249.60144: Flags [R], seq 7000065, win 0, length 0
12:05:53.100350 IP 10.0.25.249.60144 > 10.0.96.20.6033: Flags [.], ack 67, win 501, options [nop,nop,TS val 1140 ecr 1190], length 0
12:05:53.100400 IP 10.0.96.20.6033 > 10.0.25.249.60144: Flags [R], seq 7000066, win 0, length 0`,
    gives: ['6: keepalive-race-after-fin likely'],
    not: ['host-lost-state', 'closed-port', 'forged-reset'],
  },
  {
    of: 'an RST in the name of the server long before its answer can have come, then the answer (klzgrad/naiveproxy issue 558)',
    text: `
No.     Time           Source                Destination           Protocol Length Info
     10 0.638064       192.168.0.2           203.0.113.9           TCP      66     51506 → 443 [SYN] Seq=0 Win=64240 Len=0 MSS=1460 WS=256 SACK_PERM
     23 0.956036       203.0.113.9           192.168.0.2           TCP      66     443 → 51506 [SYN, ACK] Seq=0 Ack=1 Win=42340 Len=0 MSS=1400 SACK_PERM WS=2048
     24 0.956137       192.168.0.2           203.0.113.9           TCP      54     51506 → 443 [ACK] Seq=1 Ack=1 Win=131584 Len=0
     25 0.956606       192.168.0.2           203.0.113.9           TLSv1    571    Client Hello
     26 0.964046       203.0.113.9           192.168.0.2           TCP      64     443 → 51506 [RST, ACK] Seq=1 Ack=518 Win=0 Len=10
     45 1.275046       203.0.113.9           192.168.0.2           TCP      54     443 → 51506 [ACK] Seq=1 Ack=518 Win=43008 Len=0
     46 1.277053       203.0.113.9           192.168.0.2           TCP      2854   [TCP Out-Of-Order] 443 → 51506 [ACK] Seq=1 Ack=518 Win=43008 Len=2800`,
    gives: ['26: blocked-by-policy likely'],
    not: ['tls-hello-rejected', 'abortive-close', 'closed-right-after-accept'],
  },
  {
    of: 'a FIN for a connection that nobody has any more, from the middle (Stack Overflow question 15182106)',
    text: `
No.     Time           Source                Destination           Protocol Length Info
  1 0.000000000    10.118.113.237        10.118.110.63         TCP      68     mmpft > 39679 [FIN, ACK] Seq=1 Ack=1 Win=49232 Len=0 TSval=62389927 TSecr=355193509
  2 0.000015000    10.118.110.63         10.118.113.237        TCP      56     39679 > mmpft [RST] Seq=1 Win=0 Len=0`,
    gives: ['2: unexplained-mid-stream possible'],
    not: ['closed-port', 'abortive-close', 'forged-reset'],
  },
  {
    of: 'Node closes after five seconds of keep-alive, the balancer asks in the same moment (nodejs/node issue 17749)',
    text: `
236041  2017-12-07 19:51:26.955000  10.23.34.195    10.23.67.39 TCP    74    58000 → 3000 [SYN] Seq=0 Win=26883 Len=0 MSS=1460 SACK_PERM=1 TSval=100 TSecr=0 WS=128
236042  2017-12-07 19:51:26.955040  10.23.67.39    10.23.34.195 TCP    74    3000 → 58000 [SYN, ACK] Seq=0 Ack=1 Win=26847 Len=0 MSS=1460 SACK_PERM=1 TSval=500 TSecr=100 WS=128
236043  2017-12-07 19:51:26.955400  10.23.34.195    10.23.67.39 TCP    66    58000 → 3000 [ACK] Seq=1 Ack=1 Win=27008 Len=0 TSval=100 TSecr=500
236044  2017-12-07 19:51:26.955900  10.23.34.195    10.23.67.39 HTTP    466    POST /api HTTP/1.1  (application/json)
236045  2017-12-07 19:51:26.955930  10.23.67.39    10.23.34.195 TCP    66    3000 → 58000 [ACK] Seq=1 Ack=401 Win=28032 Len=0 TSval=501 TSecr=101
236046  2017-12-07 19:51:26.961000  10.23.67.39    10.23.34.195 HTTP    266    HTTP/1.1 200 OK  (application/json)
236047  2017-12-07 19:51:26.961400  10.23.34.195    10.23.67.39 TCP    66    58000 → 3000 [ACK] Seq=401 Ack=201 Win=28032 Len=0 TSval=107 TSecr=506
236055  2017-12-07 19:51:31.961240  10.23.67.39    10.23.34.195 TCP    66    3000 → 58000 [FIN, ACK] Seq=201 Ack=401 Win=28032 Len=0 TSval=5506 TSecr=107
236056  2017-12-07 19:51:31.961253  10.23.34.195    10.23.67.39 HTTP    466    POST /api HTTP/1.1  (application/json)
236057  2017-12-07 19:51:31.961280  10.23.67.39    10.23.34.195 TCP    54    3000 → 58000 [RST] Seq=202 Win=0 Len=0`,
    gives: ['236057: keepalive-race-after-fin likely'],
    not: ['host-lost-state', 'closed-port', 'device-idle-timeout'],
  },
  {
    of: 'curl is stopped with Ctrl-C while a slow server still sends (ghaerr/elks issue 755)',
    text: `
10:00:00.000 IP 10.0.2.2.54246 > 10.0.2.15.80: Flags [S], seq 100, win 29200, options [mss 1460], length 0
10:00:00.010 IP 10.0.2.15.80 > 10.0.2.2.54246: Flags [S.], seq 900, ack 101, win 2048, options [mss 1024], length 0
10:00:00.011 IP 10.0.2.2.54246 > 10.0.2.15.80: Flags [.], ack 1, win 29200, length 0
10:00:00.012 IP 10.0.2.2.54246 > 10.0.2.15.80: Flags [P.], seq 1:80, ack 1, win 29200, length 79
10:00:00.100 IP 10.0.2.15.80 > 10.0.2.2.54246: Flags [P.], seq 1:513, ack 80, win 2048, length 512
10:00:00.101 IP 10.0.2.2.54246 > 10.0.2.15.80: Flags [.], ack 513, win 29200, length 0
10:00:02.000 IP 10.0.2.15.80 > 10.0.2.2.54246: Flags [.], seq 513:1025, ack 80, win 2048, length 512
10:00:02.001 IP 10.0.2.2.54246 > 10.0.2.15.80: Flags [.], ack 1025, win 29200, length 0
10:00:03.000 IP 10.0.2.2.54246 > 10.0.2.15.80: Flags [F.], seq 80, ack 1025, win 29200, length 0
10:00:04.000 IP 10.0.2.15.80 > 10.0.2.2.54246: Flags [P.], seq 1025:1537, ack 80, win 2048, length 512
10:00:04.001 IP 10.0.2.2.54246 > 10.0.2.15.80: Flags [R], seq 180, win 0, length 0`,
    gives: ['11: data-after-close likely'],
    not: ['host-lost-state', 'closed-port', 'forged-reset'],
  },
  {
    of: 'a load balancer has forgotten a connection after 350 s without traffic (tenable, AWS NLB; istio/istio issue 16572)',
    text: `
10:00:00.000000 IP 10.0.0.5.40000 > 10.0.1.9.443: Flags [S], seq 1000, win 64240, options [mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7], length 0
10:00:00.002000 IP 10.0.1.9.443 > 10.0.0.5.40000: Flags [S.], seq 2000, ack 1001, win 65160, options [mss 1460,sackOK,TS val 900 ecr 10,nop,wscale 7], length 0
10:00:00.002050 IP 10.0.0.5.40000 > 10.0.1.9.443: Flags [.], ack 1, win 502, options [nop,nop,TS val 12 ecr 900], length 0
10:00:00.003000 IP 10.0.0.5.40000 > 10.0.1.9.443: Flags [P.], seq 1:201, ack 1, win 502, options [nop,nop,TS val 13 ecr 900], length 200
10:00:00.005000 IP 10.0.1.9.443 > 10.0.0.5.40000: Flags [P.], seq 1:301, ack 201, win 509, options [nop,nop,TS val 903 ecr 13], length 300
10:00:00.005050 IP 10.0.0.5.40000 > 10.0.1.9.443: Flags [.], ack 301, win 502, options [nop,nop,TS val 15 ecr 903], length 0
10:06:00.100000 IP 10.0.0.5.40000 > 10.0.1.9.443: Flags [P.], seq 201:401, ack 301, win 502, options [nop,nop,TS val 360110 ecr 903], length 200
10:06:00.100900 IP 10.0.1.9.443 > 10.0.0.5.40000: Flags [R], seq 2301, win 0, length 0`,
    // What made it, its TTL would tell, which tcpdump -n does not print.
    gives: ['8: unexplained-reply possible'],
    not: ['host-lost-state', 'closed-port', 'abortive-close'],
  },
  {
    of: 'one RST, more data that was on its way, a second RST (haproxy/haproxy issue 2182)',
    text: `
10:00:00.000000 IP 10.0.0.5.40000 > 10.0.1.9.8080: Flags [S], seq 1000, win 64240, options [mss 1460,sackOK,TS val 10 ecr 0,nop,wscale 7], length 0
10:00:00.000200 IP 10.0.1.9.8080 > 10.0.0.5.40000: Flags [S.], seq 2000, ack 1001, win 65160, options [mss 1460,sackOK,TS val 900 ecr 10,nop,wscale 7], length 0
10:00:00.000250 IP 10.0.0.5.40000 > 10.0.1.9.8080: Flags [.], ack 1, win 502, options [nop,nop,TS val 10 ecr 900], length 0
10:00:00.001000 IP 10.0.0.5.40000 > 10.0.1.9.8080: Flags [P.], seq 1:1449, ack 1, win 502, options [nop,nop,TS val 11 ecr 900], length 1448
10:00:00.001200 IP 10.0.1.9.8080 > 10.0.0.5.40000: Flags [.], ack 1449, win 501, options [nop,nop,TS val 901 ecr 11], length 0
10:00:00.050000 IP 10.0.1.9.8080 > 10.0.0.5.40000: Flags [R.], seq 1, ack 1449, win 501, options [nop,nop,TS val 950 ecr 11], length 0
10:00:00.050010 IP 10.0.0.5.40000 > 10.0.1.9.8080: Flags [P.], seq 1449:2897, ack 1, win 502, options [nop,nop,TS val 60 ecr 901], length 1448
10:00:00.050200 IP 10.0.1.9.8080 > 10.0.0.5.40000: Flags [R], seq 2001, win 0, length 0`,
    gives: ['6: close-with-unread-data likely'],
    not: ['host-lost-state', 'forged-reset', 'late-segment-after-close'],
  },
  {
    of: 'gRPC client closes, answers what still comes with RST (grpc/grpc issue 38231)',
    text: `
    1   0.000000    localhost → localhost    TCP 41128 → 50051 [SYN] Seq=0 Win=65495 Len=0 MSS=65495 SACK_PERM TSval=2946673464 TSecr=0 WS=128
    2   0.002025    localhost → localhost    TCP 50051 → 41128 [SYN, ACK] Seq=0 Ack=1 Win=65483 Len=0 MSS=65495 SACK_PERM TSval=2946673466 TSecr=2946673464 WS=128
    3   0.004054    localhost → localhost    TCP 41128 → 50051 [ACK] Seq=1 Ack=1 Win=65536 Len=0 TSval=2946673468 TSecr=2946673466
    4   0.004247    localhost → localhost    TCP 41128 → 50051 [PSH, ACK] Seq=1 Ack=1 Win=65536 Len=120 TSval=2946673468 TSecr=2946673466
    5   0.006300    localhost → localhost    TCP 50051 → 41128 [PSH, ACK] Seq=1 Ack=121 Win=65408 Len=60 TSval=2946673470 TSecr=2946673468
    6   0.008400    localhost → localhost    TCP 41128 → 50051 [FIN, ACK] Seq=121 Ack=61 Win=65536 Len=0 TSval=2946673472 TSecr=2946673470
    7   0.008500    localhost → localhost    TCP 50051 → 41128 [PSH, ACK] Seq=61 Ack=121 Win=65408 Len=17 TSval=2946673472 TSecr=2946673468
    8   0.010550    localhost → localhost    TCP 41128 → 50051 [RST] Seq=121 Win=0 Len=0`,
    gives: ['8: data-after-close likely'],
    not: ['host-lost-state', 'forged-reset', 'closed-port'],
  },
  {
    of: 'an API server closes with the request of the balancer on its way (hapijs/hapi issue 3738)',
    text: `
60090 2018-02-01 08:43:23.014057    ALB_IP           NODE_SERVER_IP         TCP      74     23495 → 3000 [SYN] Seq=0 Win=26883 Len=0 MSS=8961 SACK_PERM=1 TSval=37350007 TSecr=0 WS=256
60091 2018-02-01 08:43:23.014086    NODE_SERVER_IP         ALB_IP           TCP      74     3000 → 23495 [SYN, ACK] Seq=0 Ack=1 Win=26847 Len=0 MSS=8961 SACK_PERM=1 TSval=45343656 TSecr=37350007 WS=128
60092 2018-02-01 08:43:23.014462    ALB_IP           NODE_SERVER_IP         TCP      66     23495 → 3000 [ACK] Seq=1 Ack=1 Win=27136 Len=0 TSval=37350007 TSecr=45343656
60093 2018-02-01 08:43:23.014487    ALB_IP           NODE_SERVER_IP         HTTP     722    POST /path HTTP/1.1  (application/json)
60094 2018-02-01 08:43:23.014493    NODE_SERVER_IP         ALB_IP           TCP      66     3000 → 23495 [ACK] Seq=1 Ack=657 Win=28160 Len=0 TSval=45343656 TSecr=37350007
60099 2018-02-01 08:43:23.017253    NODE_SERVER_IP         ALB_IP           HTTP     366    HTTP/1.1 200 OK  (application/json)
60100 2018-02-01 08:43:23.017700    ALB_IP           NODE_SERVER_IP         TCP      66     23495 → 3000 [ACK] Seq=657 Ack=301 Win=28416 Len=0 TSval=37350008 TSecr=45343657
60201 2018-02-01 08:43:28.022000    NODE_SERVER_IP         ALB_IP           TCP      66     3000 → 23495 [FIN, ACK] Seq=301 Ack=657 Win=28160 Len=0 TSval=45344908 TSecr=37350008
60202 2018-02-01 08:43:28.022100    ALB_IP           NODE_SERVER_IP         HTTP     722    POST /path HTTP/1.1  (application/json)
60203 2018-02-01 08:43:28.022120    NODE_SERVER_IP         ALB_IP           TCP      54     3000 → 23495 [RST] Seq=302 Win=0 Len=0`,
    gives: ['60203: keepalive-race-after-fin likely'],
    not: ['host-lost-state', 'closed-port'],
  },
  {
    of: 'a lone RST in a log, no packet of its connection (cloudfoundry/diego-ssh issue 24)',
    text: `
09:16:34.072830 IP (tos 0x0, ttl 64, id 34451, offset 0, flags [DF], proto TCP (6), length 40)
     host.compute.example.https > access-z2-0.node.example.56320: Flags [R], cksum 0x58a1 (correct), seq 2596626333, win 346, length 0`,
    gives: ['1: unexplained-mid-stream possible'],
    not: ['device-idle-timeout', 'server-idle-timeout', 'closed-port'],
  },
  {
    of: 'an aborting echo server seen on the loopback of its container (moby/moby issue 18630)',
    text: `
00:00:46.990936 00:00:00:00:00:00 (oui Ethernet) > 00:00:00:00:00:00 (oui Ethernet), ethertype IPv4 (0x0800), length 74: localhost.57382 > localhost.12345: Flags [S], seq 3411329055, win 43690, options [mss 65495,sackOK,TS val 1613614 ecr 0,nop,wscale 7], length 0
00:00:46.990960 00:00:00:00:00:00 (oui Ethernet) > 00:00:00:00:00:00 (oui Ethernet), ethertype IPv4 (0x0800), length 74: localhost.12345 > localhost.57382: Flags [S.], seq 1273088479, ack 3411329056, win 43690, options [mss 65495,sackOK,TS val 1613614 ecr 1613614,nop,wscale 7], length 0
00:00:46.990980 00:00:00:00:00:00 (oui Ethernet) > 00:00:00:00:00:00 (oui Ethernet), ethertype IPv4 (0x0800), length 66: localhost.57382 > localhost.12345: Flags [.], ack 1, win 342, options [nop,nop,TS val 1613614 ecr 1613614], length 0
00:00:46.991100 00:00:00:00:00:00 (oui Ethernet) > 00:00:00:00:00:00 (oui Ethernet), ethertype IPv4 (0x0800), length 66: localhost.12345 > localhost.57382: Flags [R.], seq 1, ack 1, win 342, options [nop,nop,TS val 1613614 ecr 1613614], length 0`,
    // Nobody else was served: broken for everyone, or meant for this client.
    gives: ['4: unexplained-abort possible'],
    not: ['forged-reset', 'close-with-unread-data', 'accept-queue-overflow'],
  },
  {
    of: 'refusals forged before the server answers, printed with -v -e in two lines, the second with an address like a time',
    text: `
12:58:08.892054 02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 74: (tos 0x0, ttl 64, id 1104, offset 0, flags [DF], proto TCP (6), length 60)
    192.168.20.181.39672 > 10.182.105.138.8088: Flags [S], cksum 0x9d15 (incorrect -> 0x0922), seq 1058190441, win 29200, options [mss 1460,sackOK,TS val 33978937 ecr 0,nop,wscale 7], length 0
12:58:08.892221 02:00:00:00:00:03 > 02:00:00:00:00:01, ethertype IPv4 (0x0800), length 60: (tos 0x0, ttl 120, id 64765, offset 0, flags [none], proto TCP (6), length 40)
    10.182.105.138.8088 > 192.168.20.181.39672: Flags [R.], cksum 0x5f41 (correct), seq 0, ack 1058190442, win 0, length 0

12:58:08.898020 02:00:00:00:00:03 > 02:00:00:00:00:01, ethertype IPv4 (0x0800), length 74: (tos 0x48, ttl 50, id 0, offset 0, flags [DF], proto TCP (6), length 60)
    10.182.105.138.8088 > 192.168.20.181.39672: Flags [S.], cksum 0x6f57 (correct), seq 2461531035, ack 1058190442, win 64720, options [mss 8102,sackOK,TS val 3513094066 ecr 33978937,nop,wscale 7], length 0
12:58:08.898076 02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype IPv4 (0x0800), length 54: (tos 0x48, ttl 64, id 29613, offset 0, flags [DF], proto TCP (6), length 40)
    192.168.20.181.39672 > 10.182.105.138.8088: Flags [R], cksum 0x5f51 (correct), seq 1058190442, win 0, length 0`,
    gives: ['2: forged-refusal certain'],
    not: ['closed-port', 'client-abandoned-connect'],
  },
  {
    of: 'a program in a VRF: its SYNs leave, the kernel finds no socket for the answers, the same SYN comes again',
    text: `
20:06:40.409006 IP 10.214.40.237.58928 > 10.99.0.1.22: Flags [S], seq 1123706560, win 65495, options [mss 65495,sackOK,TS val 3798273519 ecr 0,nop,wscale 7], length 0
20:06:40.439699 IP 10.99.0.1.22 > 10.214.40.237.58928: Flags [S.], seq 2289740891, ack 1123706561, win 65160, options [mss 1460,sackOK,TS val 1100235016 ecr 3798273519,nop,wscale 7], length 0
20:06:40.439751 IP 10.214.40.237.58928 > 10.99.0.1.22: Flags [R], seq 1123706561, win 0, length 0
20:06:41.451871 IP 10.214.40.237.58928 > 10.99.0.1.22: Flags [S], seq 1123706560, win 65495, options [mss 65495,sackOK,TS val 3798274562 ecr 0,nop,wscale 7], length 0
20:06:41.484498 IP 10.99.0.1.22 > 10.214.40.237.58928: Flags [S.], seq 2306036877, ack 1123706561, win 65160, options [mss 1460,sackOK,TS val 1100236059 ecr 3798274562,nop,wscale 7], length 0
20:06:41.484528 IP 10.214.40.237.58928 > 10.99.0.1.22: Flags [R], seq 1123706561, win 0, length 0`,
    gives: ['3: unsolicited-syn-ack likely'],
    not: ['client-abandoned-connect', 'port-scan'],
  },
  {
    of: 'an answer to a blocked pop comes after its client closed; the text begins in the middle, so its RST alone counts from the wire',
    text: `
16:50:54.995806 IP pop.example.38658 > store.example.6379: Flags [F.], seq 155, ack 21, win 229, options [nop,nop,TS val 19885480 ecr 19879304], length 0
16:50:57.055424 IP pop.example.38658 > store.example.6379: Flags [F.], seq 155, ack 21, win 229, options [nop,nop,TS val 19885656 ecr 19879304], length 0
16:51:00.496113 IP store.example.6379 > pop.example.38658: Flags [P.], seq 21:26, ack 156, win 227, options [nop,nop,TS val 19886000 ecr 19886000], length 5: RESP null
16:51:00.496207 IP pop.example.38658 > store.example.6379: Flags [R], seq 721889775, win 0, length 0`,
    gives: ['4: data-after-close likely'],
    not: ['host-lost-state', 'nat-state-expired'],
  },
  {
    of: 'the same, but what its client had sent was not all acknowledged: the RST may stand anywhere',
    text: `
16:50:54.995806 IP pop.example.38658 > store.example.6379: Flags [F.], seq 155, ack 21, win 229, options [nop,nop,TS val 19885480 ecr 19879304], length 0
16:51:00.496113 IP store.example.6379 > pop.example.38658: Flags [P.], seq 21:26, ack 155, win 227, options [nop,nop,TS val 19886000 ecr 19886000], length 5: RESP null
16:51:00.496207 IP pop.example.38658 > store.example.6379: Flags [R], seq 721889775, win 0, length 0`,
    gives: ['3: unexplained-mid-stream possible'],
    not: ['data-after-close'],
  },
  {
    of: 'IPv6 with a host name at one end',
    text: `
07:26:05.736900 IP6 phone.41310 > 2001:db8::2003.443: Flags [F.], seq 511, ack 3863, win 114, options [nop,nop,TS val 66501413 ecr 1288800270], length 0
07:26:05.752900 IP6 2001:db8::2003.443 > phone.41310: Flags [P.], seq 3863:4000, ack 512, win 114, options [nop,nop,TS val 1288800272 ecr 66501413], length 137
07:26:05.752954 IP6 phone.41310 > 2001:db8::2003.443: Flags [R], seq 3279990707, win 0, length 0`,
    gives: ['3: data-after-close likely'],
    not: ['unexplained-mid-stream'],
  },
  {
    of: 'a client that has all it wanted closes; the server says its TLS goodbye, of which the text holds the end only',
    text: `
  326  12.695022 172.20.19.120 → 20.20.73.82 TLSv1.3 90 Application Data
  327  12.696817 172.20.19.120 → 20.20.73.82 TCP 66 59268 → 443 [FIN, ACK] Seq=781 Ack=588761 Win=1042176 Len=0 TSval=4094596715 TSecr=2367382981
  328  12.818656 20.20.73.82 → 172.20.19.120 TCP 66 443 → 59268 [ACK] Seq=588761 Ack=781 Win=67584 Len=0 TSval=2367383118 TSecr=4094596714
  329  12.825662 20.20.73.82 → 172.20.19.120 TLSv1.3 90 Application Data
  330  12.825663 20.20.73.82 → 172.20.19.120 TCP 66 443 → 59268 [FIN, ACK] Seq=588785 Ack=782 Win=67584 Len=0 TSval=2367383123 TSecr=4094596715
  331  12.825722 172.20.19.120 → 20.20.73.82 TCP 54 59268 → 443 [RST] Seq=782 Win=0 Len=0
  332  12.825743 172.20.19.120 → 20.20.73.82 TCP 54 59268 → 443 [RST] Seq=782 Win=0 Len=0`,
    gives: ['331: unread-close-notify likely'],
    not: ['data-after-close'],
  },
];

describe('public reports', () => {
  test.each(REPORTS)('$of', async ({ text, gives, not }) => {
    const { verdicts, captures } = await diagnose(new TextEncoder().encode(text));
    expect(captures[0]?.warnings).toEqual([]);
    const firsts = verdicts.filter(({ role }) => role !== 'aftershock');
    expect(firsts.map((one) => `${one.reset.rst.frame}: ${said(one)}`)).toEqual(gives);
    for (const cause of not) expect(verdicts.map((one) => one.cause.id)).not.toContain(cause);
  });

  test('lines whose end somebody cut off are packets with a warning, and nothing is likely', async () => {
    // The answer of a host behind a DNAT that is not undone, as a lab report prints it.
    const { verdicts, captures } = await diagnose(
      new TextEncoder().encode(`
02:09:33.268858 veth-dmz In  IP 203.0.113.10.45714 > 10.40.0.2.8080: Flags [S], seq 3906470847
02:09:33.268878 veth-dmz Out IP 10.40.0.2.8080 > 203.0.113.10.45714: Flags [S.], seq 3561546278, ack 3906470848, ... length 0
02:09:33.268894 veth-dmz In  IP 203.0.113.10.45714 > 10.40.0.2.8080: Flags [R]
02:09:34.280924 veth-dmz In  IP 203.0.113.10.45714 > 10.40.0.2.8080: Flags [S], seq 3906470847`),
    );
    expect(verdicts.map((one) => [one.reset.rst.frame, said(one)])).toEqual([[3, 'unexplained-reply possible']]);
    expect(verdicts[0]?.alternatives.map(({ cause }) => cause.id)).toContain('unsolicited-syn-ack');
    expect(captures[0]?.warnings.map(({ count, text }) => `${count} ${text}`)).toEqual([
      '4 lines that look like packets cannot be understood, first line 2: it has no window',
    ]);
  });
});
