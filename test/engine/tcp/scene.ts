import type { HostConfig } from '../../../src/engine/config';
import { type Seq, seqAdd } from '../../../src/engine/seq';
import { type AckNews, freshNews } from '../../../src/engine/tcp/recovery/scoreboard';
import { entryAt, outstandingSegments, pushSent } from '../../../src/engine/tcp/retransmissionQueue';
import { type Bench, inState, peerSegment, rulesOf } from './harness';

/** The size of each segment. */
export const MSS = 1000;
/** When a timer expires that does not run; a window without bounds. */
export const NEVER = Number.POSITIVE_INFINITY;

/** When the first segment of a scene left; each further one leaves a millisecond later. */
export const LEFT_US = 10_000_000;

/** A bench whose retransmission queue was filled by hand. */
export interface Scene extends Bench {
  /** The sequence number of the n-th segment. */
  at(index: number): Seq;
}

/**
 * ESTABLISHED, with one segment of 1000 bytes on its way for each letter: `.` on its way, `s` SACKed, `l` lost, `r` lost and
 * sent again, `2` sent twice. It is 50 ms after the first left.
 */
export function scene(letters: string, config: Partial<HostConfig> & { sacks?: boolean } = {}): Scene {
  const { sacks = false, ...overrides } = config;
  const b = inState('ESTABLISHED', { mssBytes: MSS, ...overrides });
  b.tcb.options.sack = sacks;
  const at = (index: number): Seq => seqAdd(b.iss, 1 + index * MSS);
  for (const [index, letter] of [...letters].entries()) {
    pushSent(b.tcb.retransmissionQueue, {
      seq: at(index),
      lengthBytes: MSS,
      flags: 0,
      sentAtUs: LEFT_US + index * 1000,
      order: 10 + index,
      transmissions: letter === 'r' || letter === '2' ? 2 : 1,
      line: null,
      sacked: letter === 's',
      lost: letter === 'l' || letter === 'r',
      resent: letter === 'r',
    });
  }
  b.tcb.snd.nxt = at(letters.length);
  b.tcb.snd.max = at(letters.length);
  b.tcb.congestion.cwndBytes = 10 * MSS;
  b.ctx.nowUs = LEFT_US + 50_000;
  return { ...b, at };
}

/** The marks of what is on its way, one letter each. */
export function marks(b: Bench): string {
  const queue = b.tcb.retransmissionQueue;
  return Array.from({ length: outstandingSegments(queue) }, (_, index) => {
    const sent = entryAt(queue, index);
    if (sent === null) return '?';
    if (sent.sacked) return 's';
    return sent.lost ? (sent.resent ? 'r' : 'l') : '.';
  }).join('');
}

/** What an ACK tells, nothing but these fields. */
export const newsOf = (b: Bench, fields: Partial<AckNews> = {}): AckNews => ({
  ...freshNews(b.tcb, peerSegment(b, 'ACK'), false),
  ...fields,
});

/** The rules of the notes so far. */
export const notes = (b: Bench): string[] => rulesOf(b, 'note');
