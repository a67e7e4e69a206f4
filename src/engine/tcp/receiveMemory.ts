import type { ReceiveMemory } from '../config';
import type { Seq } from '../seq';
import { seqAdd, seqDiff, seqLt } from '../seq';
import type { Tcb } from './tcb';

/**
 * A receive buffer that counts memory and not octets (HostConfig `receiveMemory`). RFC 9293 section 3.8.6 leaves to a TCP
 * how large a window it offers; this one offers the share of its memory that data has filled so far, approaches that
 * share bit by bit (Linux: tcp_grow_window), and takes more memory when the application reads more in a round trip than
 * it did before (dynamic right-sizing; Linux: tcp_rcv_space_adjust).
 */
export interface MemoryState {
  /** RCV.BUFF in memory, as it has grown by itself; 0 for as much as the application or the host says. */
  grownBytes: number;
  /** What data took of the memory that it lay in, in 256ths. */
  share: number;
  /** Memory of what came and has not been read, in order and above a gap. */
  usedBytes: number;
  heldBytes: number;
  /** What lies in order: after which octet of the stream each piece ends, and its memory. */
  pieces: { readonly endPosition: number; readonly memoryBytes: number }[];
  /** When the process that reads has woken and taken what came; Infinity while it waits for more. */
  readsAtUs: number;
  /** How many octets have come in order since the connection was opened. */
  arrivedBytes: number;
  /** The window that it means to offer, and its upper bound, in octets. */
  threshold: number;
  clamp: number;
  /** What was read in the last round, and where and when this round began. */
  roundBytes: number;
  roundFrom: number;
  roundAtUs: number;
  /** Round trip as a receiver sees it, in eighths of a microsecond; 0 before the first. */
  rtt8Us: number;
  /** The TSecr that was measured last, and the measurement without timestamps: a window from its beginning. */
  lastTsecr: number | null;
  windowEnd: Seq | null;
  windowAtUs: number;
}

/** Shares are counted in 256ths. */
const WHOLE = 256;
/** The initial window that a reader keeps up with, in segments: the first round is measured against it. */
const FIRST_ROUND_SEGMENTS = 10;
/** IPv4 and TCP headers without options. */
const HEADER_BYTES = 40;
/** Octets of the timestamps option with its padding. */
const TIMESTAMP_BYTES = 12;
/** The window field of a segment. */
const WINDOW_FIELD_BITS = 16;
/** Where pieces of memory begin. */
const LINE_BYTES = 64;
const PAGE_BYTES = 4096;

/** Before the connection. */
export function freshMemory(): MemoryState {
  return {
    grownBytes: 0,
    share: WHOLE / 2,
    usedBytes: 0,
    heldBytes: 0,
    pieces: [],
    readsAtUs: Number.POSITIVE_INFINITY,
    arrivedBytes: 0,
    threshold: 0,
    clamp: 0,
    roundBytes: 0,
    roundFrom: 0,
    roundAtUs: 0,
    rtt8Us: 0,
    lastTsecr: null,
    windowEnd: null,
    windowAtUs: 0,
  };
}

/** A copy that lives on its own. */
export function cloneMemory(memory: MemoryState): MemoryState {
  return { ...memory, pieces: memory.pieces.slice() };
}

/** The memory of a segment with so much text. */
function memoryOf(tcb: Tcb, kind: ReceiveMemory, lengthBytes: number): number {
  const headers = HEADER_BYTES + (tcb.options.timestamps ? TIMESTAMP_BYTES : 0);
  const data = Math.ceil((kind.headroomBytes + headers + lengthBytes) / LINE_BYTES) * LINE_BYTES + kind.trailerBytes;
  const piece = kind.pieceSizes.find((size) => data <= size);
  return (piece ?? Math.ceil(data / PAGE_BYTES) * PAGE_BYTES) + kind.recordBytes;
}

function bufferBytes(tcb: Tcb): number {
  return Math.max(tcb.memory.grownBytes, tcb.preferences.rcvbufBytes);
}

function octetsIn(tcb: Tcb, memoryBytes: number): number {
  return Math.floor((memoryBytes * tcb.memory.share) / WHOLE);
}

/** How many octets still fit. */
function freeOctets(tcb: Tcb): number {
  const { usedBytes, heldBytes } = tcb.memory;
  return Math.max(0, octetsIn(tcb, bufferBytes(tcb) - usedBytes - heldBytes));
}

/** The text of a full segment that this host has room for. */
function announcedBytes(tcb: Tcb): number {
  return tcb.config.mssBytes - (tcb.options.timestamps ? TIMESTAMP_BYTES : 0);
}

