import type { Op, Side, Sysctls, Trace, TraceFault } from './trace';
import { opsOf, SIDES } from './trace';

/** What each kernel setting is called in a script; null for settings of the capture's machinery. */
const SETTINGS: Readonly<Record<string, ((value: number | string) => string) | null>> = {
  'net.ipv4.tcp_timestamps': (value) => `timestamps ${onOff(value)}`,
  'net.ipv4.tcp_sack': (value) => `sack ${onOff(value)}`,
  'net.ipv4.tcp_window_scaling': (value) => (Number(value) === 0 ? 'window-scale off' : 'window-scale 10'),
  'net.ipv4.tcp_early_retrans': (value) => `tlp ${onOff(value)}`,
  // Since 6.17 Linux finds losses by RACK wherever SACK is on: the setting's first bit switches nothing any more.
  'net.ipv4.tcp_recovery': null,
  'net.ipv4.tcp_frto': (value) => `f-rto ${onOff(value)}`,
  'net.ipv4.tcp_ecn': (value) => `ecn ${onOff(value)}`,
  'net.ipv4.tcp_congestion_control': (value) => `congestion ${value}`,
  'net.ipv4.tcp_invalid_ratelimit': (value) => `challenge-ack-limit ${Number(value) === 0 ? 'off' : `${value}ms`}`,
  'net.ipv4.tcp_syn_linear_timeouts': (value) => `syn-linear-timeouts ${value}`,
  'net.ipv4.tcp_syn_retries': (value) => `syn-retries ${value}`,
  'net.ipv4.tcp_synack_retries': (value) => `syn-ack-retries ${value}`,
  'net.ipv4.tcp_rfc1337': (value) => `rfc1337 ${onOff(value)}`,
  'net.ipv4.tcp_no_metrics_save': null,
  'net.ipv4.tcp_backlog_ack_defer': null,
};

function onOff(value: number | string): string {
  return Number(value) === 0 ? 'off' : 'on';
}

/** IPv4 and TCP headers without options. */
const HEADERS_BYTES = 40;
const ETHERNET_MTU = 1500;

/** The script that does what the capture's applications and wire did. */
export function traceScript(trace: Trace): string {
  return [
    `# Linux 6.18: ${trace.about}.`,
    ...hostLines(trace),
    `link { delay ${milliseconds(trace.one_way_delay_s)}${trace.rate_bps === null ? '' : `, rate ${trace.rate_bps / 1e6}Mbps`} }`,
    '',
    ...trace.faults.flatMap(faultLines),
    ...injectionLines(trace),
    ...sideLines(trace, 'server'),
    ...sideLines(trace, 'client'),
    `wait ${milliseconds(lastMoment(trace))}`,
    '',
  ].join('\n');
}

function hostLines(trace: Trace): string[] {
  const forged = trace.segments.some(({ fate }) => fate === 'injected');
  return [...SIDES.map((side) => hostLine(trace, side)), ...(forged ? ['host attacker at 10.0.0.66'] : [])];
}

function hostLine(trace: Trace, side: Side): string {
  const address = side === 'client' ? '10.0.0.1:49152' : '10.0.0.2:80';
  const mtu = trace.mtu?.[side] ?? ETHERNET_MTU;
  const options = [
    'profile linux',
    `isn ${ISN[side]}`,
    ...(trace.congestion_control === undefined ? [] : [`congestion ${trace.congestion_control}`]),
    ...settingsOf(trace.sysctls, side),
    ...(mtu === ETHERNET_MTU ? [] : [`mss ${mtu - HEADERS_BYTES}`]),
    ...bufferOf(trace, side),
    ...keepAliveOf(trace, side),
    'read off',
  ];
  return `host ${side} at ${address} { ${options.join(', ')} }`;
}

function settingsOf(sysctls: Sysctls, side: Side): string[] {
  return Object.entries(sysctls).flatMap(([name, value]) => {
    if (name === 'client' || name === 'server') return name === side ? settingsOf(value as Sysctls, side) : [];
    if (typeof value === 'object') return name === SIDE_SPACES[side] ? settingsOf(value, side) : [];
    const setting = SETTINGS[name];
    if (setting === undefined) throw new Error(`${name} has no option`);
    return setting === null ? [] : [setting(value)];
  });
}

