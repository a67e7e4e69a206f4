import { actorText } from '../engine/actor';
import { CALL_NAMES, type CallResult, type ConnectionStatus, type UserCall } from '../engine/calls';
import type { EngineEvent, IcmpRecord, TimerName } from '../engine/events';
import { icmpText } from '../engine/icmp';
import { octetsLength } from '../engine/octets';
import type { RuleId } from '../engine/rules';
import { FLAG, flagsText, type Segment } from '../engine/segment';
import type { Statement } from '../script/program';
import type { ConnectionEvent } from './actors';
import type { MomentKind } from './moment';

/** A segment in a few words: `SYN-ACK`, `PSH-ACK, 1000 bytes`. */
export function segmentTitle(segment: Segment): string {
  const length = octetsLength(segment.payload);
  const flags = flagsText(segment.flags);
  return length === 0 ? flags : `${flags}, ${length} ${length === 1 ? 'byte' : 'bytes'}`;
}

/** A segment with its header fields, as scripts write them: `SYN seq 1000 win 65535 <mss 1460>`. */
export function segmentDetail(segment: Segment): string {
  const { options } = segment;
  const listed = [
    ...(options.mss === undefined ? [] : [`mss ${options.mss}`]),
    ...(options.sackOK === true ? ['sack'] : []),
    ...(options.ts === undefined ? [] : [`ts ${options.ts.join(' ')}`]),
    ...(options.wscale === undefined ? [] : [`wscale ${options.wscale}`]),
  ];
  const ack = segment.flags & FLAG.ACK ? ` ack ${segment.ack}` : '';
  const shown = listed.length === 0 ? '' : ` <${listed.join(', ')}>`;
  return `${segmentTitle(segment)} seq ${segment.seq}${ack} win ${segment.wnd}${shown}`;
}

/** `ICMP: fragmentation needed, MTU 1400`. */
export function icmpTitle({ message }: IcmpRecord): string {
  return `ICMP: ${icmpText(message)}`;
}

/** Who sent an ICMP message, for people. */
export function icmpSender({ from }: Pick<IcmpRecord, 'from'>): string {
  return from ?? 'a router';
}

/** One event in a few words; null for those that only accompany others. */
export function eventTitle(event: EngineEvent): string | null {
  switch (event.kind) {
    case 'call':
      return `${callTitle(nameOf(event), event.call.kind)}${resultText(event.result)}`;
    case 'segment-sent':
      return `${event.record.from} ${verbOf(event)} ${segmentTitle(event.record.segment)}`;
    case 'segment-arrived':
      return `${segmentTitle(event.record.segment)} arrives at ${event.host}`;
    case 'segment-lost':
      return `${segmentTitle(event.record.segment)} from ${event.record.from} is ${event.record.fate}`;
    case 'timer-expired':
      return `${timerName(event.timer, event.cause.rule)} timer of ${nameOf(event)} expires`;
    case 'state':
      return `${nameOf(event)} goes from ${event.from} to ${event.to}`;
    case 'main-connection':
      return `${event.host} now means ${actorText(event.host, event.peer)}`;
    case 'signal':
      return `${nameOf(event)} is told: ${event.signal}`;
    case 'icmp-sent':
      return `${icmpSender(event.record)} ${event.record.from === null ? 'sends' : 'forges'} ${icmpTitle(event.record)}`;
    case 'icmp-arrived':
      return `${icmpTitle(event.record)} arrives at ${event.host}`;
    case 'icmp-lost':
      return `${icmpTitle(event.record)} is ${event.record.fate}`;
    case 'icmp-ignored':
      return `${nameOf(event)} ignores the ICMP message`;
    case 'link-changed':
      return event.text;
    case 'segment-discarded':
      return `${nameOf(event)} discards the segment`;
    case 'segment-queued':
      return `${nameOf(event)} keeps the segment for later`;
    default:
      return null;
  }
}

/** What a call returned that is worth saying: an error, and all that STATUS tells. */
function resultText(result: CallResult): string {
  if (!result.ok) return `: error: ${result.error}`;
  return result.status === undefined ? '' : `: ${statusText(result.status)}`;
}

/** `ESTABLISHED, send window 65535 bytes, receive window 65434 bytes, nothing unacknowledged, 101 bytes to read (urgent up to byte 101)`. */
function statusText(status: ConnectionStatus): string {
  const { state, sendWindowBytes, receiveWindowBytes, unacknowledged, unreadBytes, urgentBytes } = status;
  if (sendWindowBytes === null || receiveWindowBytes === null) return state;
  const urgent = urgentBytes === 0 ? '' : ` (urgent up to byte ${urgentBytes})`;
  return [
    state,
    `send window ${windowText(sendWindowBytes)}`,
    `receive window ${windowText(receiveWindowBytes)}`,
    unacknowledged === 0 ? 'nothing unacknowledged' : `${windowText(unacknowledged)} unacknowledged`,
    unreadBytes === 0 && urgentBytes === 0 ? 'nothing to read' : `${windowText(unreadBytes)} to read${urgent}`,
  ].join(', ');
}

/** `server` for a host's main connection, `server:bob` for another one. */
export function nameOf({ host, peer, main }: ConnectionEvent): string {
  return actorText(host, main ? null : peer);
}

/** Rules under which the timer of TIME-WAIT does something else. */
const BOUNDS_FIN_WAIT_2: ReadonlySet<RuleId> = new Set<RuleId>(['fin-wait-2-bound', 'fin-wait-2-over']);

/** A timer by what it does: `rule` is why it was started, or what its end does. */
export function timerName(timer: TimerName, rule: RuleId): string {
  return timer === 'time-wait' && BOUNDS_FIN_WAIT_2.has(rule) ? 'FIN-WAIT-2' : timer;
}

/** A call in a few words: `client calls OPEN`. */
export function callTitle(host: string, call: UserCall['kind']): string {
  return `${host} calls ${CALL_NAMES[call]}`;
}

/** One event in a few words, also one that only accompanies others. */
export function eventSentence(event: EngineEvent): string {
  return eventTitle(event) ?? companionTitle(event);
}

function companionTitle(event: EngineEvent): string {
  switch (event.kind) {
    case 'timer-started':
      return `${timerName(event.timer, event.cause.rule)} timer of ${nameOf(event)} is started`;
    case 'timer-stopped':
      return `${event.timer} timer of ${nameOf(event)} is stopped`;
    case 'delivered':
      return `${nameOf(event)}: data reaches the application`;
    case 'call-completed':
      return `${nameOf(event)}: a waiting call is finished`;
    case 'window':
      return `${event.variable} of ${nameOf(event)} goes from ${windowText(event.fromBytes)} to ${windowText(event.toBytes)}`;
    default:
      return 'peer' in event ? nameOf(event) : event.kind;
  }
}

function windowText(bytes: number | null): string {
  return bytes === null ? 'no bound' : `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

function verbOf(event: Extract<EngineEvent, { kind: 'segment-sent' }>): string {
  if (event.record.injected) return 'forges';
  if (event.record.duplicate) return 'duplicates';
  return event.record.retransmission ? 'retransmits' : 'sends';
}

/** One line for a moment: its statement, or its first telling events. */
export function titleOf(kind: MomentKind, events: readonly EngineEvent[], statement: Statement | null): string {
  if (kind === 'start') return 'The scenario begins';
  if (kind === 'statement') return statement?.text ?? '';
  const parts = events.map(eventTitle).filter((title) => title !== null);
  const shown = parts.slice(0, 3).join('; ');
  return shown === '' ? (statement?.text ?? kind) : shown;
}