/** Whole segments, as far as 16 bits tell (Linux: tcp_select_initial_window). */
function initialWindowBytes(tcb: Tcb): number {
  const space = Math.min(octetsIn(tcb, bufferBytes(tcb)), tcb.config.windowClampBytes ?? Number.POSITIVE_INFINITY);
  const mss = announcedBytes(tcb);
  return Math.min(space > mss ? space - (space % mss) : space, 0xffff);
}

/**
 * The window scale shift of our SYN; null offers none. It never scales the whole window away, and where memory is counted it
 * is no more than a buffer that can not grow needs (Linux: tcp_select_initial_window).
 */
export function offeredScale(tcb: Tcb): number | null {
  const { windowScale, receiveMemory, rcvbufBytes, windowClampBytes } = tcb.config;
  if (windowScale === null) return null;
  if (receiveMemory === null) {
    const largestBytes = Math.max(1, Math.min(rcvbufBytes, windowClampBytes ?? rcvbufBytes));
    return Math.min(windowScale, Math.floor(Math.log2(largestBytes)));
  }
  if (tcb.preferences.rcvbufGrows) return windowScale;
  const bits = Math.floor(Math.log2(Math.max(1, octetsIn(tcb, bufferBytes(tcb)))));
  return Math.min(windowScale, Math.max(0, bits - WINDOW_FIELD_BITS + 1));
}

/** The window of a SYN is chosen anew for each connection. */
export function startWindow(tcb: Tcb): void {
  if (tcb.config.receiveMemory === null) return;
  Object.assign(tcb.memory, freshMemory());
  tcb.rcv.wnd = initialWindowBytes(tcb);
}

/** The connection is there: what it may offer, with room for one segment kept back (Linux: tcp_init_buffer_space). */
export function startMemory(tcb: Tcb, nowUs: number): void {
  if (tcb.config.receiveMemory === null) return;
  const { memory, rcv, config } = tcb;
  const mss = announcedBytes(tcb);
  const space = octetsIn(tcb, bufferBytes(tcb));
  memory.clamp = Math.min(space, config.windowClampBytes ?? space, 0xffff << tcb.options.rcvShift);
  if (memory.clamp > 2 * mss && memory.clamp + mss > space) memory.clamp = Math.max(2 * mss, space - mss);
  memory.threshold = Math.min(rcv.wnd, memory.clamp);
  memory.roundBytes = Math.min(memory.threshold, rcv.wnd, FIRST_ROUND_SEGMENTS * mss);
  memory.roundAtUs = nowUs;
}

/** Text came in order: its memory counts from now on. */
export function chargeText(tcb: Tcb, lengthBytes: number): void {
  const kind = tcb.config.receiveMemory;
  if (kind !== null) charge(tcb, kind, lengthBytes);
}

function charge(tcb: Tcb, kind: ReceiveMemory, lengthBytes: number): void {
  const { memory } = tcb;
  const memoryBytes = memoryOf(tcb, kind, lengthBytes);
  memory.arrivedBytes += lengthBytes;
  memory.usedBytes += memoryBytes;
  memory.pieces.push({ endPosition: memory.arrivedBytes, memoryBytes });
}

/** Text came above a gap, or left that place. */
export function chargeHeld(tcb: Tcb, lengthBytes: number, sign: 1 | -1): void {
  const kind = tcb.config.receiveMemory;
  if (kind !== null) tcb.memory.heldBytes += sign * memoryOf(tcb, kind, lengthBytes);
}

/** A full segment of another size than those before it tells what share of its memory data takes (Linux: tcp_measure_rcv_mss). */
export function measureShare(tcb: Tcb, lengthBytes: number): void {
  const kind = tcb.config.receiveMemory;
  if (kind === null) return;
  const { memory } = tcb;
  const share = Math.max(1, Math.floor((lengthBytes * WHOLE) / memoryOf(tcb, kind, lengthBytes)));
  if (share === memory.share) return;
  memory.share = share;
  setClamp(tcb, octetsIn(tcb, bufferBytes(tcb)));
  memory.roundBytes = Math.min(memory.roundBytes, memory.clamp);
}

/** Linux: tcp_set_window_clamp. */
function setClamp(tcb: Tcb, octets: number): void {
  const { memory } = tcb;
  const before = memory.clamp;
  memory.clamp = Math.min(octets, tcb.config.windowClampBytes ?? octets);
  if (memory.clamp < before) memory.threshold = Math.min(memory.threshold, memory.clamp);
  else memory.threshold = Math.max(memory.threshold, Math.min(offeredBytes(tcb), memory.clamp));
}

