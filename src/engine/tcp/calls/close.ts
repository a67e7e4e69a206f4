import type { CallResult } from '../../calls';
import type { TcpContext } from '../context';
import { causeOf } from '../context';
import { deleteTcb } from '../lifecycle';
import type { Tcb } from '../tcb';
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
