import type { CallResult } from '../../calls';
import type { TcpState } from '../../states';
import type { TcpContext } from '../context';
import { causeOf } from '../context';
import { deleteTcb } from '../lifecycle';
import { sendReset } from '../replies';
import type { Tcb } from '../tcb';
import { boundFinWait2 } from '../timeWait';
import { enterState } from '../trace';
import { startUserTimer } from '../userTimer';
import { unsentBytes } from '../windows';
import type { StateTable } from './table';
import { CLOSE_CLOSING, NO_CONNECTION, OK } from './table';

/** CLOSE, and the sockets' shutdown(SHUT_WR), in each state (RFC 9293 section 3.10.4). */
export const CLOSE: StateTable = {
  CLOSED: () => NO_CONNECTION,
  LISTEN: closeListen,
  'SYN-SENT': closeSynSent,
  'SYN-RECEIVED': closeSynReceived,
  ESTABLISHED: closeEstablished,
  'FIN-WAIT-1': () => CLOSE_CLOSING,
  'FIN-WAIT-2': () => CLOSE_CLOSING,
  'CLOSE-WAIT': closeCloseWait,
  CLOSING: () => CLOSE_CLOSING,
  'LAST-ACK': () => CLOSE_CLOSING,
  'TIME-WAIT': () => CLOSE_CLOSING,
};

/** The states in which a connection exists that a reset can end. */
const RESETTABLE: readonly TcpState[] = ['SYN-RECEIVED', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSE-WAIT'];

/**
 * CLOSE as an application calls it. Unread data is lost, which a reset tells the remote side (RFC 1122 section 4.2.2.13);
 * where the call is the sockets' close(), it ends receiving as well.
 */
export function close(tcb: Tcb, ctx: TcpContext): CallResult {
  if (!tcb.config.closeIsFull) return CLOSE[tcb.state](tcb, ctx);
  if (tcb.config.closeUnreadResets && tcb.receiveBuffer.bytes > 0 && RESETTABLE.includes(tcb.state)) {
    sendReset(tcb, ctx, 'close-unread');
    deleteTcb(tcb, 'connection reset', ctx, 'close-unread');
    return OK;
  }
  const half = !tcb.rcv.closed && (tcb.state === 'FIN-WAIT-1' || tcb.state === 'FIN-WAIT-2');
  const result = half ? OK : CLOSE[tcb.state](tcb, ctx);
  if (tcb.state === 'CLOSED' || tcb.state === 'LISTEN') return result;
  tcb.rcv.closed = true;
  boundFinWait2(tcb, ctx);
  return result;
}

function closeListen(tcb: Tcb, ctx: TcpContext): CallResult {
  deleteTcb(tcb, 'connection closing', ctx, 'close-listen');
  return OK;
}

function closeSynSent(tcb: Tcb, ctx: TcpContext): CallResult {
  deleteTcb(tcb, 'connection closing', ctx, 'close-syn-sent');
  return OK;
}

/** With nothing to send, the FIN goes at once; otherwise the CLOSE waits for ESTABLISHED (arrivesAck.ts). */
function closeSynReceived(tcb: Tcb, ctx: TcpContext): CallResult {
  if (tcb.owed.fin !== null) return CLOSE_CLOSING;
  const queued = unsentBytes(tcb) > 0;
  tcb.owed.fin = causeOf(ctx, queued ? 'close-queued' : 'close-syn-received');
  startUserTimer(tcb, ctx);
  if (!queued) enterState(tcb, 'FIN-WAIT-1', ctx, 'close-syn-received');
  return queued ? { ok: true, pending: true } : OK;
}

function closeEstablished(tcb: Tcb, ctx: TcpContext): CallResult {
  tcb.owed.fin = causeOf(ctx, 'close-established');
  startUserTimer(tcb, ctx);
  enterState(tcb, 'FIN-WAIT-1', ctx, 'close-established');
  return OK;
}

/** LAST-ACK follows when the FIN is sent (output.ts). */
function closeCloseWait(tcb: Tcb, ctx: TcpContext): CallResult {
  if (tcb.owed.fin !== null) return CLOSE_CLOSING;
  tcb.owed.fin = causeOf(ctx, 'close-close-wait');
  startUserTimer(tcb, ctx);
  return OK;
}
