import type { Cause, EventSink, SegmentId } from '../events';
import { wantsDetail } from '../events';
import type { RuleId } from '../rules';
import { FLAG, type Segment } from '../segment';
import { segmentArrives } from '../tcp/connection';
import { decodeDatagram, encodeDatagram, isHostAddress, isLoopbackAddress, tcpLengthBytes } from '../wire';
import { admit, nameSender } from './listening';
import type { QueuedEvent } from './queue';
import { createRandom, nextInteger } from './random';
import { deliverRecord, discardRecord, getRecord } from './records';
import { settle } from './settle';
import { isBetween, lives, nameOfSocket, slotBetween } from './slots';
import type { Host, Slot, World } from './state';
import { hostAt, mainSlot, slotAt } from './state';

/** The stream of the seed that chooses which bit of a damaged segment is flipped. */
const CORRUPTION_STREAM = 0x4000_0000;

/**
 * The connection that a segment is for: the one with its ports and addresses, else the one that listens at its port, else
 * the host's main one, which answers as CLOSED does (RFC 9293 section 3.10.7.1).
 */
export function demultiplex(world: World, host: Host, segment: Segment): Slot {
  const latest = slotAt(world, host.latest);
  const same = lives(latest) && isBetween(latest.tcb, segment.destination, segment.source);
  return same ? latest : findConnection(world, host, segment);
}

function findConnection(world: World, host: Host, segment: Segment): Slot {
  const known = slotBetween(world, host, segment.destination, segment.source);
  if (known !== null && lives(known)) {
    host.latest = known.index;
    return known;
  }
  if (host.listener >= 0) {
    const listener = slotAt(world, host.listener);
    if (listener.tcb.local.port === segment.destination.port) return listener;
  }
  return mainSlot(world, host);
}

/** A segment reaches the end of its link: its checksum is checked, and it is given to the TCP that it is for. */
export function arrive(world: World, { id, link, carried }: QueuedEvent, sink: EventSink): void {
  if (carried === null) throw new Error(`segment ${id} arrived, but nothing was on its way`);
  const { records } = world;
  const { segment } = carried;
  const host = hostAt(world, link % world.hosts.length);
  deliverRecord(records, id);
  if (wantsDetail(sink)) {
    sink({ kind: 'segment-arrived', timeUs: world.timeUs, host: host.config.name, record: getRecord(records, id) });
  }
  if (carried.corrupted === true && !survivesCorruption(world, segment, id)) {
    discardArrived(world, host, id, 'checksum', sink);
    return;
  }
  const problem = synProblem(segment);
  if (problem !== null) {
    discardArrived(world, host, id, problem, sink);
    return;
  }
  const slot = demultiplex(world, host, segment);
  const { context } = world;
  context.nowUs = world.timeUs;
  context.line = carried.cause.line;
  context.sink = sink;
  context.isnSecret = host.isnSecret;
  if (slot.tcb.state !== 'LISTEN') segmentArrives(slot.tcb, segment, id, context);
  else arriveInListen(world, host, slot, segment, id);
  if (context.discarded !== null) {
    discardRecord(records, id, context.discarded);
    context.discarded = null;
  }
  settle(world, slot);
}

/** The segment is thrown away before any connection has seen it. */
function discardArrived(world: World, host: Host, id: SegmentId, rule: RuleId, sink: EventSink): void {
  discardRecord(world.records, id, rule);
  if (!wantsDetail(sink)) return;
  const { segment, cause: sent } = getRecord(world.records, id);
  const cause: Cause = { rule, line: sent.line, trigger: { kind: 'segment', segment: id } };
  sink({
    kind: 'segment-discarded',
    timeUs: world.timeUs,
    host: host.config.name,
    peer: nameOfSocket(world, segment.source),
    main: true,
    segment: id,
    cause,
  });
}

/** Why nobody listens to a SYN between such addresses (RFC 9293 section 3.9.2.3); null for any other segment. */
function synProblem({ flags, source, destination }: Segment): RuleId | null {
  if ((flags & FLAG.SYN) === 0) return null;
  if (!isHostAddress(destination.address)) return 'syn-to-many';
  if (isLoopbackAddress(source.address) && !isLoopbackAddress(destination.address)) return 'syn-from-nobody';
  return isHostAddress(source.address) ? null : 'syn-from-nobody';
}

/** A segment for a connection that waits for whoever comes; what is said of it names the sender. */
function arriveInListen(world: World, host: Host, slot: Slot, segment: Segment, id: SegmentId): void {
  nameSender(world, slot, segment);
  if (admit(world, host, slot, segment, id, world.context)) segmentArrives(slot.tcb, segment, id, world.context);
  if (slot.tcb.remote === null) slot.tcb.peer = null;
}

/** Flips one bit of the segment's real octets, header or payload, and reads them again as a receiver does. */
function survivesCorruption(world: World, segment: Segment, id: SegmentId): boolean {
  const datagram = encodeDatagram(segment);
  const tcpBytes = tcpLengthBytes(segment);
  const bit = nextInteger(createRandom(world.config.seed, CORRUPTION_STREAM + id), tcpBytes * 8 - 1);
  const octet = datagram.length - tcpBytes + (bit >> 3);
  datagram[octet] = (datagram[octet] ?? 0) ^ (1 << (bit & 7));
  return decodeDatagram(datagram).ok;
}
