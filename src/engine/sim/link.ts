import type { LinkConfig } from '../config';
import type { SegmentId } from '../events';
import type { IcmpId } from '../icmp';
import type { RuleId } from '../rules';
import type { RandomState } from './random';
import { cloneRandom, createRandom, nextChance, nextInteger } from './random';

/** The total length field of IPv4 ends here (RFC 791 section 3.1), whatever the link could carry. */
const MAX_DATAGRAM_BYTES = 65_535;

/** A segment that waits in flight. */
export interface WaitingSegment {
  readonly id: SegmentId;
  /** When it would have arrived: it never arrives sooner. */
  readonly dueUs: number;
}

/** An ICMP message that waits in flight. */
export interface WaitingIcmp {
  readonly id: IcmpId;
  readonly dueUs: number;
}

/** One direction between two hosts. */
export interface LinkState {
  /** Replaced, never changed. */
  config: LinkConfig;
  /** The script line that last changed it; null for none. */
  line: number | null;
  /** When the last segment so far has left a link with a rate. Not rounded, so that rounding never adds up. */
  freeAtUs: number;
  /** When each segment that waited for the link starts (or started) to leave, ascending; from `startsHead` on they are of interest. */
  startsUs: number[];
  startsHead: number;
  random: RandomState;
  /** The `hold` in force; null for none. */
  hold: { readonly line: number | null } | null;
  /** Segments that wait for `release`, in order of arrival; replaced, never changed. */
  held: readonly WaitingSegment[];
  /** ICMP messages that wait for `release`, by their ids; replaced, never changed. */
  heldIcmp: readonly WaitingIcmp[];
  /** Segments that wait until another one has overtaken them; replaced, never changed. */
  overtaken: readonly WaitingSegment[];
}

/** How a link treats one segment. */
export interface Passage {
  /** The rule by which the link lost it; null when it did not. */
  readonly lost: RuleId | null;
  /** When it arrives or would have arrived, in whole microseconds. */
  readonly arriveUs: number;
  /** The rule by which chance touched it otherwise; null when it did not. */
  readonly touched: 'link-duplicate' | 'link-reorder' | 'link-corrupt' | null;
}

/** An idle link; `stream` tells its chances from those of other links of the same seed. */
export function createLink(config: LinkConfig, seed: number, stream: number): LinkState {
  return {
    config,
    line: null,
    freeAtUs: 0,
    startsUs: [],
    startsHead: 0,
    random: createRandom(seed, stream),
    hold: null,
    held: [],
    heldIcmp: [],
    overtaken: [],
  };
}

/** A copy that goes its own way. */
export function cloneLink(link: LinkState): LinkState {
  return { ...link, startsUs: link.startsUs.slice(link.startsHead), startsHead: 0, random: cloneRandom(link.random) };
}

/** How long a datagram takes to leave: its bits by the rate, in microseconds, not rounded; 0 without a rate. */
export function serialisationUs(config: LinkConfig, datagramBytes: number): number {
  return config.rateBps === null ? 0 : (datagramBytes * 8_000_000) / config.rateBps;
}

/**
 * Sends an IP datagram of this size into the link at `nowUs`. Chances are drawn in a fixed order: loss, duplicate,
 * reorder, corrupt, jitter. A segment takes its own jitter, so that later ones may overtake it, as Linux's netem has it.
 */
export function enterLink(link: LinkState, nowUs: number, datagramBytes: number): Passage {
  const { config, random } = link;
  const refused = refusal(link, nowUs, datagramBytes);
  if (refused !== null) return { lost: refused, arriveUs: Math.ceil(nowUs + config.delayUs), touched: null };
  const leftUs = serialise(link, nowUs, datagramBytes);
  const lost = nextChance(random, config.loss);
  const touched = chanceTouch(link);
  // The detour of a reordered segment is one more link delay, at least 1 ms so that there is one on a link without delay.
  const detourUs = touched === 'link-reorder' ? Math.max(config.delayUs, 1000) : 0;
  const arriveUs = Math.ceil(leftUs + config.delayUs + detourUs) + nextInteger(random, config.jitterUs);
  return { lost: lost ? 'link-loss' : null, arriveUs, touched };
}

/**
 * Sends a datagram of this size off from the router half-way along the link: it has no queue, and half the way before it.
 * A damaged one counts as lost. Draws for loss, corruption and jitter.
 */
export function enterHalfWay({ config, random }: LinkState, nowUs: number, datagramBytes: number): Passage {
  const isLost = nextChance(random, config.loss);
  const isDamaged = nextChance(random, config.corrupt);
  const travelUs = serialisationUs(config, datagramBytes) + Math.floor(config.delayUs / 2);
  const arriveUs = Math.ceil(nowUs + travelUs) + nextInteger(random, config.jitterUs);
  return { lost: isLost ? 'link-loss' : isDamaged ? 'link-corrupt' : null, arriveUs, touched: null };
}

function chanceTouch({ config, random }: LinkState): Passage['touched'] {
  const duplicated = nextChance(random, config.duplicate);
  const reordered = nextChance(random, config.reorder);
  const corrupted = nextChance(random, config.corrupt);
  if (corrupted) return 'link-corrupt';
  if (reordered) return 'link-reorder';
  return duplicated ? 'link-duplicate' : null;
}

function refusal(link: LinkState, nowUs: number, datagramBytes: number): RuleId | null {
  const { config } = link;
  if (!config.up) return 'link-down';
  if (datagramBytes > Math.min(config.mtuBytes, MAX_DATAGRAM_BYTES)) return 'link-mtu';
  if (config.rateBps === null || config.queueSegments === null) return null;
  return waitingSegments(link, nowUs) >= config.queueSegments && link.freeAtUs > nowUs ? 'link-queue-full' : null;
}

/** How many segments wait at `nowUs`, which never goes back, for a link with a rate; the one that is leaving is not among them. */
export function waitingSegments(link: LinkState, nowUs: number): number {
  const { startsUs } = link;
  while (link.startsHead < startsUs.length && (startsUs[link.startsHead] ?? 0) <= nowUs) link.startsHead++;
  return startsUs.length - link.startsHead;
}

/** Takes the link for the time that the datagram needs; when its last bit has left. */
function serialise(link: LinkState, nowUs: number, datagramBytes: number): number {
  if (link.config.rateBps === null) return nowUs;
  const startUs = Math.max(nowUs, link.freeAtUs);
  if (startUs > nowUs) {
    dropStarted(link, nowUs);
    link.startsUs.push(startUs);
  }
  link.freeAtUs = startUs + serialisationUs(link.config, datagramBytes);
  return link.freeAtUs;
}

/** Now and then the places of segments that have started to leave are dropped, in bulk. */
function dropStarted(link: LinkState, nowUs: number): void {
  const waiting = waitingSegments(link, nowUs);
  if (link.startsHead < 64 || link.startsHead < waiting) return;
  link.startsUs = link.startsUs.slice(link.startsHead);
  link.startsHead = 0;
}
