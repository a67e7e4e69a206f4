import type { Endpoint } from '../segment';
import type { Seq } from '../seq';
import { seq, seqAdd, seqDiff } from '../seq';
import type { TcpContext } from './context';
import type { Tcb } from './tcb';

/** The ISN clock ticks every 4 microseconds (RFC 9293 section 3.4.1). */
const ISN_TICK_US = 4;

/** In place of a remote socket that is not known. */
const NOBODY: Endpoint = { address: '', port: 0 };

/** FNV-1a's constants (draft-eastlake-fnv), and an avalanche after it, so that every octet reaches every bit. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x0100_0193;

/**
 * F(localip, localport, remoteip, remoteport, secretkey) of RFC 6528 section 3, 0 to 2^32 - 1: connections between other
 * sockets have other numbers. A simulation has nobody to hide from, so that a plain mixing function stands for MD5.
 */
export function isnOffset(local: Endpoint, remote: Endpoint, secret: number): number {
  const text = `${local.address} ${local.port} ${remote.address} ${remote.port}`;
  let hash = (FNV_OFFSET ^ secret) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
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
