import { DEFAULT_HOST } from '../config';
import type { Profile } from './profile';

const SECOND = 1_000_000;

/**
 * What Linux 6.18 does by default, as its traces show it. Where the RFCs leave a choice this is the kernel's; where it
 * departs from them (SYNs one second apart, probes without data) the field says what, and the traces are the source.
 */
export const LINUX: Profile = {
  ...DEFAULT_HOST,
  // net.ipv4.tcp_fin_timeout and TCP_TIMEWAIT_LEN: TIME-WAIT lasts 60 s.
  mslUs: 30 * SECOND,
  finWait2Us: 60 * SECOND,
  // net.ipv4.tcp_rmem. The buffer counts memory, as the captures' device took it: 64 octets before the IP header, a
  // skb_shared_info behind the text and a sk_buff beside it, in kmalloc's sizes. At first half of it is offered.
  rcvbufBytes: 131_072,
  receiveMemory: {
    headroomBytes: 64,
    trailerBytes: 320,
    recordBytes: 256,
    pieceSizes: [576, 1024, 2048, 4096],
    maxBytes: 33_554_432,
  },
  rcvbufGrows: true,
  rtoMinUs: 200_000,
  rtoMinOnVariance: true,
  rtoMaxUs: 120 * SECOND,
  // net.ipv4.tcp_syn_retries and tcp_syn_linear_timeouts: SYNs at 0, 1, 2, 3, 4, 5, 7, 11, 19, 35 and 67 s, the end at 131 s.
  synRetries: 6,
  synLinearTimeouts: 4,
  // net.ipv4.tcp_synack_retries
  synAckRetries: 5,
  // net.ipv4.tcp_orphan_retries = 0, which means 8
  orphanRetries: 8,
  // retransmits_timed_out
  retriesTakeTime: true,
  synAfterBadAckUs: 8_000,
  retries: 15,
  userTimeoutSinceResend: true,
  sendsDuringCalls: true,
  nagle: true,
  nagleSmallOnly: true,
  // tcp_send_fin
  closeOverridesNagle: true,
  abortAcknowledges: true,
  delayedAckUs: 40_000,
  delayedAckMaxUs: 200_000,
  quickAcks: 16,
  // net.ipv4.tcp_comp_sack_delay_ns, tcp_comp_sack_nr
  compressedAcks: { delayUs: 1000, most: 44 },
  windowScale: 10,
  timestamps: true,
  timestampsRequired: false,
  // TCP_PAWS_WINDOW
  timestampSlackTicks: 1,
  timestampSparesAcks: true,
  sack: true,
  dsack: true,
  ecn: 'passive',
  congestionControl: 'cubic',
  // CONFIG_HZ=250; tcp_cubic's hystart
  cubicTickUs: 4_000,
  hystart: true,
  initialWindowSegments: 10,
  synLossesForSmallWindow: 2,
  countsSegments: true,
  // tcp_slow_start
  slowStartSegments: null,
  idleRestart: 'halving',
  // tcp_xmit_retransmit_queue sends again what is marked as lost, and nothing else
  resendsGaps: false,
  prr: true,
  rack: true,
  // tcp_rack_advance asks for less than tcp_min_rtt. But a lone segment is often answered a little sooner than one of the
  // burst from which the least round trip comes: of three captures of a tail that lost more than its end, on a link of
  // constant delay, two show that the probe's round trip was not believed and the retransmission timer repaired the rest.
  rackDoubtsLeastRtt: true,
  // TCP_TIMEOUT_MIN_US
  rackTimerSlackUs: 2_000,
  // tcp_enter_loss
  timeoutSparesRecovery: true,
  tailLossProbe: true,
  frto: true,
  undo: true,
  probeForm: 'below-una',
  keepAliveIntervalUs: 75 * SECOND,
  keepAliveProbes: 9,
  invalidAckIntervalUs: 500_000,
  rejectsAcksBelowIss: true,
  // tcp_rcv_state_process; tcp_check_req, tcp_timewait_state_process
  needsAckFirst: true,
  briefRecords: true,
  // tcp_fin
  finAckRepeatsBlocks: true,
  // tcp_bound_to_half_wnd
  halfWindowSegments: true,
  // net.ipv4.tcp_retrans_collapse
  resendsTogether: true,
  answersTextAfterFin: true,
  resetsNewSyn: true,
  synCookies: true,
  timeWaitReuse: true,
  closeUnreadResets: true,
  closeIsFull: true,
  // tcp_v4_err: in SYN-SENT and SYN-RECEIVED every ICMP error ends the attempt; later ones are remembered.
  icmpSoftErrors: 'opening',
  // net.ipv4.route.min_pmtu
  leastPathMtuBytes: 552,
};
