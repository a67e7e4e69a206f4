import type { CallResult } from '../calls';
import { octetsLength } from '../octets';
import { acknowledgeRead, announceOpened } from './acknowledge';
import type { TcpContext } from './context';
import { take } from './receiveBuffer';
import { wakeReader } from './receiveMemory';
import type { Tcb } from './tcb';
import { completeCall, delivered } from './trace';
import { mayReceiveData, windowUpdate } from './windows';

/**
 * Hands octets that wait to the application (RFC 9293 section 3.10.7.4, seventh): first to RECEIVEs that wait, then, when
 * it reads by itself, all the rest. `all` hands over to a waiting RECEIVE even less than it asked for: a FIN implies PUSH.
 */
export function deliver(tcb: Tcb, ctx: TcpContext, all: boolean): void {
  const buffer = tcb.receiveBuffer;
  if (buffer.bytes === 0) return;
  const takenBefore = buffer.takenBytes;
  serveWaiting(tcb, ctx, all);
  if (tcb.preferences.autoRead && buffer.bytes > 0) {
    delivered(tcb, take(buffer, buffer.bytes), ctx, 'deliver-automatic');
  }
  if (buffer.takenBytes === takenBefore) return;
  if (tcb.config.receiveMemory === null || ctx.trigger.kind !== 'segment') {
    acknowledgeRead(tcb, ctx);
    windowUpdate(tcb, ctx);
    return;
  }
  wakeReader(tcb, ctx.nowUs);
  acknowledgeRead(tcb, ctx);
  if (mayReceiveData(tcb.state)) announceOpened(tcb, ctx);
}

/** Hands over at most `lengthBytes` octets to a RECEIVE that was made just now; returns how many. */
export function deliverNow(tcb: Tcb, lengthBytes: number, ctx: TcpContext): number {
  const octets = take(tcb.receiveBuffer, lengthBytes);
  const deliveredBytes = octetsLength(octets);
  if (deliveredBytes === 0) return 0;
  delivered(tcb, octets, ctx, 'deliver-receive');
  acknowledgeRead(tcb, ctx);
  windowUpdate(tcb, ctx);
  return deliveredBytes;
}

/**
 * Whether the octets that wait satisfy a RECEIVE of `lengthBytes` (null: of any). One that asks for more than the receive
 * buffer can hold gets a full buffer: waiting for the rest would keep the window closed for ever.
 */
export function canServe(tcb: Tcb, lengthBytes: number | null): boolean {
  return tcb.receiveBuffer.bytes >= Math.min(lengthBytes ?? 1, Math.max(1, tcb.preferences.rcvbufBytes));
}

function serveWaiting(tcb: Tcb, ctx: TcpContext, all: boolean): void {
  const buffer = tcb.receiveBuffer;
  while (tcb.receives.length > 0 && buffer.bytes > 0) {
    const [first, ...rest] = tcb.receives;
    if (first === undefined || (!canServe(tcb, first.lengthBytes) && !all)) return;
    tcb.receives = rest;
    const octets = take(buffer, first.lengthBytes ?? buffer.bytes);
    delivered(tcb, octets, ctx, 'deliver-receive');
    const result: CallResult = { ok: true, deliveredBytes: octetsLength(octets) };
    completeCall(tcb, 'receive', result, first.line, ctx, 'deliver-receive');
  }
}