/** The window as it stood in the last ACK. */
export function offeredBytes(tcb: Tcb): number {
  return tcb.rcv.wnd + tcb.rcv.unackedBytes;
}

/** Smaller segments do not let the window grow. */
const LEAST_FOR_GROWTH = 128;

/** Lets the window grow by what has just come, as long as there is memory; true when it grew (Linux: tcp_grow_window). */
export function growThreshold(tcb: Tcb, lengthBytes: number): boolean {
  const kind = tcb.config.receiveMemory;
  if (kind === null || lengthBytes < LEAST_FOR_GROWTH) return false;
  const { memory } = tcb;
  const room = Math.min(memory.clamp, freeOctets(tcb)) - memory.threshold;
  if (room <= 0) return false;
  const taken = octetsIn(tcb, memoryOf(tcb, kind, lengthBytes));
  const step = taken <= lengthBytes ? 2 * announcedBytes(tcb) : smallStep(tcb, kind, taken, lengthBytes);
  if (step === 0) return false;
  memory.threshold += Math.min(room, Math.max(step, 2 * lengthBytes));
  return true;
}

/** A segment that wastes memory lets only a small window grow (Linux: __tcp_grow_window). */
function smallStep(tcb: Tcb, kind: ReceiveMemory, taken: number, lengthBytes: number): number {
  let size = taken >> 1;
  let window = octetsIn(tcb, kind.maxBytes) >> 1;
  while (tcb.memory.threshold <= window) {
    if (size <= lengthBytes) return 2 * tcb.pace.fullBytes;
    size >>= 1;
    window >>= 1;
  }
  return 0;
}

/**
 * The window that could be offered now, in octets from RCV.NXT on (Linux: __tcp_select_window). Where memory runs short
 * ACKs are no longer quick.
 */
export function selectWindow(tcb: Tcb): number {
  const { memory, pace, options } = tcb;
  const whole = octetsIn(tcb, bufferBytes(tcb));
  const full = Math.min(memory.clamp, whole);
  const mss = Math.min(pace.fullBytes, full);
  const unit = 1 << options.rcvShift;
  let free = freeOctets(tcb);
  if (free < full >> 1) {
    pace.quick = 0;
    free -= free % unit;
    if (free < whole >> 4 || free < mss) return 0;
  }
  free = Math.min(free, memory.threshold);
  if (options.rcvShift > 0) return Math.ceil(free / unit) * unit;
  const offered = offeredBytes(tcb);
  if (offered <= free - mss || offered > free) return free - (free % mss);
  return mss === full && free > offered + (full >> 1) ? free : offered;
}

/** Sets RCV.WND for an ACK that leaves now: the right edge never moves back (Linux: tcp_select_window). */
export function offerWindow(tcb: Tcb): void {
  const { rcv, options, memory } = tcb;
  // Before the handshake is over the window of the SYN stands.
  if (memory.clamp === 0) return;
  const unit = 1 << options.rcvShift;
  const wanted = selectWindow(tcb);
  rcv.wnd = wanted < rcv.wnd ? Math.ceil(rcv.wnd / unit) * unit : wanted;
  rcv.unackedBytes = 0;
}

/** Whether the window that an ACK would offer now is at least the one of the last ACK. */
export function windowKeepsUp(tcb: Tcb): boolean {
  return selectWindow(tcb) >= offeredBytes(tcb);
}

/** Whether reading has made the window at least twice as large (Linux: __tcp_cleanup_rbuf). */
export function windowDoubled(tcb: Tcb): boolean {
  const { memory, pace } = tcb;
  const now = tcb.rcv.wnd;
  if (2 * now > memory.clamp) return false;
  // What was handed over lies there until the reader has run: this asks how it will be then.
  const { usedBytes } = memory;
  const { quick } = pace;
  memory.usedBytes = usedBytes - takenMemory(tcb);
  const wanted = selectWindow(tcb);
  memory.usedBytes = usedBytes;
  pace.quick = quick;
  return wanted > 0 && wanted >= 2 * now;
}

/** How long a process that waits for data takes to run, in microseconds: what comes in the meantime it reads as well. */
export const WAKING_US = 50;

/** A process that waits for data is woken by what has just come. */
export function wakeReader(tcb: Tcb, nowUs: number): void {
  const { memory } = tcb;
  if (memory.readsAtUs === Number.POSITIVE_INFINITY) memory.readsAtUs = nowUs + WAKING_US;
}

/** What a process that was woken has read by now. */
export function catchUpReader(tcb: Tcb, nowUs: number): void {
  const { readsAtUs } = tcb.memory;
  if (readsAtUs <= nowUs) releaseRead(tcb, readsAtUs);
}

