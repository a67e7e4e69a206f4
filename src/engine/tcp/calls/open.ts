import type { CallResult } from '../../calls';
import type { Endpoint } from '../../segment';
import { isHostAddress } from '../../wire/address';
import type { TcpContext } from '../context';
import { freshTcb, startActive } from '../lifecycle';
import type { Tcb } from '../tcb';
import { enterState } from '../trace';
import type { StateTable } from './table';
import { EXISTS, OK, REMOTE_INVALID, REMOTE_UNSPECIFIED } from './table';

/** A passive OPEN in each state (RFC 9293 section 3.10.1). */
export const OPEN_PASSIVE: StateTable = {
  CLOSED: openPassive,
  LISTEN: () => EXISTS,
  'SYN-SENT': () => EXISTS,
  'SYN-RECEIVED': () => EXISTS,
  ESTABLISHED: () => EXISTS,
  'FIN-WAIT-1': () => EXISTS,
  'FIN-WAIT-2': () => EXISTS,
  'CLOSE-WAIT': () => EXISTS,
  CLOSING: () => EXISTS,
  'LAST-ACK': () => EXISTS,
  'TIME-WAIT': () => EXISTS,
};

/** An active OPEN in each state (RFC 9293 section 3.10.1). */
export const OPEN_ACTIVE: StateTable = {
  ...OPEN_PASSIVE,
  CLOSED: openActiveClosed,
  LISTEN: openActiveListen,
};

function openPassive(tcb: Tcb, ctx: TcpContext): CallResult {
  freshTcb(tcb);
  tcb.listenRemote = ctx.remote;
  tcb.remote = ctx.remote;
  tcb.origin = 'passive';
  enterState(tcb, 'LISTEN', ctx, 'open-passive');
  return OK;
}

/** Why nobody can be called at a remote socket; null when somebody can. */
function remoteProblem(remote: Endpoint): CallResult | null {
  return isHostAddress(remote.address) ? null : REMOTE_INVALID;
}

function openActiveClosed(tcb: Tcb, ctx: TcpContext): CallResult {
  if (ctx.remote === null) return REMOTE_UNSPECIFIED;
  const problem = remoteProblem(ctx.remote);
  if (problem !== null) return problem;
  freshTcb(tcb);
  startActive(tcb, ctx.remote, ctx, 'open-active');
  return OK;
}

/** Changes the connection from passive to active. */
function openActiveListen(tcb: Tcb, ctx: TcpContext): CallResult {
  if (ctx.remote === null) return REMOTE_UNSPECIFIED;
  const problem = remoteProblem(ctx.remote);
  if (problem !== null) return problem;
  startActive(tcb, ctx.remote, ctx, 'open-active-from-listen');
  return OK;
}
