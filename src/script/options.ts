import { DEFAULT_HOST, DEFAULT_LINK, type LinkConfig } from '../engine/config';
import { isProfile, PROFILES } from '../engine/profiles';
import { seq } from '../engine/seq';
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
  table,
  words,
} from './optionEntry';
import { TCP_OPTIONS } from './tcpOptions';

export { PROFILES, type ProfileName } from '../engine/profiles';
export type { OptionEntry, OptionInput, OptionValueKind } from './optionEntry';

/** What an option of `link { }` changes: one field of the link, or the seed of the scenario. */
export type LinkChange = { readonly link: Partial<LinkConfig> } | { readonly seed: number };

/** A change of a living connection: the option's name and value in {@link UserCall} `set`. */
export interface SetChange {
  readonly option: string;
  readonly value: number | boolean;
}

/** The seed of chance when the script names none. */
export const DEFAULT_SEED = 1;

function link(change: (value: number) => Partial<LinkConfig>): OptionEntry<LinkChange>['change'] {
  return (value) => ({ link: change(Number(value)) });
}

function linkOrOff(change: (value: number | null) => Partial<LinkConfig>): OptionEntry<LinkChange>['change'] {
  return (value) => ({ link: change(value === null ? null : Number(value)) });
}

const GIB = 1024 ** 3;

/** The options of `host NAME { }`. */
export const HOST_OPTIONS = table<HostChange>([
  {
    name: 'isn',
    value: { ...number('count', 0, 4_294_967_295), none: 'random' },
    change: hostOrNone((value) => ({ isn: value === null ? null : seq(value) })),
    doc: 'The initial sequence number: what the SYN of this host carries as SEG.SEQ. With `random` nobody can tell it beforehand: it is worked out for each connection from both its ends, a secret that comes from the `seed`, and a clock of 4 microseconds (RFC 6528). Arrows, tables and `seq +1` count from it all the same.',
    section: 'RFC 9293 3.4.1',
    example: 'isn 1000',
    standard: DEFAULT_HOST.isn,
  },
  {
    name: 'mss',
    value: number('bytes', 1, 65_495),
    change: host((mssBytes) => ({ mssBytes })),
    doc: 'The maximum segment size that this host announces in its SYN: the most payload it wants in one segment.',
    section: 'RFC 9293 3.7.1',
    example: 'mss 1460',
    standard: DEFAULT_HOST.mssBytes,
  },
  {
    name: 'mtu',
    value: number('bytes', 68, 65_535),
    change: host((mtuBytes) => ({ mtuBytes })),
    doc: "The MTU of the host's interface: the largest IP datagram that it sends. Where no `mss` is written, the host announces 40 bytes less (60 with IPv6).",
    section: 'RFC 9293 3.7.1',
    example: 'mtu 1500',
    standard: '`1500 bytes`',
  },
  {
    name: 'window',
    value: number('bytes', 0, 65_535),
    beyond: (text) => `A larger one is written \`window-scale 7, rcvbuf ${text}\`.`,
    section: 'RFC 9293 3.8.6',
    standard: DEFAULT_HOST.rcvbufBytes,
    change: host((rcvbufBytes) => ({ rcvbufBytes, windowClampBytes: rcvbufBytes, receiveMemory: null })),
    doc: 'The size of the receive buffer, and so the largest window that this host offers. A larger one than 65535 bytes is written `window-scale 7, rcvbuf 1MiB`.',
    example: 'window 4096 bytes',
  },
  {
    name: 'rcvbuf',
    value: number('bytes', 0, GIB),
    change: host((rcvbufBytes) => ({ rcvbufBytes, rcvbufGrows: false })),
    doc: 'The size of the receive buffer alone, which may be larger than a window without `window-scale` can tell; a `window` written before it stays the largest window that this host offers. `profile linux` counts memory here, and offers about half of it.',
    section: 'RFC 9293 3.8.6',
    example: 'rcvbuf 16KiB',
    standard: DEFAULT_HOST.rcvbufBytes,
  },
  {
    name: 'sndbuf',
    value: number('bytes', 1, GIB),
    change: host((sndbufBytes) => ({ sndbufBytes })),
    doc: 'The size of the send buffer: how much the application may write before it must wait.',
    section: 'RFC 9293 3.9.1.2',
    example: 'sndbuf 64KiB',
    standard: DEFAULT_HOST.sndbufBytes,
  },
  {
    name: 'msl',
    value: number('us', 1_000, HOUR),
    change: host((mslUs) => ({ mslUs })),
    doc: 'The maximum segment lifetime. TIME-WAIT lasts two of them.',
    section: 'RFC 9293 3.4.2',
    example: 'msl 30s',
    standard: DEFAULT_HOST.mslUs,
  },
  {
    name: 'rto-min',
    value: number('us', 1_000, 60 * SECOND),
    change: host((rtoMinUs) => ({ rtoMinUs })),
    doc: 'The least retransmission timeout.',
    section: 'RFC 6298 2.4',
    example: 'rto-min 200ms',
    standard: DEFAULT_HOST.rtoMinUs,
  },
  {
    name: 'rto-initial',
    value: number('us', 1_000, 60 * SECOND),
    change: host((rtoInitialUs) => ({ rtoInitialUs })),
    doc: 'The retransmission timeout before the first round-trip time is measured.',
    section: 'RFC 6298 2.1',
    example: 'rto-initial 1s',
    standard: DEFAULT_HOST.rtoInitialUs,
  },
  {
    name: 'rto-max',
    value: number('us', SECOND, HOUR),
    change: host((rtoMaxUs) => ({ rtoMaxUs })),
    doc: 'The greatest retransmission timeout: doubling it stops here.',
    section: 'RFC 6298 2.5',
    example: 'rto-max 60s',
    standard: DEFAULT_HOST.rtoMaxUs,
  },
  {
    name: 'syn-retries',
    value: number('count', 0, 100),
    change: host((synRetries) => ({ synRetries })),
    doc: 'How many times a SYN is retransmitted before the attempt is given up. Those of `syn-linear-timeouts` come on top.',
    section: 'RFC 9293 3.8.3',
    example: 'syn-retries 6',
    standard: DEFAULT_HOST.synRetries,
  },
  {
    name: 'retries',
    value: number('count', 0, 100),
    change: host((retries) => ({ retries })),
    doc: 'How many times a segment is retransmitted before the connection is given up.',
    section: 'RFC 9293 3.8.3',
    example: 'retries 15',
    standard: DEFAULT_HOST.retries,
  },
  {
    name: 'user-timeout',
    value: number('us', 1_000, 24 * HOUR, true),
    change: hostOrNone((userTimeoutUs) => ({ userTimeoutUs })),
    doc: 'How long data may stay unacknowledged before the connection is aborted, also behind a closed window whose probes are answered; `off` for no such limit.',
    section: 'RFC 9293 3.9.1.1',
    example: 'user-timeout 5min',
    standard: DEFAULT_HOST.userTimeoutUs,
  },
  {
    name: 'nagle',
    value: SWITCH,
    change: hostSwitch((nagle) => ({ nagle })),
    doc: "Nagle's algorithm: small writes wait while data is unacknowledged.",
    section: 'RFC 9293 3.7.4',
    example: 'nagle on',
    standard: DEFAULT_HOST.nagle,
  },
  {
    name: 'delayed-ack',
    value: number('us', 0, MAX_ACK_DELAY_US, true),
    change: hostOrNone((delayedAckUs) => ({ delayedAckUs })),
    doc: 'How long an acknowledgment may wait for data to ride on or for a second segment; `off` acknowledges at once.',
    section: 'RFC 9293 3.8.6.3',
    example: 'delayed-ack 40ms',
    standard: DEFAULT_HOST.delayedAckUs,
  },
  ...TCP_OPTIONS,
  {
    name: 'read',
    value: SWITCH,
    change: hostSwitch((autoRead) => ({ autoRead })),
    doc: 'Whether the application takes data by itself as it arrives. With `off` the window closes until `H read`.',
    section: 'RFC 9293 3.9.1.3',
    example: 'read off',
    standard: DEFAULT_HOST.autoRead,
  },
  {
    name: 'profile',
    value: words(...Object.keys(PROFILES)),
    change: (value) => ({ profile: isProfile(value) ? value : 'rfc' }),
    doc: 'A set of defaults, which the other options override: `rfc` makes the plainest choices that the RFCs allow, `linux` those of Linux 6.18, `freebsd` those of FreeBSD.',
    section: null,
    example: 'profile linux',
    standard: '`rfc`',
  },
]);

