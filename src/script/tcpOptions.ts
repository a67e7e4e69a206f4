import { DEFAULT_HOST, type HostConfig } from '../engine/config';
import {
  HOUR,
  type HostChange,
  host,
  hostOrNone,
  hostSwitch,
  KEEP_ALIVE,
  MAX_ACK_DELAY_US,
  number,
  type OptionEntry,
  SECOND,
  SWITCH,
  words,
} from './optionEntry';

/** A field of the host that `on` and `off` switch. */
type SwitchField = { [F in keyof HostConfig]: HostConfig[F] extends boolean ? F : never }[keyof HostConfig];

type Entry = OptionEntry<HostChange>;

function onOff(name: string, field: SwitchField, section: string | null, doc: string): Entry {
  return { name, value: SWITCH, change: hostSwitch((on) => ({ [field]: on })), doc, section, example: `${name} on` };
}

/** A field of the host that takes one of some words. */
function choice<Word extends string>(
  name: string,
  choices: readonly [Word, ...Word[]],
  change: (word: Word) => HostChange,
  section: string | null,
  doc: string,
): Entry {
  return {
    name,
    value: words(...choices),
    change: (value) => change(choices.find((word) => word === value) ?? choices[0]),
    doc,
    section,
    example: `${name} ${choices[0]}`,
  };
}

/** The header options that a host offers (RFC 7323, RFC 2018). */
const OFFERS: readonly Entry[] = [
  onOff('sack', 'sack', 'RFC 2018', 'Offers and accepts selective acknowledgments.'),
  onOff('dsack', 'dsack', 'RFC 2883', 'With `sack`: reports in a SACK block what arrived twice.'),
  onOff('timestamps', 'timestamps', 'RFC 7323 3', 'Offers and accepts the timestamps option.'),
  {
    name: 'window-scale',
    value: number('count', 0, 14, true),
    change: hostOrNone((windowScale) => ({ windowScale })),
    doc: 'The window scale shift that this host offers; `off` offers none.',
    section: 'RFC 7323 2',
    example: 'window-scale 7',
  },
];

/** The congestion window (RFC 5681, RFC 9438, RFC 3168). */
const CONGESTION: readonly Entry[] = [
  choice(
    'congestion',
    ['reno', 'cubic', 'off'],
    (congestionControl) => ({ congestionControl }),
    'RFC 5681 3',
    'How the congestion window grows and shrinks: `reno`, `cubic` (RFC 9438), or not at all.',
  ),
  {
    name: 'iw',
    value: number('count', 1, 1000, true),
    change: hostOrNone((initialWindowSegments) => ({ initialWindowSegments })),
    doc: 'The initial congestion window in segments; `off` takes the 2 to 4 segments of RFC 5681.',
    section: 'RFC 6928 2',
    example: 'iw 10 segments',
  },
  choice(
    'idle-restart',
    ['at-once', 'halving', 'off'],
    (idleRestart) => ({ idleRestart }),
    'RFC 5681 4.1',
    'What an idle time of one RTO does to the congestion window: back to the initial window at once, a half for each RTO, or nothing.',
  ),
  choice(
    'ecn',
    ['on', 'passive', 'off'],
    (ecn) => ({ ecn }),
    'RFC 3168 6.1',
    'Explicit congestion notification: asks for it, only answers a TCP that asks (`passive`), or neither.',
  ),
];

