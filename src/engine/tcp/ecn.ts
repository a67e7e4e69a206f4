import type { Segment } from '../segment';
import { FLAG } from '../segment';
import { startQuickAcks } from './ackPacing';
import type { TcpContext } from './context';
import type { Tcb } from './tcb';
import { note } from './trace';

/** Explicit congestion notification on one connection (RFC 3168 section 6.1). */
export interface EcnState {
  /** Both sides agreed to it. */
  active: boolean;
  /** A mark has arrived: ACKs carry ECE until CWR comes (section 6.1.3). */
  echo: boolean;
  /** The window was reduced: the next new data carries CWR (section 6.1.2). */
  mustTell: boolean;
}

/** ECT(0), "ECN-capable transport", and CE, "congestion experienced" (RFC 3168 section 5). */
const ECT0 = 2;
const CE = 3;

/** How many segments after a mark are acknowledged at once. */
const QUICK_AFTER_MARK = 2;

const SETUP = FLAG.ECE | FLAG.CWR;

/** Before the SYNs. */
export function freshEcn(): EcnState {
  return { active: false, echo: false, mustTell: false };
}

/** The bits that a SYN or SYN-ACK has beside its own: ECN-setup (RFC 3168 section 6.1.1). */
export function ecnSynFlags(tcb: Tcb): number {
  if (tcb.irs === null) return tcb.config.ecn === 'on' ? SETUP : 0;
  return tcb.ecn.active ? FLAG.ECE : 0;
}

/** Takes in what the remote SYN says about ECN (RFC 3168 section 6.1.1). */
export function takeEcnSetup(tcb: Tcb, segment: Segment): void {
  const { ecn } = tcb.config;
  const bits = segment.flags & SETUP;
  const isAnswer = (segment.flags & FLAG.ACK) !== 0;
  tcb.ecn.active = isAnswer ? ecn === 'on' && bits === FLAG.ECE : ecn !== 'off' && bits === SETUP;
}

/** Takes in CE and CWR of an arriving segment (RFC 3168 section 6.1.3). */
export function takeEcn(tcb: Tcb, segment: Segment, ctx: TcpContext): void {
  if (tcb.ecn.active) takeMarks(tcb, segment, ctx);
}

function takeMarks(tcb: Tcb, segment: Segment, ctx: TcpContext): void {
  if ((segment.flags & FLAG.CWR) !== 0) tcb.ecn.echo = false;
  if (segment.ecn !== CE || tcb.ecn.echo) return;
  tcb.ecn.echo = true;
  // The window of the remote TCP may be small, so this ACK had better not wait (Linux: tcp_ecn_check_ce).
  startQuickAcks(tcb, QUICK_AFTER_MARK);
  note(tcb, ctx, 'ecn-mark');
}

/** The ECN bits of a segment without SYN; `isNewData` when it carries data for the first time. */
export function ecnFlags(tcb: Tcb, isNewData: boolean): number {
  const { ecn } = tcb;
  if (!ecn.active) return 0;
  let bits = ecn.echo ? FLAG.ECE : 0;
  if (isNewData && ecn.mustTell) {
    bits |= FLAG.CWR;
    ecn.mustTell = false;
  }
  return bits;
}

/** The ECN field of the IP header: only new data is ECN-capable (RFC 3168 sections 6.1.4 and 6.1.5). */
export function ecnField(tcb: Tcb, isNewData: boolean): number {
  return tcb.ecn.active && isNewData ? ECT0 : 0;
}