/** The network namespaces of `linux`. */
const SIDE_SPACES: Readonly<Record<Side, string>> = { client: 'tcpA', server: 'tcpB' };

/** SO_RCVBUF: the kernel doubles it, for its bookkeeping. `linux` does not tell, but only this value gives such a window. */
function bufferOf(trace: Trace, side: Side): string[] {
  const call = trace.calls.find((one) => one.side === side && one.args?.[0] === 'SO_RCVBUF');
  const asked = Number(call?.args?.[1] ?? (trace.script === undefined && lacksRoom(trace, side) ? SMALL_BUFFER : 0));
  return asked === 0 ? [] : [`rcvbuf ${2 * asked} bytes`];
}

const SMALL_BUFFER = 4096;

function lacksRoom(trace: Trace, side: Side): boolean {
  return trace.segments.some((one) => one.from === side && one.win === 0 && one.flags.join() === 'ACK');
}

/** The socket option counts from when the connection is made, as the host's does. */
function keepAliveOf(trace: Trace, side: Side): string[] {
  const [idle, interval, count] = opsOf(trace, side).find(({ name }) => name === 'keepalive')?.args ?? [];
  if (idle === undefined) return [];
  return [`keepalive ${idle}s`, `keepalive-interval ${interval}s`, `keepalive-count ${count}`];
}

/** What `linux` and `linux-more` call what the wire does. */
const DEEDS: Readonly<Record<string, string>> = {
  drop: 'drop',
  dropped: 'drop',
  delay: 'delay',
  delayed: 'delay',
  duplicate: 'duplicate',
  duplicated: 'duplicate',
  ce: 'mark',
  'ce-marked': 'mark',
};

function faultLines(fault: TraceFault): string[] {
  const what = fault.do ?? fault.what ?? '';
  if (what === 'injected') return [];
  const deed = DEEDS[what];
  if (deed === undefined) throw new Error(`the wire can not be made to do ${what}`);
  const lateBy = fault.by ?? fault.extra_delay ?? fault.copies_after?.[0];
  const tail = lateBy === undefined ? '' : ` by ${milliseconds(lateBy)}`;
  return [`${deed} ${targetOf(fault)} from ${fault.from}${deed === 'mark' ? ' CE' : tail}`];
}

function targetOf(fault: TraceFault): string {
  const nth = fault.n ?? fault.nth;
  if (nth !== undefined && nth !== null) return `${ordinal(nth)} any`;
  if (fault.nth_data !== undefined) return `${ordinal(fault.nth_data)} data`;
  return `next ${(fault.flags ?? []).join('-')}`;
}

function ordinal(count: number): string {
  const ending = ['th', 'st', 'nd', 'rd'][count % 10] ?? 'th';
  return `${count}${Math.floor(count / 10) % 10 === 1 ? 'th' : ending}`;
}

/** Forged segments enter the wire when the capture saw them. */
function injectionLines(trace: Trace): string[] {
  return trace.segments.flatMap((segment) => {
    if (segment.fate !== 'injected') return [];
    const to = segment.from === 'client' ? 'server' : 'client';
    const parts = [
      segment.flags.join('-'),
      `seq ${(isnOf(trace, segment.from) + segment.seq) >>> 0}`,
      ...(segment.ack === null ? [] : [`ack ${(isnOf(trace, to) + segment.ack) >>> 0}`]),
      `win ${segment.win}`,
      `len ${segment.len}`,
    ];
    return [`at ${milliseconds(segment.t)} { attacker inject ${parts.join(' ')} spoof ${segment.from} to ${to} }`];
  });
}

/** Forged segments name numbers before there are ISNs to count from. */
const ISN: Readonly<Record<Side, number>> = { client: 1000, server: 5000 };

/** What a capture's relative numbers of a side count from; nothing when the side never sends a SYN. */
function isnOf(trace: Trace, side: Side): number {
  const opens = trace.segments.some((one) => one.from === side && one.fate !== 'injected' && one.flags.includes('SYN'));
  return opens ? ISN[side] : 0;
}