/** How losses are found and repaired. */
const RECOVERY: readonly Entry[] = [
  {
    name: 'dup-thresh',
    value: number('count', 1, 255, true),
    change: hostOrNone((dupThresh) => ({ dupThresh })),
    doc: 'How many duplicate ACKs make a segment lost; `off` for no fast retransmit.',
    section: 'RFC 5681 3.2',
    example: 'dup-thresh 3',
  },
  onOff('limited-transmit', 'limitedTransmit', 'RFC 3042', 'Sends new data on the first two duplicate ACKs.'),
  onOff('prr', 'prr', 'RFC 9937', 'Spreads the reduction of the congestion window over a recovery.'),
  onOff('rack', 'rack', 'RFC 8985', 'With `sack`: takes a segment for lost when one that was sent later has arrived.'),
  onOff('tlp', 'tailLossProbe', 'RFC 8985 7', 'With `sack`: probes for the loss of the last segments before the RTO.'),
  onOff('f-rto', 'frto', 'RFC 5682', 'Finds out whether a retransmission timeout was in vain.'),
  onOff('undo', 'undo', 'RFC 3522', 'Takes a reduction of the congestion window back when nothing had been lost.'),
  {
    name: 'syn-linear-timeouts',
    value: number('count', 0, 100),
    change: host((synLinearTimeouts) => ({ synLinearTimeouts })),
    doc: 'How many times a SYN is retransmitted at the same distance before the distance doubles; not counted by `syn-retries`.',
    section: null,
    example: 'syn-linear-timeouts 4',
  },
  {
    name: 'syn-ack-retries',
    value: number('count', 0, 100, true),
    change: hostOrNone((synAckRetries) => ({ synAckRetries })),
    doc: 'How many times a SYN-ACK is retransmitted before the listening side forgets it; `off` for as often as a SYN.',
    section: 'RFC 9293 3.8.3',
    example: 'syn-ack-retries 5',
  },
  {
    name: 'orphan-retries',
    value: number('count', 0, 100, true),
    change: hostOrNone((orphanRetries) => ({ orphanRetries })),
    doc: 'How many times a segment is retransmitted after the application has closed the whole socket; `off` for as often as before.',
    section: 'RFC 9293 3.8.3',
    example: 'orphan-retries 8',
  },
];

const KEEPALIVE: Entry = {
  name: 'keepalive',
  value: KEEP_ALIVE,
  change: hostOrNone((keepAliveUs) => ({ keepAliveUs })),
  doc: 'The idle time after which the host asks whether the other side is still there; `on` for two hours, `off` for never. In one: `keepalive idle 1s interval 1s count 3`.',
  section: 'RFC 9293 3.8.4',
  example: 'keepalive 2h',
};

const KEEPALIVE_INTERVAL: Entry = {
  name: 'keepalive-interval',
  value: number('us', 1_000, 24 * HOUR),
  change: host((keepAliveIntervalUs) => ({ keepAliveIntervalUs })),
  doc: 'The time between keep-alives that nobody answers.',
  section: 'RFC 9293 3.8.4',
  example: 'keepalive-interval 75s',
};

const KEEPALIVE_COUNT: Entry = {
  name: 'keepalive-count',
  value: number('count', 1, 1000),
  change: host((keepAliveProbes) => ({ keepAliveProbes })),
  doc: 'How many unanswered keep-alives end the connection.',
  section: 'RFC 9293 3.8.4',
  example: 'keepalive-count 9',
};

/** When ACKs and probes leave. */
const ACKNOWLEDGING: readonly Entry[] = [
  {
    name: 'delayed-ack-max',
    value: number('us', 0, MAX_ACK_DELAY_US, true),
    change: hostOrNone((delayedAckMaxUs) => ({ delayedAckMaxUs })),
    doc: 'The longest delay of an ACK when the delay follows the pace of the segments; `off` for a fixed delay.',
    section: 'RFC 9293 3.8.6.3',
    example: 'delayed-ack-max 200ms',
  },
  {
    name: 'quick-acks',
    value: number('count', 0, 1000),
    change: host((quickAcks) => ({ quickAcks })),
    doc: 'How many segments are acknowledged at once before ACKs are delayed.',
    section: 'RFC 9293 3.8.6.3',
    example: 'quick-acks 16',
  },
  {
    ...KEEPALIVE,
    parts: new Map([
      ['idle', KEEPALIVE],
      ['interval', KEEPALIVE_INTERVAL],
      ['count', KEEPALIVE_COUNT],
    ]),
    join: (first, second) => ({ ...first, ...second }),
  },
  KEEPALIVE_INTERVAL,
  KEEPALIVE_COUNT,
  onOff(
    'keepalive-octet',
    'keepAliveOctet',
    'RFC 9293 3.8.4',
    'A keep-alive carries one octet that means nothing, for hosts that answer nothing else.',
  ),
  choice(
    'probe',
    ['octet', 'below-una'],
    (probeForm) => ({ probeForm }),
    'RFC 9293 3.8.6.1',
    'What a window probe carries: one octet, or nothing with the sequence number SND.UNA - 1.',
  ),
];

