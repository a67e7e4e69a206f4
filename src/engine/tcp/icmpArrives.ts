import type { IcmpError, IcmpId, IcmpKind, IcmpMessage } from '../icmp';
import { ICMP_KINDS } from '../icmp';
import type { RuleId } from '../rules';
import { seqGeq, seqLt } from '../seq';
import type { TcpContext } from './context';
import { causeOf } from './context';
import { deleteTcb, returnToListen } from './lifecycle';
import { takeTooBig } from './pathMtu';
import type { Tcb } from './tcb';
import { note, reportError, signalUser } from './trace';

/** What the application is told of each kind; null for those that are not told. */
function errorOf(kind: IcmpKind): IcmpError | null {
  const entry = ICMP_KINDS[kind];
  return entry.class === 'soft' || entry.class === 'hard' ? entry.text : null;
}

/**
 * An ICMP error message about a segment that this connection sent (RFC 9293 section 3.9.2.2, MUST-54). The IP layer has
 * found the connection by the quoted addresses and ports; it has a remote socket and an ISS.
 */
export function icmpArrives(tcb: Tcb, message: IcmpMessage, id: IcmpId, ctx: TcpContext): void {
  tcb.counters.icmpReceived++;
  if (ICMP_KINDS[message.kind].class === 'ignored') {
    ignoreIcmp(tcb, id, ctx, 'icmp-source-quench');
    return;
  }
  if (!isInFlight(tcb, message)) {
    ignoreIcmp(tcb, id, ctx, 'icmp-not-in-flight');
    return;
  }
  note(tcb, ctx, 'icmp-accepted');
  const error = errorOf(message.kind);
  if (error === null) takeTooBig(tcb, message, ctx);
  else takeError(tcb, error, ICMP_KINDS[message.kind].class === 'hard', ctx);
}

/** RFC 5927 section 4.1: the quoted sequence number has been sent and is not acknowledged, which a blind forger must guess. */
function isInFlight(tcb: Tcb, { quoted }: IcmpMessage): boolean {
  return seqGeq(quoted.seq, tcb.snd.una) && seqLt(quoted.seq, tcb.snd.max);
}

/** A soft or hard error: it ends the connection where the host says so, and else is remembered and told. */
function takeError(tcb: Tcb, error: IcmpError, hard: boolean, ctx: TcpContext): void {
  const { icmpHardErrors, icmpSoftErrors } = tcb.config;
  const opening = tcb.state === 'SYN-SENT' || tcb.state === 'SYN-RECEIVED';
  const policy = hard ? icmpHardErrors : icmpSoftErrors;
  if (policy === 'always' || (policy === 'opening' && opening)) {
    abortBy(tcb, error, ctx, hard ? 'icmp-hard-error' : 'icmp-soft-aborts');
    return;
  }
  tcb.softError = error;
  note(tcb, ctx, hard ? 'icmp-hard-kept' : 'icmp-soft-kept');
  reportError(tcb, error, ctx, 'icmp-told');
}

function abortBy(tcb: Tcb, error: IcmpError, ctx: TcpContext, rule: RuleId): void {
  if (tcb.state === 'SYN-RECEIVED' && tcb.origin === 'passive') {
    returnToListen(tcb, ctx, rule);
    return;
  }
  signalUser(tcb, error, ctx, rule);
  deleteTcb(tcb, error, ctx, rule);
}

/** Says that an ICMP message changes nothing. */
export function ignoreIcmp(tcb: Tcb, id: IcmpId, ctx: TcpContext, rule: RuleId): void {
  if (ctx.sink === null) return;
  ctx.sink({
    kind: 'icmp-ignored',
    timeUs: ctx.nowUs,
    host: tcb.config.name,
    peer: tcb.peer,
    main: tcb.isMain,
    icmp: id,
    cause: causeOf(ctx, rule),
  });
}
