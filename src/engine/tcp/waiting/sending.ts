import type { RuleId } from '../../rules';
import { inflates, pipeBytes } from '../recovery/state';
import type { Tcb } from '../tcb';
import { nagleHolds } from '../windows';
import type { Facts, Row } from './row';
import { at, bytes, segments } from './row';

/** Something is queued, and a window or a rule about small segments keeps it back. */
export const SENDING: readonly Row[] = [
  {
    rule: 'wait-window-closed',
    holds: 'data',
    applies: ({ tcb, stuck }) => stuck && tcb.snd.wnd === 0,
    numbers: ({ unsent }) => ({ unsentBytes: unsent, sendWindowBytes: 0 }),
    text: ({ unsentBytes: count }, facts) =>
      `The send window is closed: ${bytes(count)} wait${at(facts, 'persist', ', and the persist timer probes the window at')}.`,
    timer: 'persist',
  },
  {
    rule: 'wait-window-full',
    holds: 'data',
    applies: ({ tcb, stuck, usable }) => stuck && tcb.snd.wnd > 0 && usable <= 0,
    numbers: ({ tcb, unsent, usable }) => ({
      unsentBytes: unsent,
      flightBytes: tcb.snd.wnd - usable,
      sendWindowBytes: tcb.snd.wnd,
    }),
    text: ({ unsentBytes: count, flightBytes, sendWindowBytes }, facts) =>
      `The send window of ${bytes(sendWindowBytes)} is used up (${flightBytes} are on their way): ${bytes(count)} wait${at(facts, 'persist', ', and the persist timer probes the window at')}.`,
    timer: 'persist',
  },
  {
    rule: 'wait-prr',
    holds: 'data',
    applies: ({ tcb, stuck, full }) => stuck && full && reducesByQuota(tcb),
    numbers: congestionNumbers,
    text: ({ unsentBytes: count, pipeBytes: pipe, cwndBytes }) =>
      `The quota of this recovery is used up (${pipe} of ${bytes(cwndBytes)} are on their way): ${bytes(count)} wait for the next ACK.`,
  },
  {
    rule: 'wait-limited-transmit',
    holds: 'data',
    applies: ({ tcb, stuck, full }) => stuck && full && limitsTransmit(tcb),
    numbers: ({ tcb, ...facts }) => ({ ...congestionNumbers({ tcb, ...facts }), duplicateAcks: tcb.recovery.dupAcks }),
    text: ({ unsentBytes: count, duplicateAcks }) =>
      `${duplicateAcks === 1 ? 'One duplicate ACK has' : `${duplicateAcks} duplicate ACKs have`} let out as many new segments as limited transmit allows: ${bytes(count)} wait.`,
  },
  {
    rule: 'wait-cwnd',
    holds: 'data',
    applies: ({ tcb, stuck, full }) => stuck && full && !reducesByQuota(tcb) && !limitsTransmit(tcb),
    numbers: congestionNumbers,
    text: ({ unsentBytes: count, pipeBytes: pipe, cwndBytes }) =>
      `The congestion window is used up (${pipe} of ${bytes(cwndBytes)} are on their way): ${bytes(count)} wait for an ACK.`,
  },
  {
    rule: 'wait-nagle',
    holds: 'data',
    applies: ({ tcb, stuck, full, usable, most, mss }) =>
      stuck && !full && usable > 0 && most < mss && tcb.preferences.nagle && nagleHolds(tcb),
    numbers: ({ tcb, unsent }) => ({ unsentBytes: unsent, unacknowledgedBytes: tcb.retransmissionQueue.bytes }),
    text: ({ unsentBytes: count, unacknowledgedBytes }) =>
      `Nagle's algorithm holds ${bytes(count)}, less than a full segment, until the ${bytes(unacknowledgedBytes)} on their way are acknowledged.`,
  },
  {
    rule: 'wait-silly-window',
    holds: 'data',
    applies: ({ tcb, stuck, full, usable, most, mss }) =>
      stuck && !full && usable > 0 && most < mss && !(tcb.preferences.nagle && nagleHolds(tcb)),
    numbers: ({ tcb, unsent, usable, mss }) => ({
      unsentBytes: unsent,
      usableBytes: usable,
      mssBytes: mss,
      largestWindowBytes: tcb.snd.maxWnd,
    }),
    text: ({ unsentBytes: count, usableBytes, mssBytes }, facts) =>
      `The window has room for ${bytes(usableBytes)} only, less than a full segment of ${mssBytes}: ${bytes(count)} wait${at(facts, 'persist', ', at most until')}.`,
    timer: 'persist',
  },
  lost(
    'wait-frto',
    ({ recovery }) => recovery.newDataFirst,
    ({ lostSegments }) =>
      `${segments(lostSegments)} may be lost; new data goes first, to find out whether the timeout was a false alarm.`,
  ),
  lost('wait-lost-window', (tcb) => !tcb.recovery.newDataFirst && !recoversBySacks(tcb), lostText),
  lost('wait-lost-cwnd', (tcb) => !tcb.recovery.newDataFirst && recoversBySacks(tcb), lostText),
];

/** Something that is taken to be lost has not gone again yet, for the reason that the rule names. */
function lost(rule: RuleId, applies: (tcb: Tcb) => boolean, text: Row['text']): Row {
  return {
    rule,
    holds: 'lost',
    applies: ({ tcb }) => tcb.retransmissionQueue.lostSegments > tcb.retransmissionQueue.resentSegments && applies(tcb),
    numbers: ({ tcb }) => ({
      lostSegments: tcb.retransmissionQueue.lostSegments - tcb.retransmissionQueue.resentSegments,
      pipeBytes: pipeBytes(tcb),
      cwndBytes: tcb.congestion.cwndBytes,
    }),
    text,
  };
}

function lostText({ lostSegments, pipeBytes: pipe, cwndBytes }: Readonly<Record<string, number>>): string {
  return `${segments(lostSegments)} taken to be lost ${lostSegments === 1 ? 'waits' : 'wait'} for room in the congestion window (${pipe} of ${bytes(cwndBytes)} are on their way).`;
}

/** What is lost is known by SACKs, and not by a timeout. */
function recoversBySacks({ options, recovery }: Tcb): boolean {
  return options.sack && recovery.phase !== 'loss';
}

/** PRR is at work: cwnd is a quota. */
function reducesByQuota({ config, recovery }: Tcb): boolean {
  return config.prr && (recovery.phase === 'recovery' || recovery.phase === 'reducing');
}

/** The first duplicate ACKs have come, and limited transmit lets out a segment for each. */
function limitsTransmit(tcb: Tcb): boolean {
  const { phase, dupAcks } = tcb.recovery;
  return phase === 'disorder' && dupAcks > 0 && tcb.config.limitedTransmit && inflates(tcb);
}

function congestionNumbers({ tcb, unsent }: Facts): Record<string, number> {
  return { unsentBytes: unsent, pipeBytes: pipeBytes(tcb), cwndBytes: tcb.congestion.cwndBytes };
}
