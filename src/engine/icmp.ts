import type { Segment } from './segment';

/**
 * What an ICMP error message means to a TCP (RFC 9293 section 3.9.2.2, RFC 5927 section 2): the path takes no datagram of
 * this size; a trouble that may pass (soft); one that will not (hard); or nothing at all (source quench).
 */
export type IcmpClass = 'path-mtu' | 'soft' | 'hard' | 'ignored';

/** One kind of ICMP error message. */
export interface IcmpKindEntry {
  readonly class: IcmpClass;
  /** For people: `fragmentation needed`. Soft and hard ones are told to the application in these words. */
  readonly text: string;
  /** Type and code of ICMP (RFC 792). */
  readonly v4: readonly [type: number, code: number];
  /** Type and code of ICMPv6 (RFC 4443); null where it has no such message. */
  readonly v6: readonly [type: number, code: number] | null;
}

/** The ICMP error messages that a TCP can be told of a segment that it sent. */
export const ICMP_KINDS = {
  'fragmentation-needed': { class: 'path-mtu', text: 'fragmentation needed', v4: [3, 4], v6: [2, 0] },
  'network-unreachable': { class: 'soft', text: 'network unreachable', v4: [3, 0], v6: [1, 0] },
  'host-unreachable': { class: 'soft', text: 'host unreachable', v4: [3, 1], v6: [1, 3] },
  'source-route-failed': { class: 'soft', text: 'source route failed', v4: [3, 5], v6: [1, 7] },
  'time-exceeded': { class: 'soft', text: 'time exceeded', v4: [11, 0], v6: [3, 0] },
  'parameter-problem': { class: 'soft', text: 'parameter problem', v4: [12, 0], v6: [4, 0] },
  'protocol-unreachable': { class: 'hard', text: 'protocol unreachable', v4: [3, 2], v6: [4, 1] },
  'port-unreachable': { class: 'hard', text: 'port unreachable', v4: [3, 3], v6: [1, 4] },
  'source-quench': { class: 'ignored', text: 'source quench', v4: [4, 0], v6: null },
} as const satisfies Record<string, IcmpKindEntry>;

/** The name of a kind, as scripts write it. */
export type IcmpKind = keyof typeof ICMP_KINDS;

/** What an application is told of an ICMP error, soft or hard (RFC 9293 section 3.9.1.8). */
export type IcmpError = {
  [K in IcmpKind]: (typeof ICMP_KINDS)[K]['class'] extends 'soft' | 'hard' ? (typeof ICMP_KINDS)[K]['text'] : never;
}[IcmpKind];

/** Counts the ICMP messages of a world from 1, in the order in which they came to be. */
export type IcmpId = number;

/** An ICMP error message as the IP layer hands it up. Immutable. */
export interface IcmpMessage {
  readonly kind: IcmpKind;
  /** For `fragmentation-needed`: the next-hop MTU in bytes, 0 where an old router does not tell (RFC 1191 section 5). */
  readonly mtuBytes: number;
  /** The segment that it is about, as far as the message can quote it. */
  readonly quoted: Segment;
}

/** Whether a word names a kind. */
export function isIcmpKind(word: string): word is IcmpKind {
  return Object.hasOwn(ICMP_KINDS, word);
}

/** A message in a few words: `fragmentation needed, MTU 1400`. */
export function icmpText({ kind, mtuBytes }: Pick<IcmpMessage, 'kind' | 'mtuBytes'>): string {
  const { text } = ICMP_KINDS[kind];
  return mtuBytes > 0 ? `${text}, MTU ${mtuBytes}` : text;
}
