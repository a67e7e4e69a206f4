import type { RuleId } from '../../src/engine/rules';
import { FLAG, segLen } from '../../src/engine/segment';
import { type Seq, seqAdd, seqLeq, seqMax } from '../../src/engine/seq';
import type { OurFrame } from './captures';
import type { Dissected } from './tshark';

/** What the latest frame of a side said. */
interface Latest {
  readonly timeUs: number;
  readonly ack: Seq;
  readonly duplicateAck: number | null;
}

/** A frame with what both sides say of it, and what came before it in the same connection. */
export interface Judged {
  readonly ours: OurFrame;
  readonly theirs: Dissected;
  /** A forged segment has been seen in this connection, or this is one. */
  readonly forged: boolean;
  /** The latest frame of the other side; null before the first. */
  readonly lastOfOther: Latest | null;
  /** The number after the highest one that the other side has sent; null before its first. */
  readonly otherNext: Seq | null;
}

/** The four marks that both sides know. */
export const SHARED_MARKS = {
  retransmission: (theirs: Dissected) => theirs.retransmission,
  'fast-retransmission': (theirs: Dissected) => theirs.fastRetransmission,
  'duplicate-ack': (theirs: Dissected) => theirs.duplicateAck !== null,
  'zero-window': (theirs: Dissected) => theirs.zeroWindow,
} as const;

/** A mark that both sides know. */
export type SharedMark = keyof typeof SHARED_MARKS;

/** All of them. */
export const SHARED = Object.keys(SHARED_MARKS) as readonly SharedMark[];

/** Why an octet goes that went as a window probe before. */
const PROBES: readonly RuleId[] = ['window-probe', 'resend-after-probe'];

/** How long after an ACK Wireshark takes a segment to be its answer (`packet-tcp.c`). */
const FAST_US = 20_000;

/**
 * Where Wireshark, which sees nothing but the wire, guesses otherwise than what the TCPs did: which mark it is about,
 * whose it is, and whether a frame is such a case.
 */
export const DIFFERENCES: Readonly<
  Record<
    string,
    {
      readonly why: string;
      readonly marks: readonly SharedMark[];
      readonly whose: 'ours' | 'theirs' | 'either';
      readonly applies: (judged: Judged) => boolean;
    }
  >
> = {
  forged: {
    why: 'Wireshark takes a forged segment for one of the host whose address it bears, and counts on from it.',
    marks: ['retransmission', 'duplicate-ack', 'fast-retransmission', 'zero-window'],
    whose: 'either',
    applies: ({ forged }) => forged,
  },
  'nothing on its way': {
    why: 'RFC 5681 section 2 calls an ACK a duplicate only while something is on its way; Wireshark whenever it repeats.',
    marks: ['duplicate-ack'],
    whose: 'theirs',
    applies: ({ ours, otherNext }) => otherNext !== null && seqLeq(otherNext, ours.record.segment.ack),
  },
  'simultaneous open': {
    why: 'The SYN of this SYN-ACK was sent before, but it is no retransmission: it acknowledges the SYN of the other side.',
    marks: ['retransmission'],
    whose: 'theirs',
    applies: ({ ours }) => ours.record.cause.rule === 'syn-sent-simultaneous',
  },
  'window probe': {
    why: 'For Wireshark the octet of a window probe was never sent, however often it goes.',
    marks: ['retransmission'],
    whose: 'ours',
    applies: ({ ours }) => PROBES.includes(ours.record.cause.rule),
  },
  'taken for overtaken': {
    why: 'What comes within a round trip of newer data Wireshark takes for a segment that was overtaken.',
    marks: ['retransmission', 'fast-retransmission'],
    whose: 'ours',
    applies: ({ theirs }) => theirs.outOfOrder,
  },
  'no duplicate ACKs just before': {
    why: 'A partial ACK, or time (RACK), also shows a loss; Wireshark wants two duplicate ACKs of its number, the last within 20 ms.',
    marks: ['fast-retransmission'],
    whose: 'ours',
    applies: ({ ours, theirs, lastOfOther }) =>
      theirs.retransmission &&
      lastOfOther !== null &&
      ((lastOfOther.duplicateAck ?? 0) < 2 ||
        ours.record.timeUs - lastOfOther.timeUs >= FAST_US ||
        lastOfOther.ack !== ours.record.segment.seq),
  },
};

/** Puts together what both sides say, frame by frame, with what the differences depend on. */
export function judge(frames: readonly OurFrame[], dissected: readonly Dissected[]): Judged[] {
  const forged = new Set<string>();
  const last = new Map<string, Latest>();
  const next = new Map<string, Seq>();
  return frames.flatMap((ours, index) => {
    const theirs = dissected[index];
    if (theirs === undefined) return [];
    const { source, destination, seq, ack, flags } = ours.record.segment;
    const here = `${ours.run} ${source.address}:${source.port} ${destination.address}:${destination.port}`;
    const there = `${ours.run} ${destination.address}:${destination.port} ${source.address}:${source.port}`;
    if (ours.record.injected) forged.add(here).add(there);
    const judged: Judged = {
      ours,
      theirs,
      forged: forged.has(here),
      lastOfOther: last.get(there) ?? null,
      otherNext: next.get(there) ?? null,
    };
    last.set(here, {
      timeUs: ours.record.timeUs,
      ack,
      duplicateAck: theirs.duplicateAck,
    });
    const end = seqAdd(seq, segLen(ours.record.segment));
    const before = next.get(here);
    if ((flags & FLAG.RST) === 0) next.set(here, before === undefined ? end : seqMax(before, end));
    return judged;
  });
}

/** The marks about which both sides disagree, and the reason; null where the table has none. */
export function disagreements(judged: Judged): { readonly mark: SharedMark; readonly reason: string | null }[] {
  const { ours, theirs } = judged;
  return SHARED.flatMap((mark) => {
    const isOurs = ours.marked.marks.includes(mark);
    const sameNumber = mark !== 'duplicate-ack' || ours.marked.duplicateAck === theirs.duplicateAck;
    if (isOurs === SHARED_MARKS[mark](theirs) && sameNumber) return [];
    const whose = isOurs ? 'ours' : 'theirs';
    const reason = Object.entries(DIFFERENCES).find(
      ([, one]) => one.marks.includes(mark) && (one.whose === whose || one.whose === 'either') && one.applies(judged),
    );
    return [{ mark, reason: reason?.[0] ?? null }];
  });
}