/** One block for each stretch of a side's script that begins at a fixed time. */
function sideLines(trace: Trace, side: Side): string[] {
  const ops = opsOf(trace, side).filter(({ name }) => name !== 'ss' && name !== 'timeout' && name !== 'again');
  const lines = ops[0]?.name === 'at' || !ops.some(({ name }) => name === 'accept') ? [] : [`${side} listen`];
  if (lines.length === 0 && ops.some(({ name }) => name === 'accept')) lines.push(`${side} listen`);
  let block: string[] = [];
  let start = 0;
  let readBytes = 0;
  const flush = () => {
    if (block.length > 0) lines.push(`at ${milliseconds(start)} {`, ...block.map((line) => `  ${line}`), '}');
    block = [];
  };
  for (const [index, op] of ops.entries()) {
    if (op.name === 'at') {
      flush();
      start = op.args[0] ?? 0;
      continue;
    }
    if (op.name === 'recvn') readBytes += op.args[0] ?? 0;
    const last = index === ops.length - 1 || ops[index + 1]?.name === 'at';
    block.push(...opLines(side, op, readBytes, last, ops[index + 1]));
  }
  flush();
  return lines;
}

/** What one call is in a script. A call that blocks waits only when something follows it. */
function opLines(side: Side, { name, args }: Op, readBytes: number, last: boolean, next: Op | undefined): string[] {
  const [first = 0, second = 0, third = 0] = args;
  const until = (condition: string) => (last ? [] : [`wait until ${condition}`]);
  switch (name) {
    case 'accept':
      return until(`${side} is ESTABLISHED or ${side} is CLOSE-WAIT`);
    case 'connect':
      return [`${side} connect`, ...until(`not (${side} is SYN-SENT or ${side} is SYN-RECEIVED)`)];
    case 'send':
    case 'sendall':
      return [`${side} write ${first} bytes`];
    case 'writes':
      return Array.from({ length: first }, (_, index) => [
        ...(index === 0 ? [] : [`wait ${milliseconds(third)}`]),
        `${side} write ${second} bytes`,
      ]).flat();
    case 'recvn':
      return [
        `${side} read on`,
        `wait until ${side}.RCV.NXT - ${side}.IRS > ${readBytes} bytes or ${side} is CLOSED`,
        ...(last ? [] : [WAKING]),
        ...(next?.name.startsWith('recv') === true ? [] : [`${side} read off`]),
      ];
    case 'recv':
    case 'recvall':
      return [
        `${side} read on`,
        ...until(ENDED.map((state) => `${side} is ${state}`).join(' or ')),
        ...(last ? [] : [WAKING]),
      ];
    case 'reads':
      return Array.from({ length: first }, (_, index) => [
        ...(index === 0 ? [] : [`wait ${milliseconds(third)}`]),
        `${side} read ${second} bytes`,
      ]).flat();
    case 'nodelay':
      return [`${side} set nodelay ${onOff(first)}`];
    case 'wait':
      return [`wait ${milliseconds(first)}`];
    case 'close':
      return [`${side} close`];
    case 'linger0':
      return [`${side} abort`];
    case 'shutdown':
      return [`${side} shutdown`];
    case 'vanish':
      return [`${side} forget`];
    case 'quickack':
      return [`${side} set quick-ack ${onOff(first)}`];
    case 'keepalive':
      return [];
    case 'rto_max':
      return [`${side} set user-timeout ${first}ms`];
    default:
      throw new Error(`${name} has no statement`);
  }
}

/** A process that waits for data runs a little after the data has arrived. */
const WAKING = 'wait 100us';

/** Where a reader sees the end: the remote FIN has come, or the connection is gone. */
const ENDED = ['CLOSE-WAIT', 'CLOSING', 'LAST-ACK', 'TIME-WAIT', 'CLOSED'] as const;

/** The last thing that the capture shows, and a little more. */
export function lastMoment(trace: Trace): number {
  const times = [...trace.segments.map(({ t }) => t), ...trace.calls.map(({ t, t_return }) => t_return ?? t)];
  return Math.ceil(Math.max(...times) * 100) / 100 + 0.01;
}

function milliseconds(seconds: number): string {
  const ms = Number((seconds * 1000).toFixed(3));
  return `${ms}ms`;
}
