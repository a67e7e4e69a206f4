import type { Cause, EventSink, SegmentId } from '../events';
import { wantsDetail } from '../events';
import type { RuleId } from '../rules';
import { FLAG, type Segment } from '../segment';
import { segmentArrives } from '../tcp/connection';
import { decodeDatagram, encodeDatagram, isHostAddress, tcpLengthBytes } from '../wire';
import { createRandom, nextInteger } from './random';
import { deliverRecord, getRecord, isCorrupted, lineOfRecord } from './records';
import type { Host, Slot, World } from './state';
import { settle, slotAt } from './state';
import { hostAtAddress } from './transit';

/** The stream of the seed that chooses which bit of a damaged segment is flipped. */
const CORRUPTION_STREAM = 0x4000_0000;

/**
 * The connection that a segment is for: the one with its ports and addresses, else one that listens at its port, else the
 * host's first, which answers as CLOSED does (RFC 9293 section 3.10.7.1).
 */
export function demultiplex(world: World, host: Host, segment: Segment): Slot {
  let listening: Slot | null = null;
  for (const index of host.slots) {
    const slot = slotAt(world, index);
    const { local, remote } = slot.tcb;
    if (local.port !== segment.destination.port) continue;
    if (remote === null) listening ??= slot;
    else if (remote.port === segment.source.port && remote.address === segment.source.address) return slot;
  }
  return listening ?? slotAt(world, host.slots[0] ?? -1);
}

/** A segment reaches the end of its link: its checksum is checked, and it is given to the TCP that it is for. */
export function arrive(world: World, id: SegmentId, sink: EventSink): void {
  const { records } = world;
  const segment = deliverRecord(records, id);
  const host = hostAtAddress(world, segment.destination.address, segment.destination.port);
  if (host === null) throw new Error(`segment ${id} arrived at ${segment.destination.address}, which nobody has`);
  if (wantsDetail(sink)) {
    sink({ kind: 'segment-arrived', timeUs: world.timeUs, host: host.config.name, record: getRecord(records, id) });
  }
  if (isCorrupted(records, id) && !survivesCorruption(world, segment, id)) {
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
  context.line = lineOfRecord(records, id);
  context.sink = sink;
  segmentArrives(slot.tcb, segment, id, context);
  settle(world, slot);
}

/** The segment is thrown away before any connection has seen it. */
function discardArrived(world: World, host: Host, id: SegmentId, rule: RuleId, sink: EventSink): void {
  if (!wantsDetail(sink)) return;
  const cause: Cause = { rule, line: lineOfRecord(world.records, id), trigger: { kind: 'segment', segment: id } };
  sink({ kind: 'segment-discarded', timeUs: world.timeUs, host: host.config.name, segment: id, cause });
}

/** Why nobody listens to a SYN between such addresses (RFC 9293 section 3.9.2.3); null for any other segment. */
function synProblem({ flags, source, destination }: Segment): RuleId | null {
  if ((flags & FLAG.SYN) === 0) return null;
  if (!isHostAddress(destination.address)) return 'syn-to-many';
  return isHostAddress(source.address) ? null : 'syn-from-nobody';
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