const SHARE = number('ratio', 0, 1);

/** The options of `link { }` and of `set link`. */
export const LINK_OPTIONS = table<LinkChange>([
  {
    name: 'delay',
    value: number('us', 0, HOUR),
    change: link((delayUs) => ({ delayUs })),
    doc: 'How long a segment travels, one way.',
    section: null,
    example: 'delay 10ms',
    standard: DEFAULT_LINK.delayUs,
  },
  {
    name: 'jitter',
    value: number('us', 0, HOUR),
    change: link((jitterUs) => ({ jitterUs })),
    doc: 'The largest extra delay; each segment gets a share of it by chance.',
    section: null,
    example: 'jitter 5ms',
    standard: DEFAULT_LINK.jitterUs,
  },
  {
    name: 'rate',
    value: number('bps', 1, 1e12, true),
    change: linkOrOff((rateBps) => ({ rateBps })),
    doc: 'How many bits a second the link carries; `off` for any number.',
    section: null,
    example: 'rate 10Mbps',
    standard: DEFAULT_LINK.rateBps,
  },
  {
    name: 'loss',
    value: SHARE,
    change: link((loss) => ({ loss })),
    doc: 'The share of segments that get lost by chance.',
    section: null,
    example: 'loss 1%',
    standard: DEFAULT_LINK.loss,
  },
  {
    name: 'duplicate',
    value: SHARE,
    change: link((duplicate) => ({ duplicate })),
    doc: 'The share of segments that arrive twice by chance.',
    section: null,
    example: 'duplicate 1%',
    standard: DEFAULT_LINK.duplicate,
  },
  {
    name: 'reorder',
    value: SHARE,
    change: link((reorder) => ({ reorder })),
    doc: 'The share of segments that are overtaken by chance.',
    section: null,
    example: 'reorder 1%',
    standard: DEFAULT_LINK.reorder,
  },
  {
    name: 'corrupt',
    value: SHARE,
    change: link((corrupt) => ({ corrupt })),
    doc: 'The share of segments whose bits are damaged by chance, so that their checksum fails.',
    section: 'RFC 9293 3.1',
    example: 'corrupt 1%',
    standard: DEFAULT_LINK.corrupt,
  },
  {
    name: 'queue',
    value: number('count', 1, 1e6, true),
    change: linkOrOff((queueSegments) => ({ queueSegments })),
    doc: 'How many segments may wait for a link that has a rate; more are lost.',
    section: null,
    example: 'queue 20 segments',
    standard: DEFAULT_LINK.queueSegments,
  },
  {
    name: 'mtu',
    value: number('bytes', 68, 65_535),
    change: link((mtuBytes) => ({ mtuBytes })),
    doc: 'The largest IP datagram that the link carries; a router throws larger ones away and tells their sender by ICMP.',
    section: 'RFC 9293 3.7.5',
    example: 'mtu 1500',
    standard: DEFAULT_LINK.mtuBytes,
  },
  {
    name: 'icmp',
    value: words('on', 'off', 'all'),
    change: (value) => ({ link: { icmp: value === 'off' || value === 'all' ? value : 'on' } }),
    doc: 'What the routers of the link tell by ICMP: that a segment is too large (`on`), also that the link is down (`all`), or nothing (`off`), which makes a black hole.',
    section: 'RFC 1191 4',
    example: 'icmp off',
    standard: '`on`',
  },
  {
    name: 'seed',
    value: number('count', 0, 4_294_967_295),
    change: (value) => ({ seed: Number(value) }),
    doc: 'Where chance begins: the same seed gives the same losses.',
    section: null,
    example: 'seed 7',
    standard: DEFAULT_SEED,
  },
]);

