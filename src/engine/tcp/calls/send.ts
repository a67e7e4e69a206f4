import type { CallResult, UserCall } from '../../calls';
import { octetsLength } from '../../octets';
import type { TcpState } from '../../states';
import type { TcpContext } from '../context';
import { startActive } from '../lifecycle';
import { enqueue, queuedBytes, queueEnd } from '../sendQueue';
import type { Tcb } from '../tcb';
import { startUserTimer } from '../userTimer';
import { NO_CONNECTION, REMOTE_UNSPECIFIED, SEND_BUFFER_FULL, SEND_CLOSING } from './table';

/** The arguments of SEND. */
export type SendCall = Extract<UserCall, { kind: 'send' }>;

/** SEND in each state (RFC 9293 section 3.10.2). */
export const SEND: Readonly<Record<TcpState, (tcb: Tcb, call: SendCall, ctx: TcpContext) => CallResult>> = {
  CLOSED: () => NO_CONNECTION,
  LISTEN: sendListen,
  'SYN-SENT': queue,
  'SYN-RECEIVED': queue,
  ESTABLISHED: queue,
  'CLOSE-WAIT': queue,
  'FIN-WAIT-1': () => SEND_CLOSING,
  'FIN-WAIT-2': () => SEND_CLOSING,
  CLOSING: () => SEND_CLOSING,
  'LAST-ACK': () => SEND_CLOSING,
  'TIME-WAIT': () => SEND_CLOSING,
};

/** With a remote socket, changes the connection from passive to active; the data waits for ESTABLISHED. */
function sendListen(tcb: Tcb, call: SendCall, ctx: TcpContext): CallResult {
  const remote = ctx.remote ?? tcb.remote;
  if (remote === null) return REMOTE_UNSPECIFIED;
  startActive(tcb, remote, ctx, 'send-in-listen');
  return queue(tcb, call, ctx);
}

/** Queues the octets; output.ts sends them as soon as state and window allow. */
function queue(tcb: Tcb, call: SendCall, ctx: TcpContext): CallResult {
  // CLOSE in SYN-RECEIVED or CLOSE-WAIT can be waiting for its turn: nothing may be sent after it (RFC 9293 section 3.6, case 1).
  if (tcb.owed.fin !== null) return SEND_CLOSING;
  const { sendQueue } = tcb;
  const lengthBytes = octetsLength(call.octets);
  if (lengthBytes === 0) return { ok: true, queuedBytes: 0 };
  const roomBytes = tcb.config.sndbufBytes - queuedBytes(sendQueue);
  if (roomBytes <= 0) return SEND_BUFFER_FULL;
  enqueue(sendQueue, call.octets, call.push, ctx.line);
  // RFC 9293 section 3.8.5, MUST-62: the pointer marks the octet after the urgent data.
  if (call.urgent) tcb.snd.up = queueEnd(sendQueue);
  startUserTimer(tcb, ctx);
  if (lengthBytes <= roomBytes) return { ok: true, queuedBytes: lengthBytes };
  // The call waits until at most a buffer full is left (RFC 9293 section 3.9.1.2: an immediate return, and a response later).
  const untilPosition = sendQueue.endPosition - tcb.config.sndbufBytes;
  sendQueue.waiting = [...sendQueue.waiting, { untilPosition, line: ctx.line }];
  return { ok: true, queuedBytes: lengthBytes, pending: true };
}
