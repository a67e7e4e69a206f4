import { DEFAULT_HOST } from '../config';
import type { Profile } from './profile';

const SECOND = 1_000_000;

/** What FreeBSD does by default: options `mss,nop,wscale 6,sackOK,TS`, a window of 65535 octets, ACKs delayed by 40 ms. */
export const FREEBSD: Profile = {
  ...DEFAULT_HOST,
  // net.inet.tcp.msl
  mslUs: 30 * SECOND,
  finWait2Us: 60 * SECOND,
  rcvbufBytes: 65_535,
  rtoMinUs: 30_000,
  rtoMaxUs: 64 * SECOND,
  synRetries: 12,
  retries: 12,
  nagle: true,
  delayedAckUs: 40_000,
  windowScale: 6,
  scaleOptionFirst: true,
  timestamps: true,
  sack: true,
  dsack: true,
  ecn: 'passive',
  congestionControl: 'cubic',
  initialWindowSegments: 10,
  prr: true,
  keepAliveIntervalUs: 75 * SECOND,
  keepAliveProbes: 8,
  challengeAcksPerSecond: 100,
  synCookies: true,
  timeWaitReuse: true,
  closeUnreadResets: true,
  closeIsFull: true,
  // net.inet.tcp.minmss and 40 octets of headers
  leastPathMtuBytes: 256,
};
