import type { Seq } from './seq';

/** How one host's TCP is set up. Every field has a default in {@link DEFAULT_HOST}. */
export interface HostConfig {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Initial send sequence number of the first connection; null chooses one from the seed (RFC 9293 section 3.4.1). */
  readonly isn: Seq | null;
  /** The MSS that it announces and the most payload it can take in a segment (RFC 9293 section 3.7.1). */
  readonly mssBytes: number;
  /** Receive buffer: the largest window that it offers, 0 to 65535 as long as windows are not scaled. */
  readonly rcvbufBytes: number;
  /** Send buffer: how much a SEND may queue before it must wait. */
  readonly sndbufBytes: number;
  /** Maximum segment lifetime (RFC 9293 section 3.4.2: 2 minutes; the default here is 30 s so that lessons stay short). */
  readonly mslUs: number;
  /** Lower bound of the RTO (RFC 6298 section 2.4). */
  readonly rtoMinUs: number;
  /** RTO before the first sample (RFC 6298 section 2.1). */
  readonly rtoInitialUs: number;
  /** Upper bound of the RTO (RFC 6298 section 2.5). */
  readonly rtoMaxUs: number;
  /** R2 for SYNs: how many times a SYN is retransmitted before the attempt is given up (RFC 9293 section 3.8.3, MUST-23). */
  readonly synRetries: number;
  /** R2 for data: how many times a segment is retransmitted before the connection is given up (RFC 9293 section 3.8.3). */
  readonly retries: number;
  /** Default user timeout of OPEN; null for none beyond R2 (RFC 9293 section 3.9.1.1). */
  readonly userTimeoutUs: number | null;
  /** The Nagle algorithm (RFC 9293 section 3.7.4, SHLD-7). */
  readonly nagle: boolean;
  /** How long an ACK may be delayed (RFC 9293 section 3.8.6.3, under 0.5 s); null acknowledges at once. */
  readonly delayedAckUs: number | null;
  /** Whether the application reads by itself as data arrives. */
  readonly autoRead: boolean;
}

/** How one direction of the link behaves. */
export interface LinkConfig {
  /** One-way propagation delay. */
  readonly delayUs: number;
  /** Largest extra delay, drawn evenly from 0 to this for each segment. */
  readonly jitterUs: number;
  /** Rate in bits per second of IP bytes; null for an infinitely fast link. */
  readonly rateBps: number | null;
  /** Chances from 0 to 1, drawn for each segment from the seed. */
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly corrupt: number;
  /** How many segments may wait for a link with a rate; null for any number. */
  readonly queueSegments: number | null;
  /** Largest IP datagram; larger ones are lost. */
  readonly mtuBytes: number;
  readonly up: boolean;
}

/** Bounds of a world; a run that meets one says so (events, virtual time). Wall time is the session's concern. */
export interface WorldLimits {
  readonly maxEvents: number;
  readonly maxTimeUs: number;
}

/** Everything that a world is made of. The same configuration and calls give the same world to the byte. */
export interface WorldConfig {
  readonly hosts: readonly HostConfig[];
  /** One entry for each direction between two hosts that differs from `defaultLink`. */
  readonly links: readonly { readonly from: string; readonly to: string; readonly config: LinkConfig }[];
  readonly defaultLink: LinkConfig;
  readonly seed: number;
  readonly limits: WorldLimits;
}

/** The plain choices of `profile rfc`. `name`, `address` and `port` are always given. */
export const DEFAULT_HOST: Omit<HostConfig, 'name' | 'address' | 'port'> = {
  isn: null,
  mssBytes: 1460,
  rcvbufBytes: 65535,
  sndbufBytes: 1_048_576,
  mslUs: 30_000_000,
  rtoMinUs: 1_000_000,
  rtoInitialUs: 1_000_000,
  rtoMaxUs: 60_000_000,
  synRetries: 7,
  retries: 15,
  userTimeoutUs: null,
  nagle: false,
  delayedAckUs: null,
  autoRead: true,
};

/** A link of 10 ms each way that loses nothing. */
export const DEFAULT_LINK: LinkConfig = {
  delayUs: 10_000,
  jitterUs: 0,
  rateBps: null,
  loss: 0,
  duplicate: 0,
  reorder: 0,
  corrupt: 0,
  queueSegments: null,
  mtuBytes: 65_535,
  up: true,
};

/** Bounds that no honest lesson meets. */
export const DEFAULT_LIMITS: WorldLimits = { maxEvents: 1_000_000, maxTimeUs: 86_400_000_000 };