/** The memory of what the application has been handed. */
function takenMemory(tcb: Tcb): number {
  let bytes = 0;
  for (const { endPosition, memoryBytes } of tcb.memory.pieces) {
    if (endPosition > tcb.receiveBuffer.takenBytes) break;
    bytes += memoryBytes;
  }
  return bytes;
}

/** The application has read: gives memory back, and measures how much it reads in a round trip. */
export function releaseRead(tcb: Tcb, nowUs: number): void {
  const kind = tcb.config.receiveMemory;
  if (kind === null) return;
  const { memory, receiveBuffer } = tcb;
  memory.readsAtUs = Number.POSITIVE_INFINITY;
  let count = 0;
  for (const { endPosition, memoryBytes } of memory.pieces) {
    if (endPosition > receiveBuffer.takenBytes) break;
    adjustBuffer(tcb, kind, endPosition, nowUs);
    memory.usedBytes -= memoryBytes;
    count++;
  }
  if (count > 0) memory.pieces.splice(0, count);
}

/** Linux: tcp_rcv_space_adjust. */
function adjustBuffer(tcb: Tcb, kind: ReceiveMemory, readTo: number, nowUs: number): void {
  const { memory } = tcb;
  if (memory.rtt8Us === 0 || nowUs - memory.roundAtUs < memory.rtt8Us >> 3) return;
  const waiting = memory.arrivedBytes - readTo;
  const copied = readTo - memory.roundFrom - waiting;
  if (copied > memory.roundBytes) {
    const before = memory.roundBytes;
    memory.roundBytes = copied;
    growBuffer(tcb, kind, before);
  }
  memory.roundFrom = readTo;
  memory.roundAtUs = nowUs;
}

/** Text came above a gap: the buffer has to hold it beside what comes in order (Linux: tcp_data_queue_ofo). */
export function growForGap(tcb: Tcb): void {
  const kind = tcb.config.receiveMemory;
  if (kind !== null && tcb.memory.roundBytes > 0) growBuffer(tcb, kind, tcb.memory.roundBytes);
}

/** Twice what is read in a round trip, and more while that still grows (Linux: tcp_rcvbuf_grow). */
function growBuffer(tcb: Tcb, kind: ReceiveMemory, before: number): void {
  const { memory } = tcb;
  let window = 2 * memory.roundBytes;
  window += 2 * Math.floor((window * (memory.roundBytes - before)) / before);
  const last = tcb.reassembly[tcb.reassembly.length - 1];
  if (last !== undefined) window += seqDiff(last.seq, tcb.rcv.nxt) + tcb.pace.fullBytes;
  const wanted = Math.min(Math.floor((window * WHOLE) / memory.share), kind.maxBytes);
  if (!tcb.preferences.rcvbufGrows || wanted <= bufferBytes(tcb)) return;
  memory.grownBytes = wanted;
  memory.clamp = Math.min(octetsIn(tcb, wanted), tcb.config.windowClampBytes ?? Number.POSITIVE_INFINITY);
}

/** The round trip from a segment that echoes the timestamp of an ACK (Linux: tcp_rcv_rtt_measure_ts). */
export function measureByTimestamp(tcb: Tcb, tsecr: number, lengthBytes: number, ticks: number): void {
  const { memory } = tcb;
  if (memory.lastTsecr === tsecr) return;
  memory.lastTsecr = tsecr;
  if (lengthBytes >= tcb.pace.fullBytes && ticks >= 0) takeRtt(tcb, Math.max(1, ticks) * 1000, false);
}

/** The round trip as the time in which one window comes (Linux: tcp_rcv_rtt_measure). */
export function measureByWindow(tcb: Tcb, nowUs: number): void {
  const { memory, rcv } = tcb;
  if (memory.windowEnd !== null) {
    if (seqLt(rcv.nxt, memory.windowEnd)) return;
    takeRtt(tcb, Math.max(1, nowUs - memory.windowAtUs), true);
  }
  memory.windowEnd = seqAdd(rcv.nxt, offeredBytes(tcb));
  memory.windowAtUs = nowUs;
}

function takeRtt(tcb: Tcb, sampleUs: number, byWindow: boolean): void {
  const { memory, receiveBuffer } = tcb;
  const before = memory.rtt8Us;
  if (before === 0 || 8 * sampleUs < before) memory.rtt8Us = 8 * sampleUs;
  else if (!byWindow && receiveBuffer.bytes === 0) memory.rtt8Us = before - (before >> 3) + sampleUs;
}
