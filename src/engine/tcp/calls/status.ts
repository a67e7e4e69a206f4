import type { CallResult, ConnectionStatus } from '../../calls';
import { seqDiff } from '../../seq';
import type { Tcb } from '../tcb';
import { urgentUnreadBytes } from '../urgent';
import { NO_CONNECTION } from './table';

/** STATUS: "state = ..." in every state but CLOSED (RFC 9293 section 3.10.6), and the data block of section 3.9.1.5. */
export function status(tcb: Tcb): CallResult {
  return tcb.state === 'CLOSED' ? NO_CONNECTION : { ok: true, status: statusOf(tcb) };
}

function statusOf(tcb: Tcb): ConnectionStatus {
  const { state, local, remote, iss, irs, snd, rcv } = tcb;
  return {
    state,
    local,
    remote,
    receiveWindowBytes: irs === null ? null : rcv.wnd,
    sendWindowBytes: irs === null ? null : snd.wnd,
    unacknowledged: iss === null ? 0 : seqDiff(snd.nxt, snd.una),
    unreadBytes: tcb.receiveBuffer.bytes,
    urgentBytes: urgentUnreadBytes(tcb),
    userTimeoutUs: tcb.preferences.userTimeoutUs,
  };
}