/** Defences, TIME-WAIT and closing. */
const ROBUSTNESS: readonly Entry[] = [
  {
    name: 'backlog',
    value: number('count', 1, 1024, true),
    change: hostOrNone((backlog) => ({ backlog })),
    doc: 'How many half-open connections a host that listens keeps; `off` for a passive OPEN that makes one connection only.',
    section: 'RFC 4987 2.2',
    example: 'backlog 128',
  },
  onOff(
    'syn-cookies',
    'synCookies',
    'RFC 4987 3.6',
    'Answers a SYN that finds the backlog full by a cookie, and does not drop it.',
  ),
  {
    name: 'challenge-ack-limit',
    value: number('us', 1, 60 * SECOND, true),
    change: hostOrNone((us) => ({ invalidAckIntervalUs: us ?? 0 })),
    doc: 'The least time between two ACKs that answer unacceptable segments; `off` answers each.',
    section: 'RFC 5961 7',
    example: 'challenge-ack-limit 500ms',
  },
  onOff('rfc1337', 'timeWaitIgnoresReset', 'RFC 1337 3', 'TIME-WAIT ignores resets.'),
  onOff('time-wait-reuse', 'timeWaitReuse', 'RFC 6191', 'TIME-WAIT gives way to a newer SYN.'),
  onOff('socket-close', 'closeIsFull', 'RFC 9293 3.6', '`close` ends receiving too, as the socket call does.'),
  {
    name: 'fin-timeout',
    value: number('us', 1_000, 24 * HOUR, true),
    change: hostOrNone((finWait2Us) => ({ finWait2Us })),
    doc: 'How long FIN-WAIT-2 may last after a `close` that ended receiving too; `off` for any time.',
    section: 'RFC 9293 3.6.1',
    example: 'fin-timeout 60s',
  },
  choice(
    'icmp-hard-errors',
    ['opening', 'never', 'always'],
    (icmpHardErrors) => ({ icmpHardErrors }),
    'RFC 9293 3.9.2.2',
    'When a hard ICMP error (port, protocol unreachable) ends the connection: while it is being opened, never, or always.',
  ),
  choice(
    'icmp-soft-errors',
    ['never', 'opening'],
    (icmpSoftErrors) => ({ icmpSoftErrors }),
    'RFC 5461 4',
    'When a soft ICMP error (host, network unreachable) ends the connection: never, or while it is being opened.',
  ),
];

/** The options of `host { }` that switch and tune the mechanisms of TCP. */
export const TCP_OPTIONS: readonly Entry[] = [
  ...OFFERS,
  ...CONGESTION,
  ...RECOVERY,
  ...ACKNOWLEDGING,
  ...ROBUSTNESS,
].map(withStandard);

/** Each of these options sets one field, whose default is the option's. */
function withStandard(entry: Entry): Entry {
  const [field] = Object.entries(DEFAULT_HOST).filter(([name]) => Object.hasOwn(entry.change(null), name));
  if (field === undefined) throw new Error(`${entry.name} sets no field of a host`);
  const [, value] = field;
  if (value !== null && typeof value === 'object')
    throw new Error(`${entry.name} sets a field that no option can name`);
  const isOff = entry.value.kind === 'number' && entry.value.none !== null && value === 0;
  return { ...entry, standard: isOff ? null : typeof value === 'string' ? `\`${value}\`` : value };
}
