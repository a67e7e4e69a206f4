import type { CallResult } from '../calls';
import { octetsLength } from '../octets';
import { acknowledgeRead, announceOpened } from './acknowledge';
import type { TcpContext } from './context';
import { pushedBytes, take } from './receiveBuffer';
import { wakeReader } from './receiveMemory';
import type { Tcb } from './tcb';
import { completeCall, delivered } from './trace';
import { leaveUrgent, urgentUnreadBytes } from './urgent';
import { mayReceiveData, windowUpdate } from './windows';

/**
 * Hands octets that wait to the application (RFC 9293 section 3.10.7.4, seventh): first to RECEIVEs that wait, then, when
 * it reads by itself, all the rest. `all` hands over to a waiting RECEIVE even less than it asked for: a FIN implies PUSH.
 */
export function deliver(tcb: Tcb, ctx: TcpContext, all: boolean): void {
  const buffer = tcb.receiveBuffer;
  if (buffer.bytes === 0) return;
  const takenBefore = buffer.takenBytes;
  if (tcb.receives.length > 0) serveWaiting(tcb, ctx, all);
  if (tcb.preferences.autoRead && buffer.bytes > 0) {
    delivered(tcb, take(buffer, buffer.bytes), ctx, 'deliver-automatic');
  }
  if (buffer.takenBytes === takenBefore) return;
  leaveUrgent(tcb, ctx);
  if (tcb.config.receiveMemory !== null && ctx.trigger.kind === 'segment') {
    readLater(tcb, ctx);
    return;
  }
  acknowledgeRead(tcb, ctx);
  windowUpdate(tcb, ctx);
}

/** Where memory is counted, what came with a segment is read when the process that waits for it has woken. */
function readLater(tcb: Tcb, ctx: TcpContext): void {
  wakeReader(tcb, ctx.nowUs);
  acknowledgeRead(tcb, ctx);
  if (mayReceiveData(tcb.state)) announceOpened(tcb, ctx);
}

/** Hands at most `lengthBytes` octets to a RECEIVE that was made just now; returns what the call returns. */
export function deliverNow(tcb: Tcb, lengthBytes: number, ctx: TcpContext): CallResult {
  const pushed = pushedBytes(tcb.receiveBuffer);
  const octets = take(tcb.receiveBuffer, lengthBytes);
  const deliveredBytes = octetsLength(octets);
  if (deliveredBytes === 0) return { ok: true, deliveredBytes };
  delivered(tcb, octets, ctx, 'deliver-receive');
  leaveUrgent(tcb, ctx);
  acknowledgeRead(tcb, ctx);
  windowUpdate(tcb, ctx);
  return received(tcb, deliveredBytes, pushed);
}

/** What a RECEIVE returns that got so many octets, of which the sender had pushed `pushed` or fewer before. */
function received(tcb: Tcb, deliveredBytes: number, pushed: number): CallResult {
  const urgentBytes = urgentUnreadBytes(tcb);
  return {
    ok: true,
    deliveredBytes,
    ...(pushed > 0 && deliveredBytes >= pushed ? { pushed: true } : {}),
    ...(urgentBytes > 0 ? { urgentBytes } : {}),
  };
}

/**
 * How many octets a RECEIVE of `lengthBytes` (null: of any) gets now: all that it asks for, or less when the sender has
 * pushed what is here; 0 when it has to wait. One that asks for more than the receive buffer can hold gets a full buffer:
 * waiting for the rest would keep the window closed for ever.
 */
export function servedBytes(tcb: Tcb, lengthBytes: number | null): number {
  const { bytes } = tcb.receiveBuffer;
  if (lengthBytes === null) return bytes;
  if (bytes >= Math.min(lengthBytes, Math.max(1, tcb.preferences.rcvbufBytes))) return Math.min(bytes, lengthBytes);
  return pushedBytes(tcb.receiveBuffer);
}

function serveWaiting(tcb: Tcb, ctx: TcpContext, all: boolean): void {
  const buffer = tcb.receiveBuffer;
  while (tcb.receives.length > 0 && buffer.bytes > 0) {
    const [first, ...rest] = tcb.receives;
    if (first === undefined) return;
    const served = servedBytes(tcb, first.lengthBytes);
    if (served === 0 && !all) return;
    tcb.receives = rest;
    const pushed = pushedBytes(buffer);
    const short = served > 0 && served < (first.lengthBytes ?? 0) && served === pushed;
    const rule = short ? 'receive-pushed' : 'deliver-receive';
    const octets = take(buffer, served > 0 ? served : (first.lengthBytes ?? buffer.bytes));
    delivered(tcb, octets, ctx, rule);
    completeCall(tcb, 'receive', received(tcb, octetsLength(octets), pushed), first.line, ctx, rule);
  }
}
