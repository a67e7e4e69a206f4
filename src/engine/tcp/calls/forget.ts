import type { CallResult } from '../../calls';
import type { TcpContext } from '../context';
import { deleteTcb } from '../lifecycle';
import type { Tcb } from '../tcb';
import { NO_CONNECTION, OK } from './table';

/** The host crashes: its TCP forgets the connection and tells nobody, so that it is half-open (RFC 9293 section 3.5.1). */
export function forget(tcb: Tcb, ctx: TcpContext): CallResult {
  if (tcb.state === 'CLOSED') return NO_CONNECTION;
  tcb.owed.replies.length = 0;
  deleteTcb(tcb, 'connection reset', ctx, 'crash');
  return OK;
}