const SETTABLE_BUFFER = number('bytes', 0, GIB);

function set(option: string): OptionEntry<SetChange>['change'] {
  return (value) => ({ option, value: typeof value === 'string' ? true : (value ?? false) });
}

/** What `H set` may change while the connection lives. */
export const SET_OPTIONS = table<SetChange>([
  {
    name: 'nodelay',
    value: SWITCH,
    change: set('nodelay'),
    doc: "Sends small writes at once: `nodelay on` switches Nagle's algorithm off.",
    section: 'RFC 9293 3.7.4',
    example: 'nodelay on',
  },
  {
    name: 'nagle',
    value: SWITCH,
    change: set('nagle'),
    doc: "Switches Nagle's algorithm on or off.",
    section: 'RFC 9293 3.7.4',
    example: 'nagle off',
  },
  {
    name: 'delayed-ack',
    value: number('us', 0, MAX_ACK_DELAY_US, true),
    change: set('delayed-ack'),
    doc: 'Changes how long an acknowledgment may wait.',
    section: 'RFC 9293 3.8.6.3',
    example: 'delayed-ack 40ms',
  },
  {
    name: 'quick-ack',
    value: SWITCH,
    change: set('quick-ack'),
    doc: 'Whether ACKs leave at once for now (`on`), or are delayed as in a dialogue (`off`).',
    section: 'RFC 9293 3.8.6.3',
    example: 'quick-ack off',
  },
  {
    name: 'user-timeout',
    value: number('us', 0, 24 * HOUR, true),
    change: set('user-timeout'),
    doc: 'Changes how long data may stay unacknowledged.',
    section: 'RFC 9293 3.9.1.1',
    example: 'user-timeout 20s',
  },
  {
    name: 'keepalive',
    value: KEEP_ALIVE,
    change: set('keepalive'),
    doc: 'Asks whether the other side is still there after this idle time; `on` means two hours, `off` never.',
    section: 'RFC 9293 3.8.4',
    example: 'keepalive 10min',
  },
  {
    name: 'error-reports',
    value: SWITCH,
    change: set('error-reports'),
    doc: 'Whether TCP tells the application of trouble that does not end the connection, such as `H error delivery`.',
    section: 'RFC 9293 3.9.1.8',
    example: 'error-reports off',
  },
  {
    name: 'window',
    value: SETTABLE_BUFFER,
    change: set('window'),
    doc: 'Changes the size of the receive buffer; more than 65535 bytes with `window-scale` only.',
    section: 'RFC 9293 3.8.6',
    example: 'window 0 bytes',
  },
  {
    name: 'rcvbuf',
    value: SETTABLE_BUFFER,
    change: set('rcvbuf'),
    doc: 'Another word for `window`.',
    section: 'RFC 9293 3.8.6',
    example: 'rcvbuf 8KiB',
  },
]);
