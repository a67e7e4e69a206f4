import { DEFAULT_HOST } from '../config';
import type { Profile } from './profile';

const SECOND = 1_000_000;

/**
 * What FreeBSD 14 does by default: options `mss,nop,wscale 6,sackOK,TS`, a window of 65535 octets, ACKs delayed by 40 ms.
 * Each number is a sysctl below net.inet.tcp, or a constant of the file named (sys/netinet).
 */
export const FREEBSD: Profile = {
  ...DEFAULT_HOST,
  // msl
  mslUs: 30 * SECOND,
  // TP_MAXIDLE, keepcnt times keepintvl, as long as fast_finwait2_recycle is 0 (tcp_usrreq.c, tcp_usrclosed)
  finWait2Us: 600 * SECOND,
  rcvbufBytes: 65_535,
  // rexmit_min; TCP_REXMTVAL = max(rexmit_min, SRTT + 4 RTTVAR), and TCPT_RANGESET adds rexmit_slop to it (tcp_timer.h)
  rtoMinUs: 30_000,
  rtoSlopUs: 200_000,
  // TCPTV_REXMTMAX (tcp_timer.h)
  rtoMaxUs: 64 * SECOND,
  // tcp_backoff goes up to 512 (tcp_timer.c)
  mostDoublings: 9,
  // retries = TCP_MAXRXTSHIFT; the SYN's RTO is rexmit_initial times tcp_backoff, and keepinit ends the attempt before
  synRetries: 12,
  retries: 12,
  openTimeoutUs: 75 * SECOND,
  // SYNCACHE_MAXREXMTS (tcp_syncache.c): SYN-ACKs at 0, 1, 3.2 and 7.4 s, forgotten at 15.6 s
  synAckRetries: 3,
  // persmin and persmax (tcp_output.c, tcp_setpersist)
  persistBoundsUs: { least: 5 * SECOND, most: 60 * SECOND },
  nagle: true,
  // tcp_output.c: a FIN that has not been sent goes at once
  closeOverridesNagle: true,
  // delacktime
  delayedAckUs: 40_000,
  windowScale: 6,
  scaleOptionFirst: true,
  timestamps: true,
  sack: true,
  dsack: true,
  ecn: 'passive',
  congestionControl: 'cubic',
  // initcwnd_segments, abc_l_var, do_prr
  initialWindowSegments: 10,
  slowStartSegments: 2,
  prr: true,
  // keepintvl, keepcnt
  keepAliveIntervalUs: 75 * SECOND,
  keepAliveProbes: 8,
  challengeAcksPerSecond: 100,
  synCookies: true,
  timeWaitReuse: true,
  closeUnreadResets: true,
  closeIsFull: true,
  // minmss and 40 octets of headers
  leastPathMtuBytes: 256,
};
