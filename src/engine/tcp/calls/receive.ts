import type { CallResult, UserCall } from '../../calls';
import type { TcpState } from '../../states';
import type { TcpContext } from '../context';
import { deliverNow, servedBytes } from '../deliver';
import type { Tcb } from '../tcb';
import { NO_CONNECTION, RECEIVE_CLOSING, TOO_MANY_RECEIVES } from './table';

/** The arguments of RECEIVE. */
export type ReceiveCall = Extract<UserCall, { kind: 'receive' }>;

/** How many RECEIVEs may wait: "no queue space to remember the RECEIVE" begins here. */
const MAX_WAITING = 1024;

/** RECEIVE in each state (RFC 9293 section 3.10.3). */
export const RECEIVE: Readonly<Record<TcpState, (tcb: Tcb, call: ReceiveCall, ctx: TcpContext) => CallResult>> = {
  CLOSED: () => NO_CONNECTION,
  LISTEN: wait,
  'SYN-SENT': wait,
  'SYN-RECEIVED': wait,
  ESTABLISHED: takeOrWait,
  'FIN-WAIT-1': takeOrWait,
  'FIN-WAIT-2': takeOrWait,
  'CLOSE-WAIT': takeRest,
  CLOSING: takeRest,
  'LAST-ACK': takeRest,
  'TIME-WAIT': takeRest,
};

/** Waits for data: RECEIVE(all) for the first that comes, another for as many octets as it asks for. */
function wait(tcb: Tcb, call: ReceiveCall, ctx: TcpContext): CallResult {
  if (tcb.receives.length >= MAX_WAITING) return TOO_MANY_RECEIVES;
  tcb.receives = [...tcb.receives, { lengthBytes: call.lengthBytes, line: ctx.line }];
  return { ok: true, deliveredBytes: 0, pending: true };
}

/** Takes what was asked for when it is there, in turn with earlier RECEIVEs; else waits. */
function takeOrWait(tcb: Tcb, call: ReceiveCall, ctx: TcpContext): CallResult {
  const { bytes } = tcb.receiveBuffer;
  if (call.lengthBytes === null) return deliverNow(tcb, bytes, ctx);
  const served = servedBytes(tcb, call.lengthBytes);
  if (tcb.receives.length > 0 || served === 0) return wait(tcb, call, ctx);
  return deliverNow(tcb, served, ctx);
}

/**
 * Takes what is still on hand; when nothing is, the connection is closing. RFC 9293 says so for CLOSE-WAIT only, and has an
 * error for the three states after it; but there octets can wait as well, when they came in the segment of the remote FIN,
 * and TCP has acknowledged them.
 */
function takeRest(tcb: Tcb, call: ReceiveCall, ctx: TcpContext): CallResult {
  const { bytes } = tcb.receiveBuffer;
  if (bytes === 0) return RECEIVE_CLOSING;
  return deliverNow(tcb, Math.min(bytes, call.lengthBytes ?? bytes), ctx);
}
