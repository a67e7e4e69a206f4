import { assertNever } from '../../assertNever';
import type { CallResult, UserCall } from '../../calls';
import type { TcpContext } from '../context';
import type { Tcb } from '../tcb';
import { leavingNow } from '../windows';
import { ABORT } from './abort';
import { CLOSE, close } from './close';
import { forget } from './forget';
import { OPEN_ACTIVE, OPEN_PASSIVE } from './open';
import { setOption, setReadMode } from './preferences';
import { RECEIVE } from './receive';
import { SEND } from './send';
import { status } from './status';

/** The calls that add something to what is to be sent. */
const SENDING: readonly UserCall['kind'][] = ['send', 'close', 'shutdown'];

/** Does a user call: one table for each, with an entry for each state (RFC 9293 sections 3.10.1 to 3.10.6). */
export function call(tcb: Tcb, request: UserCall, ctx: TcpContext): CallResult {
  if (tcb.config.sendsDuringCalls && tcb.iss !== null && SENDING.includes(request.kind))
    tcb.snd.leaving = leavingNow(tcb);
  switch (request.kind) {
    case 'open-passive':
      return OPEN_PASSIVE[tcb.state](tcb, ctx);
    case 'open-active':
      return OPEN_ACTIVE[tcb.state](tcb, ctx);
    case 'send':
      return SEND[tcb.state](tcb, request, ctx);
    case 'receive':
      return RECEIVE[tcb.state](tcb, request, ctx);
    case 'close':
      return close(tcb, ctx);
    case 'shutdown':
      return CLOSE[tcb.state](tcb, ctx);
    case 'abort':
      return ABORT[tcb.state](tcb, ctx);
    case 'forget':
      return forget(tcb, ctx);
    case 'status':
      return status(tcb);
    case 'read-mode':
      return setReadMode(tcb, request.automatic, ctx);
    case 'set':
      return setOption(tcb, request.option, request.value, ctx);
    default:
      return assertNever(request);
  }
}
