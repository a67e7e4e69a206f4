import type { CallError, CallResult } from '../../calls';
import type { RuleId } from '../../rules';
import type { TcpState } from '../../states';
import type { TcpContext } from '../context';
import type { Tcb } from '../tcb';

/** What a call without arguments does in each state. */
export type StateTable = Readonly<Record<TcpState, (tcb: Tcb, ctx: TcpContext) => CallResult>>;

/** The plain `ok`, made once. */
export const OK: CallResult = { ok: true };

/** A call that fails, by a rule. */
export function failure(error: CallError, rule: RuleId): CallResult {
  return { ok: false, error, rule };
}

/** "error: connection does not exist" (RFC 9293 section 3.10, CLOSED). */
export const NO_CONNECTION = failure('connection does not exist', 'no-connection');
/** "error: connection already exists" (RFC 9293 section 3.10.1). */
export const EXISTS = failure('connection already exists', 'open-exists');
/** "error: connection closing", for SEND (RFC 9293 section 3.10.2). */
export const SEND_CLOSING = failure('connection closing', 'send-closing');
/** "error: connection closing", for RECEIVE (RFC 9293 section 3.10.3). */
export const RECEIVE_CLOSING = failure('connection closing', 'receive-closing');
/** "error: connection closing", for CLOSE (RFC 9293 section 3.10.4). */
export const CLOSE_CLOSING = failure('connection closing', 'close-closing');
/** "error: remote socket unspecified" (RFC 9293 sections 3.10.1 and 3.10.2). */
export const REMOTE_UNSPECIFIED = failure('remote socket unspecified', 'remote-unspecified');
/** The remote address is that of no single host (RFC 9293 section 3.9.1.1, MUST-46). */
export const REMOTE_INVALID = failure('connection illegal for this process', 'remote-invalid');
/** "error: insufficient resources" (RFC 9293 section 3.10.2). */
export const SEND_BUFFER_FULL = failure('insufficient resources', 'send-buffer-full');
/** "error: insufficient resources" (RFC 9293 section 3.10.3). */
export const TOO_MANY_RECEIVES = failure('insufficient resources', 'too-many-receives');
/** The option, or its value, is not one that an application can set. */
export const NOT_SUPPORTED = failure('not supported', 'option-not-supported');
