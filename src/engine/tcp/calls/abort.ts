import type { CallResult } from '../../calls';
import type { TcpContext } from '../context';
import { deleteTcb } from '../lifecycle';
import { sendReset } from '../replies';
import type { Tcb } from '../tcb';
import type { StateTable } from './table';
import { NO_CONNECTION, OK } from './table';

/** ABORT in each state (RFC 9293 section 3.10.5). */
export const ABORT: StateTable = {
  CLOSED: () => NO_CONNECTION,
  LISTEN: abortListen,
  'SYN-SENT': abortSynSent,
  'SYN-RECEIVED': abortWithReset,
  ESTABLISHED: abortWithReset,
  'FIN-WAIT-1': abortWithReset,
  'FIN-WAIT-2': abortWithReset,
  'CLOSE-WAIT': abortWithReset,
  CLOSING: abortQuietly,
  'LAST-ACK': abortQuietly,
  'TIME-WAIT': abortQuietly,
};

function abortListen(tcb: Tcb, ctx: TcpContext): CallResult {
  deleteTcb(tcb, 'connection reset', ctx, 'abort-listen');
  return OK;
}

function abortSynSent(tcb: Tcb, ctx: TcpContext): CallResult {
  deleteTcb(tcb, 'connection reset', ctx, 'abort-syn-sent');
  return OK;
}

function abortWithReset(tcb: Tcb, ctx: TcpContext): CallResult {
  sendReset(tcb, ctx, 'abort-reset');
  deleteTcb(tcb, 'connection reset', ctx, 'abort-reset');
  return OK;
}

function abortQuietly(tcb: Tcb, ctx: TcpContext): CallResult {
  deleteTcb(tcb, 'connection reset', ctx, 'abort-closing');
  return OK;
}
