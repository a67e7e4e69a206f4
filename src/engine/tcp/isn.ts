import type { Seq } from '../seq';
import { seq, seqAdd, seqDiff } from '../seq';
import type { TcpContext } from './context';
import type { Tcb } from './tcb';

/** The ISN clock ticks every 4 microseconds (RFC 9293 section 3.4.1). */
const ISN_TICK_US = 4;

/**
 * Chooses ISS = M + F() (RFC 9293 section 3.4.1, MUST-8 and SHLD-1): M is the 4 microsecond clock. A host with an `isn`
 * begins with exactly that number and goes on with the clock from there. A later connection of the host always begins
 * after the numbers that the last one used (RFC 9293 section 3.6.1, MAY-2 (1)).
 */
export function chooseIss(tcb: Tcb, ctx: TcpContext): Seq {
  const origin = tcb.isnOrigin;
  if (origin === null) {
    const iss = tcb.config.isn ?? seq(ctx.isnSecret + Math.floor(ctx.nowUs / ISN_TICK_US));
    tcb.isnOrigin = { iss, atUs: ctx.nowUs };
    return iss;
  }
  const ticked = seq(origin.iss + Math.floor((ctx.nowUs - origin.atUs) / ISN_TICK_US));
  return seqDiff(ticked, tcb.snd.max) >= 0 ? ticked : seqAdd(tcb.snd.max, 1);
}
