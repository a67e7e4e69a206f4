import { halfSipHash } from '../halfSipHash';
import type { Endpoint } from '../segment';
import type { Seq } from '../seq';
import { seq, seqAdd, seqDiff } from '../seq';
import type { TcpContext } from './context';
import type { Tcb } from './tcb';

/** The ISN clock ticks every 4 microseconds (RFC 9293 section 3.4.1). */
const ISN_TICK_US = 4;

/** In place of a remote socket that is not known. */
const NOBODY: Endpoint = { address: '', port: 0 };

/** The second half of the key, so that it does not follow from the first by sight. */
const KEY_CONSTANT = 0x9e37_79b9;

/**
 * F(localip, localport, remoteip, remoteport, secretkey) of RFC 6528 section 3, 0 to 2^32 - 1: connections between other
 * sockets have other numbers, and nobody who does not know `secret` can tell which (RFC 9293 section 3.4.1, MUST-9).
 */
export function isnOffset(local: Endpoint, remote: Endpoint, secret: number): number {
  const text = `${local.address} ${local.port} ${remote.address} ${remote.port}`;
  const octets = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return halfSipHash(octets, [secret, Math.imul(secret, KEY_CONSTANT)]);
}

/**
 * Chooses ISS = M + F() (RFC 9293 section 3.4.1, MUST-8 and SHLD-1; RFC 6528 section 3): M is the 4 microsecond clock. A host with an `isn`
 * begins with exactly that number and goes on with the clock from there. A later connection of the host always begins
 * after the numbers that the last one used (RFC 9293 section 3.6.1, MAY-2 (1)).
 */
export function chooseIss(tcb: Tcb, ctx: TcpContext): Seq {
  const origin = tcb.isnOrigin;
  if (origin === null) {
    const iss =
      tcb.config.isn ??
      seq(isnOffset(tcb.local, tcb.remote ?? NOBODY, ctx.isnSecret) + Math.floor(ctx.nowUs / ISN_TICK_US));
    tcb.isnOrigin = { iss, atUs: ctx.nowUs };
    return iss;
  }
  const ticked = seq(origin.iss + Math.floor((ctx.nowUs - origin.atUs) / ISN_TICK_US));
  return seqDiff(ticked, tcb.snd.max) >= 0 ? ticked : seqAdd(tcb.snd.max, 1);
}
