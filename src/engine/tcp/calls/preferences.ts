import type { CallResult } from '../../calls';
import type { TcpContext } from '../context';
import { deliver } from '../deliver';
import { setKeepAlive } from '../keepAlive';
import type { Tcb } from '../tcb';
import { windowUpdate } from '../windows';
import { NOT_SUPPORTED, OK } from './table';

/** Longest delay of an ACK, in microseconds: under 0.5 seconds (RFC 9293 section 3.8.6.3, MUST-40). */
const MAX_ACK_DELAY_US = 499_999;

/** The longest idle time before a keep-alive, in microseconds: a day. */
const MAX_KEEP_ALIVE_US = 86_400_000_000;

/** The largest receive buffer while windows are not scaled, and with the largest shift (RFC 7323 section 2.3). */
const MAX_BUFFER_BYTES = 65_535;
const MAX_SHIFT = 14;

/** Sets one option; false when the value does not fit it. */
type Setter = (tcb: Tcb, value: number | boolean, ctx: TcpContext) => boolean;

/** What an application may change while the connection lives, by the option's name. */
const SETTERS: Readonly<Record<string, Setter>> = {
  nodelay: (tcb, value) => onOff(value, (on) => (tcb.preferences.nagle = !on)),
  nagle: (tcb, value) => onOff(value, (on) => (tcb.preferences.nagle = on)),
  'delayed-ack': (tcb, value) => setDuration(value, MAX_ACK_DELAY_US, (us) => (tcb.preferences.delayedAckUs = us)),
  'quick-ack': (tcb, value) => onOff(value, (on) => (tcb.pace.dialogue = !on)),
  'user-timeout': (tcb, value) =>
    setDuration(value, Number.MAX_SAFE_INTEGER, (us) => (tcb.preferences.userTimeoutUs = us)),
  keepalive: (tcb, value, ctx) => setDuration(value, MAX_KEEP_ALIVE_US, (us) => setKeepAlive(tcb, us, ctx)),
  'error-reports': (tcb, value) => onOff(value, (on) => (tcb.preferences.errorReports = on)),
  rcvbuf: setReceiveBuffer,
  window: setReceiveBuffer,
};

/** The names of the options that `set` knows. */
export const SETTABLE_OPTIONS: readonly string[] = Object.keys(SETTERS);

/** `set`: changes an option of the connection in any state; the sockets' setsockopt. */
export function setOption(tcb: Tcb, option: string, value: number | boolean, ctx: TcpContext): CallResult {
  const setter = Object.hasOwn(SETTERS, option) ? SETTERS[option] : undefined;
  if (setter === undefined || !setter(tcb, value, ctx)) return NOT_SUPPORTED;
  windowUpdate(tcb, ctx);
  return OK;
}

/** `read on` hands over at once what waits, and from then on what comes. */
export function setReadMode(tcb: Tcb, automatic: boolean, ctx: TcpContext): CallResult {
  tcb.preferences.autoRead = automatic;
  if (automatic) deliver(tcb, ctx, false);
  return OK;
}

function onOff(value: number | boolean, set: (on: boolean) => void): boolean {
  if (typeof value !== 'boolean') return false;
  set(value);
  return true;
}

/** A duration in microseconds, or `false` for none. */
function setDuration(value: number | boolean, maxUs: number, set: (us: number | null) => void): boolean {
  if (value === true || (typeof value === 'number' && (value < 0 || value > maxUs))) return false;
  set(value === false ? null : value);
  return true;
}

/** A smaller buffer never takes back window that was offered (RFC 9293 section 3.8.6, SHLD-14). */
function setReceiveBuffer(tcb: Tcb, value: number | boolean): boolean {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return false;
  if (value > (tcb.config.windowScale === null ? MAX_BUFFER_BYTES : MAX_BUFFER_BYTES << MAX_SHIFT)) return false;
  tcb.preferences.rcvbufBytes = value;
  tcb.preferences.rcvbufGrows = false;
  tcb.memory.grownBytes = 0;
  if (tcb.iss === null) tcb.rcv.wnd = Math.min(value, MAX_BUFFER_BYTES);
  return true;
}
